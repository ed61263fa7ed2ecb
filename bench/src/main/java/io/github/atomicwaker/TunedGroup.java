package io.github.atomicwaker;

import java.util.List;

/**
 * Groups with one constant of the wait policy changed. In the library's package, since its users
 * have no say in this.
 */
public final class TunedGroup {

  /** Each constant, less and more than it is. */
  public static final List<String> CHANGES =
      List.of(
          "fewestSpins 4",
          "fewestSpins 64",
          "mostSpins 64",
          "mostSpins 1024",
          "longestSpin 500",
          "longestSpin 8000",
          "waitsPerTry 16",
          "waitsPerTry 4096",
          "yields 0",
          "yields 1",
          "yields 4");

  private TunedGroup() {}

  /**
   * Makes a group.
   *
   * @param change the name of a constant, and its value
   */
  public static WakerGroup of(String change) {
    String[] words = change.split(" ", 2);
    Change tuned = new Change(words[0], Integer.parseInt(words[1]));
    WaitPolicy usual = WaitPolicy.ADAPTIVE;
    return new WakerGroup(
        change,
        new WaitPolicy(
            tuned.or("fewestSpins", usual.fewestSpins()),
            tuned.or("mostSpins", usual.mostSpins()),
            tuned.or("longestSpin", (int) usual.longestSpin()),
            tuned.or("waitsPerTry", usual.waitsPerTry()),
            tuned.or("yields", usual.yields())));
  }

  private record Change(String constant, int value) {
    int or(String name, int usual) {
      return name.equals(constant) ? value : usual;
    }
  }
}
