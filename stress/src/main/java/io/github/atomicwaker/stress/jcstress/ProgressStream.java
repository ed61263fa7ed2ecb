package io.github.atomicwaker.stress.jcstress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes what jcstress prints into a log, since it reports every control as a failure and at length,
 * and prints one line of progress now and then.
 */
final class ProgressStream extends OutputStream {

  private static final Pattern ETA = Pattern.compile("\\(ETA: (.*)\\)");
  private static final Pattern RESULTS =
      Pattern.compile(
          "\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs\\)");
  private static final long INTERVAL_NANOS = 15_000_000_000L;

  private final PrintStream console;
  private final OutputStream log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String eta = "";
  private int planned;
  private long printed = System.nanoTime() - INTERVAL_NANOS;

  ProgressStream(PrintStream console, OutputStream log) {
    this.console = console;
    this.log = log;
  }

  /** How many forks jcstress meant to start. */
  synchronized int planned() {
    return planned;
  }

  @Override
  public synchronized void write(int b) throws IOException {
    log.write(b);
    if (b == '\n') {
      look(line.toString(UTF_8));
      line.reset();
    } else {
      line.write(b);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    log.flush();
  }

  private void look(String said) {
    Matcher etaMatcher = ETA.matcher(said);
    if (etaMatcher.find()) {
      eta = etaMatcher.group(1);
    } else if (said.startsWith("FATAL")) {
      console.println(said);
    }
    Matcher results = RESULTS.matcher(said);
    if (!results.find()) {
      return;
    }
    planned = Integer.parseInt(results.group(1));
    int done = 0;
    for (int group = 2; group <= results.groupCount(); group++) {
      done += Integer.parseInt(results.group(group));
    }
    if (done == planned || System.nanoTime() - printed >= INTERVAL_NANOS) {
      printed = System.nanoTime();
      console.printf("  %d of %d forks, ends %s%n", done, planned, eta);
      console.flush();
    }
  }
}
