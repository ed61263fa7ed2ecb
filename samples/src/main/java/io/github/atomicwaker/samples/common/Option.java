package io.github.atomicwaker.samples.common;

/** A whole number. */
public record Option(String name, int preset, int min, int max, String about) implements Setting {

  @Override
  public String usual() {
    return "%,d".formatted(preset);
  }

  public int value() throws Failure {
    String text = System.getProperty(name, "").strip();
    if (text.isEmpty()) {
      return preset;
    }
    try {
      int value = Integer.parseInt(text);
      if (min <= value && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // The message is the same.
    }
    throw new Failure(
        Failure.USAGE,
        "-D%s=%s: it takes a whole number from %,d to %,d (%s)"
            .formatted(name, text, min, max, about));
  }
}
