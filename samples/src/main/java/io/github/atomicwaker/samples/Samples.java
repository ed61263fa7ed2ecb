package io.github.atomicwaker.samples;

import io.github.atomicwaker.samples.buffer.BoundedBuffer;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Sample;
import io.github.atomicwaker.samples.common.Setting;
import io.github.atomicwaker.samples.disruptor.DisruptorWaitStrategy;
import io.github.atomicwaker.samples.mailbox.Mailboxes;
import io.github.atomicwaker.samples.metrics.Metrics;
import io.github.atomicwaker.samples.multiplexer.Multiplexer;
import io.github.atomicwaker.samples.netty.NettyBridge;
import io.github.atomicwaker.samples.redis.RedisPipeline;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Runs the sample that is named by the first argument; without one, the main sample. */
public final class Samples {

  private static final List<Sample> SAMPLES =
      List.of(
          Multiplexer.SAMPLE,
          Metrics.SAMPLE,
          NettyBridge.SAMPLE,
          BoundedBuffer.SAMPLE,
          Mailboxes.SAMPLE,
          DisruptorWaitStrategy.SAMPLE,
          RedisPipeline.SAMPLE);

  private Samples() {}

  /**
   * Runs a sample, and exits with 0 if all that it checks was right.
   *
   * @param args the name of the sample, or {@code help}
   * @throws Exception if the sample breaks down
   */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ENGLISH);
    String name = args.length == 0 ? SAMPLES.get(0).name() : args[0];
    try {
      run(name, System.out, inTerminal());
    } catch (Failure failure) {
      System.out.flush();
      System.err.println();
      System.err.println(failure.getMessage());
      if (failure.getCause() != null) {
        failure.getCause().printStackTrace();
      }
      System.exit(failure.status);
    }
  }

  /** With {@code -Djdk.console=java.base}, as the root pom sets it, this holds on any JDK. */
  @SuppressWarnings("SystemConsoleNull") // Console.isTerminal is newer than 21
  private static boolean inTerminal() {
    return System.console() != null;
  }

  static void run(String name, PrintStream out, boolean terminal) throws Exception {
    if (name.equals("help") || name.equals("--help")) {
      out.print(help());
      return;
    }
    for (Sample sample : SAMPLES) {
      if (sample.name().equalsIgnoreCase(name)) {
        sample.body().run(new Console(out, terminal));
        return;
      }
    }
    throw new Failure(Failure.USAGE, "There is no sample \"%s\".%n%n%s".formatted(name, help()));
  }

  private static String help() {
    StringBuilder help = new StringBuilder();
    help.append("mvn -q compile exec:exec -Dsample=NAME runs one of these samples:%n".formatted());
    for (Sample sample : SAMPLES) {
      help.append("%n  %-21s  %s%n".formatted(sample.name(), sample.about()));
      for (Setting setting : sample.settings()) {
        help.append(
            "    %-19s  %s (%s)%n"
                .formatted("-D" + setting.name(), setting.about(), setting.usual()));
      }
    }
    return help.toString();
  }
}
