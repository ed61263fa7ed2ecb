package io.github.atomicwaker.samples.redis;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Load;
import io.github.atomicwaker.samples.common.Option;
import io.github.atomicwaker.samples.common.Reply;
import io.github.atomicwaker.samples.common.Request;
import io.github.atomicwaker.samples.common.Rounds;
import io.github.atomicwaker.samples.common.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Many virtual threads share one TCP connection to Redis, each of them blocked until its own reply
 * has come. In turn they wait by an {@link io.github.atomicwaker.AtomicWaker} per call and by a
 * {@link CompletableFuture} per call; all the rest is the same. Then replies are slow, and
 * connections are killed.
 */
public final class RedisPipeline {
  private static final Option THREADS =
      new Option("threads", 2_000, 1, 100_000, "virtual threads that share the connection");
  static final Option REDIS =
      new Option("redis", 0, 0, 65_535, "port of a redis-server on loopback; 0 is a stand-in");
  public static final Sample SAMPLE =
      new Sample(
          "RedisPipeline",
          "many virtual threads share one connection to Redis",
          List.of(THREADS, Rounds.SECONDS, REDIS),
          RedisPipeline::main);

  private static final int WARM_UP_ROUNDS = 7;
  private static final int ROUNDS = 21;

  private static final int DISTURBANCES = 2;

  /** How long Redis keeps all callers waiting, each time; once more if nobody gave up. */
  private static final Duration STALL = Duration.ofMillis(300);

  /** Much longer than a load's patience: a late look at the end must not hide a lost wake-up. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final Redis redis;
  private final Redis other;
  private final Load load;
  private final Duration turn;
  private final Console console;
  private final String prefix = "atomic-waker:" + UUID.randomUUID() + ":";
  private final LongAdder timedOut = new LongAdder();
  private final LongAdder lost = new LongAdder();

  /** The disturber's: how often it made replies slow, and killed a connection. */
  private int stalls;

  private int kills;

  /** How a thread calls Redis. */
  private interface Caller {
    Object call(String... command) throws IOException, TimeoutException, InterruptedException;
  }

  /**
   * Prepares the threads.
   *
   * @param redis what they share
   * @param other another client of the same server, which disturbs
   */
  RedisPipeline(
      Redis redis, Redis other, int threads, Duration turn, Duration patience, Console console) {
    this.redis = redis;
    this.other = other;
    this.load = new Load(request -> true, threads, patience, console);
    this.turn = turn;
    this.console = console;
  }

  private static void main(Console console) throws Exception {
    int threads = THREADS.value();
    Duration turn = Rounds.turn(WARM_UP_ROUNDS, ROUNDS, 2);
    int given = REDIS.value();
    try (RedisStandIn standIn = given == 0 ? new RedisStandIn(0, List::of) : null) {
      int port = standIn == null ? given : standIn.port();
      try (Redis redis = new Redis(port, WakerGroup.named("redis calls"));
          Redis other = new Redis(port, WakerGroup.named("other calls"))) {
        greet(other, port);
        console.line(
            "%,d virtual threads share one TCP connection to %s on port %d."
                .formatted(
                    threads,
                    standIn == null
                        ? "Redis"
                        : "a stand-in for Redis (-Dredis=PORT takes a real one)",
                    port));
        new RedisPipeline(redis, other, threads, turn, Load.PATIENCE, console)
            .run(WARM_UP_ROUNDS, ROUNDS);
      }
    }
  }

  private static void greet(Redis redis, int port) throws Failure, InterruptedException {
    try {
      redis.call(Load.PATIENCE, "PING");
    } catch (IOException | TimeoutException | Redis.Refused e) {
      throw new Failure(Failure.USAGE, "-Dredis=%d: %s".formatted(port, e.getMessage()));
    }
  }

  /** Runs all rounds, and the disturbances. Returns only if every reply was right. */
  void run(int warmUpRounds, int rounds) throws Exception {
    Caller waker = command -> redis.call(TIMEOUT, command);
    Caller future = command -> redis.call(TIMEOUT, new FutureCall(command));
    Rounds compared =
        Rounds.run(
            warmUpRounds,
            rounds,
            List.of(
                round -> new double[] {turn(turn, round, "AtomicWaker", waker)},
                round -> new double[] {turn(turn, round, "CompletableFuture", future)}));
    console.line(
        """

        %s

        Pairs of a SET and a GET per second, median of %d rounds, and the ratio (least to most):
          with an AtomicWaker per call         %,12.0f
          with a CompletableFuture per call    %,12.0f
          ratio                                       %s
        Most of the work, sockets and scheduling, is the same for both.
        """
            .formatted(
                load.verdict(),
                rounds,
                compared.median(0, 0),
                compared.median(1, 0),
                compared.ratio(0, 1, 0)));
    disturb();
    turn(turn, "afterwards", "AtomicWaker", waker);
    String summary =
        """
        Then %d replies were slow, and %d connections were killed, while all of them waited:
          %,9d calls timed out, and were made again
          %,9d calls failed with their connection, and were made again on the next one
        %s"""
            .formatted(stalls, kills, timedOut.sum(), lost.sum(), load.verdict());
    if (timedOut.sum() == 0 || lost.sum() == 0) {
      throw new Failure(Failure.WRONG, "Nobody was disturbed. " + summary);
    }
    console.line(summary);
  }

