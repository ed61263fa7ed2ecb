package io.github.atomicwaker.samples.multiplexer;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Load;
import io.github.atomicwaker.samples.common.Option;
import io.github.atomicwaker.samples.common.Reply;
import io.github.atomicwaker.samples.common.Request;
import io.github.atomicwaker.samples.common.Rounds;
import io.github.atomicwaker.samples.common.Sample;
import io.github.atomicwaker.samples.common.Workers;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Many virtual threads share one TCP connection to a server that answers out of order. In turn they
 * wait by a {@link io.github.atomicwaker.OneShot} per call and by a lock and condition per call;
 * all the rest is the same.
 */
public final class Multiplexer {
  public static final Option THREADS =
      new Option("threads", 1_000, 1, 100_000, "virtual threads that share the connection");
  public static final Option SEED =
      new Option("seed", 1, 0, Integer.MAX_VALUE, "seed of the order of the replies");
  public static final Sample SAMPLE =
      new Sample(
          "Multiplexer",
          "many virtual threads share one TCP connection",
          List.of(THREADS, Rounds.SECONDS, SEED),
          Multiplexer::main);

  /** The thread that may starve. */
  public static final String STUCK = "stuck-1";

  /** What it asks: the load's requests have other numbers. */
  private static final Request UNANSWERED = new Request(0, STUCK + " asks");

  /** How long a hog computes. */
  private static final Duration BURST = Duration.ofMillis(20);

  private static final int WARM_UP_ROUNDS = 9;
  private static final int ROUNDS = 21;

  private final Connection connection;
  private final Load load;
  private final int threads;
  private final Duration turn;
  private final Console console;
  private final WakerGroup replies = WakerGroup.named("replies");

  Multiplexer(
      Connection connection, int threads, Duration turn, Duration patience, Console console) {
    this.connection = connection;
    this.load = new Load(connection::isPending, threads, patience, console);
    this.threads = threads;
    this.turn = turn;
    this.console = console;
  }

  private static void main(Console console) throws Exception {
    int threads = THREADS.value();
    Duration turn = Rounds.turn(WARM_UP_ROUNDS, ROUNDS, 2);
    try (var server = new ShufflingServer(SEED.value(), replies -> replies);
        var connection = new Connection(server.port(), WakerGroup.named("requests"))) {
      new Multiplexer(connection, threads, turn, Load.PATIENCE, console)
          .run(WARM_UP_ROUNDS, ROUNDS);
    }
  }

  /**
   * Runs the same load for a while, with wakers of these groups. When this returns, no thread waits
   * and no waker counts any more.
   *
   * @param stuck whether one more thread, {@value #STUCK}, asks, and the server never replies. It
   *     waits until the connection is closed, and is one more wake in either group
   * @param hogs how many of the threads compute for a while after each reply: virtual threads that
   *     do not block keep their carriers
   */
  public static Load load(
      WakerGroup replies,
      WakerGroup requests,
      int threads,
      Duration time,
      int seed,
      boolean stuck,
      int hogs,
      Console console)
      throws Exception {
    try (var server = new ShufflingServer(seed, Multiplexer::answered);
        var starving = new Workers();
        var connection = new Connection(server.port(), requests)) {
      if (stuck) {
        starving.start(
            Thread.ofVirtual().name(STUCK),
            () -> connection.ask(UNANSWERED, new Call.OfOneShot(replies)));
        // A call that is there before the connection is closed ends by a wake.
        if (!starving.await(
            () -> connection.isPending(UNANSWERED), () -> 0, Load.PATIENCE, () -> {})) {
          throw new Failure(Failure.WRONG, STUCK + " did not ask");
        }
      }
      Load load = new Load(connection::isPending, threads, Load.PATIENCE, console);
      load.turn(
          time,
          "serving",
          "OneShot",
          (thread, request) -> {
            Reply reply = connection.ask(request, new Call.OfOneShot(replies));
            if (thread <= hogs) {
              compute();
            }
            return reply;
          });
      return load;
    }
  }

  private static void compute() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < BURST.toNanos()) {
      Thread.onSpinWait();
    }
  }

  private static List<Reply> answered(List<Reply> replies) {
    return replies.stream().filter(reply -> reply.number() != UNANSWERED.number()).toList();
  }

  /** Runs all rounds. Returns only if each request got its reply, and the right one. */
  void run(int warmUpRounds, int rounds) throws Exception {
    console.line("%,d virtual threads share one TCP connection.".formatted(threads));
    Rounds compared =
        Rounds.run(
            warmUpRounds,
            rounds,
            List.of(
                round -> turn(round, "OneShot", () -> new Call.OfOneShot(replies)),
                round -> turn(round, "Condition", Call.OfCondition::new)));
    String verdict = load.verdict();
    console.line(
        """

        %s
        %.0f %% of them came after the reply to a later request.

        Replies per second, median of %d rounds, and the ratio (least to most):
          with a OneShot per call                   %,12.0f
          with a ReentrantLock/Condition per call   %,12.0f
          ratio                                            %s
        Most of the work, sockets and scheduling, is the same for both."""
            .formatted(
                verdict,
                100.0 * connection.overtaken() / load.replies(),
                rounds,
                compared.median(0, 0),
                compared.median(1, 0),
                compared.ratio(0, 1, 0)));
  }

  private double[] turn(String round, String way, Supplier<Call> calls)
      throws Failure, InterruptedException {
    return new double[] {
      load.turn(turn, round, way, (thread, request) -> connection.ask(request, calls.get()))
    };
  }
}
