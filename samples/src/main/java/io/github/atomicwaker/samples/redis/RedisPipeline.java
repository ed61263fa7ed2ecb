package io.github.atomicwaker.samples.redis;

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
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Many virtual threads share one TCP connection to Redis. Each blocks on the {@link
 * io.github.atomicwaker.OneShot} of its call until its own reply has come. In a second turn replies
 * are slow, and connections are lost; a third turn is like the first.
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

  private static final int DISTURBANCES = 2;

  /** How long Redis keeps all callers waiting, each time. */
  private static final Duration STALL = Duration.ofMillis(300);

  /** Much longer than a load's patience: a late check at the end must not hide a lost wake-up. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final Redis redis;
  private final Load load;
  private final Console console;
  private final String prefix = "atomic-waker:" + UUID.randomUUID() + ":";
  private final LongAdder timedOut = new LongAdder();
  private final LongAdder lost = new LongAdder();

  private final AtomicInteger disturbances = new AtomicInteger();

  /** How a thread calls Redis. */
  private interface Caller {
    @Nullable String call(String... command)
        throws IOException, TimeoutException, InterruptedException;
  }

  RedisPipeline(Redis redis, int threads, Duration patience, Console console) {
    this.redis = redis;
    this.load = new Load(request -> true, threads, patience, console);
    this.console = console;
  }

  private static void main(Console console) throws Exception {
    int threads = THREADS.value();
    int given = REDIS.value();
    try (RedisStandIn standIn = given == 0 ? new RedisStandIn(0, reply -> reply) : null) {
      int port = standIn == null ? given : standIn.port();
      try (Redis redis = new Redis(port, WakerGroup.named("redis calls"))) {
        greet(redis, port);
        console.line(
            "%,d virtual threads share one TCP connection to %s on port %d."
                .formatted(
                    threads,
                    standIn == null
                        ? "Redis"
                        : "a stand-in for Redis (-Dredis=PORT takes a real one)",
                    port));
        new RedisPipeline(redis, threads, Load.PATIENCE, console)
            .run(Duration.ofSeconds(Rounds.SECONDS.value()));
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

  /** Runs it undisturbed, disturbed and again. Returns only if every reply was right. */
  void run(Duration time) throws Exception {
    double perSecond = turn(time.dividedBy(2), "undisturbed");
    console.line(
        "\n%s\n%,.0f pairs of a SET and a GET per second.\n".formatted(load.verdict(), perSecond));
    load.turn(this::disturbedEnough, "disturbed", "OneShot", this::disturbed);
    turn(time.dividedBy(2), "afterwards");
    console.line(
        """
        Then replies were slow and the connection was lost, %d times, while all of them waited:
          %,9d calls timed out, and were made again
          %,9d calls failed with their connection, and were made again on the next one
        %s"""
            .formatted(disturbances.get(), timedOut.sum(), lost.sum(), load.verdict()));
  }

  private double turn(Duration time, String phase) throws Failure, InterruptedException {
    return load.turn(
        time,
        phase,
        "OneShot",
        (thread, request) -> ask(thread, request, command -> redis.call(TIMEOUT, command)));
  }

  /** No other request sets this value: a reply that is another one's is found. */
  private Reply ask(int thread, Request request, Caller caller)
      throws Failure, IOException, TimeoutException, InterruptedException {
    String key = prefix + thread;
    String set = caller.call("SET", key, request.answer().text(), "EX", "60");
    if (!"OK".equals(set)) {
      throw new Failure(Failure.WRONG, "SET got the wrong reply \"%s\"".formatted(set));
    }
    load.step(); // thousands may be set before the first one is got
    return new Reply(request.number(), String.valueOf(caller.call("GET", key)));
  }

  /**
   * Makes a call until it has its reply, or until the client is closed. It waits for each reply
   * twice as long as for the one before, or a slow server would get ever more to do; and on a
   * connection that is lost it comes back no faster than the client opens the next.
   */
  @Nullable String insist(Duration timeout, String... command)
      throws IOException, InterruptedException {
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

  private boolean disturbedEnough() {
    return disturbances.get() >= DISTURBANCES && timedOut.sum() > 0 && lost.sum() > 0;
  }

  /** Thread 1 disturbs. Every other caller gives up early; the rest wait for the slow reply. */
  private Reply disturbed(int thread, Request request) throws Exception {
    if (thread == 1) {
      disturb();
    }
    Duration timeout = thread % 2 == 1 ? STALL.dividedBy(8) : TIMEOUT;
    return ask(thread, request, command -> insist(timeout, command));
  }

  /**
   * Keeps all callers waiting, then loses their connection: Redis carries out what comes later when
   * it has answered this one, and hangs up after a QUIT. This caller waits for neither reply, so
   * that its own calls are behind them.
   */
  private void disturb() throws InterruptedException {
    try {
      callAndLeave("WAIT", "1", Long.toString(STALL.toMillis())); // for a replica: there is none
      callAndLeave("QUIT");
      disturbances.incrementAndGet();
    } catch (IOException lostBefore) {
      // The next turn of this thread disturbs the next connection.
    }
  }

  private void callAndLeave(String... command) throws IOException, InterruptedException {
    try {
      redis.call(STALL.dividedBy(4), command);
    } catch (TimeoutException asItShould) {
      // On a machine that is too busy the reply may come first.
    }
  }
}