  private double turn(Duration time, String round, String way, Caller caller)
      throws Failure, InterruptedException {
    return load.turn(time, round, way, (thread, request) -> ask(thread, request, caller));
  }

  /** No other request sets this value: a reply that is another one's is found. */
  private Reply ask(int thread, Request request, Caller caller)
      throws Failure, IOException, TimeoutException, InterruptedException {
    String key = prefix + thread;
    Object set = caller.call("SET", key, request.answer().text(), "EX", "60");
    if (!set.equals("OK")) {
      throw new Failure(Failure.WRONG, "SET got the wrong reply \"%s\"".formatted(set));
    }
    load.step(); // thousands may be set before the first one is got
    return new Reply(request.number(), caller.call("GET", key).toString());
  }

  /**
   * Makes a call until it has its reply, or until the client is closed. It waits for each reply
   * twice as long as for the one before, or a slow server would get ever more to do; and on a
   * connection that is lost it comes back no faster than the client opens the next.
   */
  Object insist(Duration timeout, String... command) throws IOException, InterruptedException {
    for (Duration patience = timeout; ; ) {
      try {
        return redis.call(patience, command);
      } catch (TimeoutException e) {
        timedOut.increment();
        patience = atMost(TIMEOUT, patience.multipliedBy(2));
      } catch (IOException e) {
        if (redis.isClosed()) {
          throw e;
        }
        lost.increment();
      }
    }
  }

  /** How many calls failed with their connection. */
  long lost() {
    return lost.sum();
  }

  private static Duration atMost(Duration limit, Duration duration) {
    return duration.compareTo(limit) < 0 ? duration : limit;
  }

  private void disturb() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> disturber =
          executor.submit(
              () -> {
                while (stalls < DISTURBANCES || kills < DISTURBANCES || lost.sum() == 0) {
                  stall();
                  stalls++;
                  Object id = insist(TIMEOUT, "CLIENT", "ID"); // it waits for the slow reply
                  stall();
                  other.call(TIMEOUT, "CLIENT", "KILL", "ID", id.toString());
                  kills++;
                  insist(TIMEOUT, "PING"); // only the next connection can answer
                }
                return null;
              });
      try {
        load.turn(disturber::isDone, "disturbed", "AtomicWaker", this::disturbed);
        disturber.get();
      } finally {
        disturber.cancel(true);
      }
    }
  }

  /** Every other caller gives up early; the rest see a slow reply out, behind those that did. */
  private Reply disturbed(int thread, Request request) throws Exception {
    Duration timeout = thread % 2 == 1 ? STALL.dividedBy(8) : TIMEOUT;
    return ask(thread, request, command -> insist(timeout, command));
  }

  /** Keeps all callers waiting behind one that gives up before its reply comes, until more do. */
  private void stall() throws IOException, InterruptedException {
    long before = timedOut.sum();
    while (true) {
      try {
        redis.call(
            STALL.dividedBy(2), "BLPOP", prefix + "empty", Double.toString(STALL.toMillis() / 1e3));
      } catch (TimeoutException asItShould) {
        // On a machine that is too busy the reply may come first.
      }
      if (timedOut.sum() > before) {
        return;
      }
      insist(TIMEOUT, "PING"); // two in a row would look like a server that fell silent
    }
  }

  /** To compare: the same with a future. */
  private static final class FutureCall extends Redis.Call {
    private final CompletableFuture<Object> reply = new CompletableFuture<>();

    FutureCall(String... command) {
      super(command);
    }

    @Override
    void complete(Object reply) {
      this.reply.complete(reply);
    }

    @Override
    @Nullable Object await(Duration timeout) throws InterruptedException {
      try {
        return reply.get(timeout.toNanos(), NANOSECONDS);
      } catch (TimeoutException late) {
        return null;
      } catch (ExecutionException neverSo) {
        throw new AssertionError(neverSo);
      }
    }
  }
}
