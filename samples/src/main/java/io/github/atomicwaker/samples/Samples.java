package io.github.atomicwaker.samples;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Runs the sample that is named by the first argument; without one, the main sample. */
public final class Samples {

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample(
              "Multiplexer",
              "many virtual threads share one TCP connection",
              Multiplexer.OPTIONS,
              Multiplexer::main),
          new Sample(
              "Metrics",
              "its load, with metrics on HTTP and a page that draws them",
              Metrics.OPTIONS,
              Metrics::main),
          new Sample(
              "NettyBridge",
              "a Netty server with a blocking handler for each of 10,000 connections",
              NettyBridge.OPTIONS,
              NettyBridge::main),
          new Sample(
              "BoundedBuffer",
              "the example of Condition's documentation, and the same on two wakers",
              BoundedBuffer.OPTIONS,
              BoundedBuffer::main),
          new Sample(
              "Mailbox",
              "actors with JCTools' queues, woken at once or in batches, and with blocking queues",
              Mailbox.OPTIONS,
              Mailbox::main),
          new Sample(
              "DisruptorWaitStrategy",
              "an LMAX Disruptor whose consumer waits on a waker",
              DisruptorWaitStrategy.OPTIONS,
              DisruptorWaitStrategy::main),
          new Sample(
              "RedisPipeline",
              "many virtual threads share one connection to Redis",
              RedisPipeline.OPTIONS,
              RedisPipeline::main));

  private record Sample(String name, String about, List<Option> options, Body body) {}

  private interface Body {
    void run(Progress progress) throws Exception;
  }

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
        sample.body().run(new Progress(out, terminal));
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
      for (Option option : sample.options()) {
        help.append(
            "    %-19s  %s (%,d)%n"
                .formatted("-D" + option.name(), option.about(), option.preset()));
      }
    }
    return help.toString();
  }
}
