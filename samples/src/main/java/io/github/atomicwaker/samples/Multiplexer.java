package io.github.atomicwaker.samples;

import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Many virtual threads share one TCP connection to a server that answers out of order. In turn they
 * wait by an {@link io.github.atomicwaker.AtomicWaker} per call and by a lock and condition per
 * call; all the rest is the same.
 */
final class Multiplexer {
  static final Option THREADS =
      new Option("threads", 1_000, 1, 100_000, "virtual threads that share the connection");
  private static final Option SECONDS =
      new Option("seconds", 12, 1, 3_600, "seconds to run, more or less");
  static final Option SEED =
      new Option("seed", 1, 0, Integer.MAX_VALUE, "seed of the order of the replies");
  static final List<Option> OPTIONS = List.of(THREADS, SECONDS, SEED);

  private static final int WARM_UP_ROUNDS = 9;

  /** Many short ones, since the speed of a machine changes; odd, so that there is a median. */
  private static final int ROUNDS = 21;

  private final Connection connection;
  private final Load load;
  private final int threads;
  private final Duration turn;
  private final Progress progress;
  private final WakerGroup replies = WakerGroup.named("replies");

  Multiplexer(
      Connection connection, int threads, Duration turn, Duration patience, Progress progress) {
    this.connection = connection;
    this.load = new Load(connection::isPending, threads, patience, progress);
    this.threads = threads;
    this.turn = turn;
    this.progress = progress;
  }

  static void main(Progress progress) throws Exception {
    int threads = THREADS.value();
    Duration turn = Duration.ofSeconds(SECONDS.value()).dividedBy(2 * (WARM_UP_ROUNDS + ROUNDS));
    try (var server = new ShufflingServer(SEED.value(), replies -> replies);
        var connection = new Connection(server.port(), WakerGroup.named("requests"))) {
      new Multiplexer(connection, threads, turn, Load.PATIENCE, progress)
          .run(WARM_UP_ROUNDS, ROUNDS);
    }
  }

  /** Runs all rounds. Returns only if each request got its reply, and the right one. */
  void run(int warmUpRounds, int rounds) throws Failure, InterruptedException {
    progress.line("%,d virtual threads share one TCP connection.".formatted(threads));
    double[] wakers = new double[rounds];
    double[] conditions = new double[rounds];
    double[] ratios = new double[rounds];
    for (int i = -warmUpRounds; i < rounds; i++) {
      String round = i < 0 ? "warm-up" : "round %d of %d".formatted(i + 1, rounds);
      double waker;
      double condition;
      // They take turns at going first, as the machine may be getting slower or faster.
      if (i % 2 == 0) {
        waker = turn(round, "AtomicWaker", () -> new Call.OfWaker(replies));
        condition = turn(round, "Condition", Call.OfCondition::new);
      } else {
        condition = turn(round, "Condition", Call.OfCondition::new);
        waker = turn(round, "AtomicWaker", () -> new Call.OfWaker(replies));
      }
      if (i >= 0) {
        wakers[i] = waker;
        conditions[i] = condition;
        ratios[i] = waker / condition;
      }
    }
    String verdict = load.verdict();
    Arrays.sort(wakers);
    Arrays.sort(conditions);
    Arrays.sort(ratios);
    int median = rounds / 2;
    progress.line(
        """

        %s
        %.0f %% of them came after the reply to a later request.

        Replies per second, median of %d rounds:
          with an AtomicWaker per call              %,12.0f
          with a ReentrantLock/Condition per call   %,12.0f
          ratio                                     %12.2f   (rounds: %.2f to %.2f)
        Most of the work, sockets and scheduling, is the same for both."""
            .formatted(
                verdict,
                100.0 * connection.overtaken() / load.replies(),
                rounds,
                wakers[median],
                conditions[median],
                ratios[median],
                ratios[0],
                ratios[rounds - 1]));
  }

  private double turn(String round, String way, Supplier<Call> calls)
      throws Failure, InterruptedException {
    return load.turn(turn, round, way, (thread, request) -> connection.ask(request, calls.get()));
  }
}
