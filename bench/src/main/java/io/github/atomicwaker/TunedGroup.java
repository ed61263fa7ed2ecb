package io.github.atomicwaker;

import static java.util.stream.Collectors.toMap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Groups with some constants of the wait policy changed. In the library's package, since its users
 * have no say in this.
 */
public final class TunedGroup {

  /** Other values of each constant, as far as the others allow. */
  public static final List<String> CHANGES =
      List.of(
          "mostSpins 128",
          "mostSpins 2048",
          "turnsPerPause 1",
          "turnsPerPause 16",
          "longestSpin 1000",
          "longestSpin 16000 and mostSpins 2048",
          "longestYield 0",
          "longestYield 6000",
          "longestYield 100000",
          "slowYield 500000",
          "slowYield 100000000",
          "yieldPeriod 30000",
          "yieldPeriod 2000000",
          "mostFailures 4",
          "mostFailures 8",
          "mostFailures 12");

  private TunedGroup() {}

  /**
   * Makes a group.
   *
   * @param changes names of constants, each with its value, with "and" between
   */
  public static WakerGroup of(String changes) {
    Map<String, Integer> tuned =
        Arrays.stream(changes.split(" and "))
            .map(change -> change.split(" ", 2))
            .collect(toMap(change -> change[0], change -> Integer.valueOf(change[1])));
    WaitPolicy usual = WaitPolicy.ADAPTIVE;
    return new WakerGroup(
        changes,
        new WaitPolicy(
            tuned.getOrDefault("mostSpins", usual.mostSpins),
            tuned.getOrDefault("turnsPerPause", usual.turnsPerPause),
            tuned.getOrDefault("longestSpin", (int) usual.longestSpin),
            tuned.getOrDefault("longestYield", (int) usual.longestYield),
            tuned.getOrDefault("slowYield", (int) usual.slowYield),
            tuned.getOrDefault("busyYield", (int) usual.busyYield),
            tuned.getOrDefault("yieldPeriod", (int) usual.yieldPeriod),
            tuned.getOrDefault("mostFailures", usual.mostFailures)),
        null);
  }
}
