package io.github.atomicwaker.stress.soak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.stress.soak.Soak.Settings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;

/** The settings of a run of a second, and what it prints. */
final class ShortRun {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  final PrintStream out = new PrintStream(printed, true, UTF_8);
  final Console console = new Console(out, false);

  static Settings settings(int threads) {
    return new Settings(1, threads, 1, Duration.ofSeconds(1));
  }

  String text() {
    return printed.toString(UTF_8);
  }

  String lastLine() {
    return text().strip().lines().reduce("", (previous, line) -> line);
  }

  void assertPrinted(String expected) {
    assertContains(text(), expected);
  }

  static void assertContains(String text, String expected) {
    assertTrue(text.contains(expected), () -> expected + " is not in: " + text);
  }
}
