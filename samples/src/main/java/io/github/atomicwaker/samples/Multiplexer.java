package io.github.atomicwaker.samples;

import io.github.atomicwaker.AtomicWaker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Many virtual threads share one TCP connection to a server that answers out of order. Each of them
 * asks, blocks until its own reply has come, checks it, and asks again. In turn the threads wait by
 * an {@link AtomicWaker} per call and by a lock and condition per call; all the rest is the same.
 */
final class Multiplexer {
  private static final Option THREADS =
      new Option("threads", 1_000, 1, 100_000, "virtual threads that share the connection");
  private static final Option SECONDS =
      new Option("seconds", 12, 1, 3_600, "seconds to run, more or less");
  private static final Option SEED =
      new Option("seed", 1, 0, Integer.MAX_VALUE, "seed of the order of the replies");
  static final List<Option> OPTIONS = List.of(THREADS, SECONDS, SEED);

  private static final int WARM_UP_ROUNDS = 9;

  /** Many short ones, since the speed of a machine changes; odd, so that there is a median. */
  private static final int ROUNDS = 21;

  /** How long after the end of a round the last reply may come. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How often to show progress. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final Connection connection;
  private final int threads;
  private final Duration turn;
  private final Duration patience;
  private final Progress progress;

  private final AtomicLong numbers = new AtomicLong();
  private final LongAdder checked = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicWaker ended = new AtomicWaker();

  Multiplexer(
      Connection connection, int threads, Duration turn, Duration patience, Progress progress) {
    this.connection = connection;
    this.threads = threads;
    this.turn = turn;
    this.patience = patience;
    this.progress = progress;
  }

  static void main(Progress progress) throws Exception {
    int threads = THREADS.value();
    Duration turn = Duration.ofSeconds(SECONDS.value()).dividedBy(2 * (WARM_UP_ROUNDS + ROUNDS));
    try (var server = new ShufflingServer(SEED.value(), replies -> replies);
        var connection = new Connection(server.port())) {
      new Multiplexer(connection, threads, turn, PATIENCE, progress).run(WARM_UP_ROUNDS, ROUNDS);
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
        waker = turn(round, "AtomicWaker", Call.OfWaker::new);
        condition = turn(round, "Condition", Call.OfCondition::new);
      } else {
        condition = turn(round, "Condition", Call.OfCondition::new);
        waker = turn(round, "AtomicWaker", Call.OfWaker::new);
      }
      if (i >= 0) {
        wakers[i] = waker;
        conditions[i] = condition;
        ratios[i] = waker / condition;
      }
    }
    if (checked.sum() != numbers.get()) {
      throw new Failure(
          Failure.WRONG, "%d requests, but %d replies".formatted(numbers.get(), checked.sum()));
    }
    Arrays.sort(wakers);
    Arrays.sort(conditions);
    Arrays.sort(ratios);
    int median = rounds / 2;
    progress.line(
        """

        %,d requests, %,d replies, each one checked: none is missing, none is wrong.
        %.0f %% of them came after the reply to a later request.

        Replies per second, median of %d rounds:
          with an AtomicWaker per call              %,12.0f
          with a ReentrantLock/Condition per call   %,12.0f
          ratio                                     %12.2f   (rounds: %.2f to %.2f)
        Most of the work, sockets and scheduling, is the same for both."""
            .formatted(
                numbers.get(),
                checked.sum(),
                100.0 * connection.overtaken() / checked.sum(),
                rounds,
                wakers[median],
                conditions[median],
                ratios[median],
                ratios[0],
                ratios[rounds - 1]));
  }

  /** Lets all threads ask for a while. Returns the replies per second. */
  private double turn(String round, String way, Supplier<Call> calls)
      throws Failure, InterruptedException {
    long before = checked.sum();
    long start = System.nanoTime();
    long end = start + turn.toNanos();
    List<Asker> askers = new ArrayList<>();
    running.set(threads);
    for (int id = 1; id <= threads; id++) {
      Asker asker = new Asker(id, calls, end);
      askers.add(asker);
      Thread.ofVirtual().name("asker-", id).start(asker);
    }
    while (!ended.await(() -> running.get() == 0 || failure.get() != null, TICK)) {
      progress.live(
          "%-14s %,12d replies %,12.0f per second, with %s"
              .formatted(round, checked.sum(), perSecond(checked.sum() - before, start), way));
      if (System.nanoTime() - end > patience.toNanos()) {
        throw new Failure(Failure.WRONG, missing(askers));
      }
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw cause instanceof Failure known ? known : new Failure("a thread failed", cause);
    }
    return perSecond(checked.sum() - before, start);
  }

  private static double perSecond(long replies, long start) {
    return replies * 1e9 / (System.nanoTime() - start);
  }

  /** Says who still waits, and whether the reply or the wake is to blame. */
  private String missing(List<Asker> askers) {
    List<String> waiting = new ArrayList<>();
    for (Asker asker : askers) {
      Request request = asker.asking;
      if (request != null) {
        waiting.add(
            connection.isPending(request)
                ? "no reply came to \"" + request + "\""
                : "the reply to \"" + request + "\" came, but the thread did not wake");
      }
    }
    return waiting.stream()
        .limit(10)
        .collect(
            Collectors.joining(
                "%n  ".formatted(),
                "%,d of %,d threads still wait, %d s after the end of the turn:%n  "
                    .formatted(waiting.size(), threads, patience.toSeconds()),
                waiting.size() > 10 ? "%n  ...".formatted() : ""));
  }

  /** One of the threads: plain blocking code. */
  private final class Asker implements Runnable {
    private final int id;
    private final Supplier<Call> calls;
    private final long end;

    /** The request that it waits for the reply to. */
    private volatile @Nullable Request asking;

    Asker(int id, Supplier<Call> calls, long end) {
      this.id = id;
      this.calls = calls;
      this.end = end;
    }

    @Override
    public void run() {
      try {
        for (int i = 1; System.nanoTime() - end < 0 && failure.get() == null; i++) {
          ask(new Request(numbers.incrementAndGet(), "thread " + id + " asks " + i));
        }
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      } finally {
        if (running.decrementAndGet() == 0 || failure.get() != null) {
          ended.wake();
        }
      }
    }

    private void ask(Request request) throws Failure, IOException, InterruptedException {
      asking = request;
      Reply reply = connection.ask(request, calls.get());
      asking = null;
      if (!reply.equals(request.answer())) {
        throw new Failure(
            Failure.WRONG, "\"%s\" got the wrong reply \"%s\"".formatted(request, reply));
      }
      checked.increment();
    }
  }
}
