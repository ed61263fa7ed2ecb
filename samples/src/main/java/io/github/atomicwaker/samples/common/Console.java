package io.github.atomicwaker.samples.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * What a sample prints. In a terminal, the last line shows what goes on at the moment, and is
 * overwritten; in a pipe or a file it is printed about once a second.
 */
public final class Console {
  private final PrintStream out;
  private final boolean terminal;
  private int shown;
  private long printed = System.nanoTime();

  public Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Prints a line to stay. */
  public void line(String text) {
    if (shown > 0) {
      show("");
      out.print('\r');
    }
    out.println(text);
    out.flush();
    printed = System.nanoTime();
  }

  /** Shows a line that the next one replaces. */
  public void live(String text) {
    if (terminal) {
      show(text);
    } else if (System.nanoTime() - printed >= TimeUnit.SECONDS.toNanos(1)) {
      line(text);
    }
  }

  public boolean inTerminal() {
    return terminal;
  }

  /** Lets another process print. Returns when that has ended its output. */
  public void copy(InputStream output) throws IOException {
    output.transferTo(out);
  }

  private void show(String text) {
    out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
    out.flush();
    shown = text.length();
  }
}
