package io.github.atomicwaker.stress.soak;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/** In a terminal, progress is one line that is overwritten; elsewhere, a line now and then. */
final class Console {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final PrintStream out;
  private final boolean terminal;
  private int shown;
  private long printed = System.nanoTime();

  Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Prints a text to stay. */
  void line(String text) {
    if (shown > 0) {
      show("");
      out.print('\r');
    }
    out.println(text);
    out.flush();
  }

  /** Shows a line that the next one replaces. */
  void live(String text) {
    if (terminal) {
      show(text);
    } else if (System.nanoTime() - printed >= INTERVAL_NANOS) {
      line(text);
      printed = System.nanoTime();
    }
  }

  private void show(String text) {
    out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
    out.flush();
    shown = text.length();
  }
}
