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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs the samples that the first argument names; without one, the main sample. */
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
   * Runs samples one after the other, and exits with 0 if all that they check was right.
   *
   * @param args the names of samples, with commas between them, or {@code help}
   * @throws Exception if the sample breaks down
   */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ENGLISH);
    String names = args.length == 0 ? SAMPLES.get(0).name() : args[0];
    try {
      run(names, System.out, inTerminal());
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

  static void run(String names, PrintStream out, boolean terminal) throws Exception {
    if (names.equals("help") || names.equals("--help")) {
      out.print(help());
      return;
    }
    for (Sample sample : all(names)) {
      sample.body().run(new Console(out, terminal));
    }
  }

  /** Returns the samples that these names with commas between them mean, or throws. */
  static List<Sample> all(String names) throws Failure {
    List<Sample> samples = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      samples.add(named(name));
    }
    return samples;
  }

  private static Sample named(String name) throws Failure {
    for (Sample sample : SAMPLES) {
      if (sample.name().equalsIgnoreCase(name)) {
        return sample;
      }
    }
    throw new Failure(Failure.USAGE, "There is no sample \"%s\".%n%n%s".formatted(name, help()));
  }

  private static String help() {
    StringBuilder help = new StringBuilder();
    help.append("mvn -q compile exec:exec -Dsample=NAME,… runs these samples:%n".formatted());
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
