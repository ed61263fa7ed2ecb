package io.github.atomicwaker.samples.redis;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Closing;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample's own checks, with servers that are good and servers that are not. */
@Timeout(60)
class RedisPipelineTest {
  private static final int THREADS = 200;

  /**
   * A reply in the midst of the first turn: each thread asks in it once at least, which makes two
   * replies, however slow the machine is.
   */
  private static final int LATER = THREADS;

  /** What the sample says if it disturbed at least as often as it wants to. */
  private static final Pattern DISTURBED =
      Pattern.compile("the connection was lost, ([2-9]|\\d\\d) times");

  private final String given = System.getProperty("redis", "");
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void restore() {
    System.setProperty("redis", given);
    System.clearProperty("threads");
    System.clearProperty("seconds");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5_000})
  void oneThreadIsServedAndSoAreThousands(int threads) throws Exception {
    run(reply -> reply, threads);
    String text = printed.toString();
    assertTrue(text.contains("none is missing, none is wrong"), text);
    assertTrue(DISTURBED.matcher(text).find(), text);
  }

  /** And does not go round and round without a park, which would take the carriers from others. */
  @Test
  void whoInsistsGivesUpWhenTheClientIsClosed() throws Exception {
    Redis redis = new Redis(deadPort(), WakerGroup.named("redis"));
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    try {
      RedisPipeline pipeline = pipeline(redis, 1);
      List<Future<?>> insisting = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        insisting.add(executor.submit(() -> pipeline.insist(Duration.ofDays(1), "PING")));
      }
      ParkedThread.await(() -> pipeline.lost() > 0, "somebody has tried");
      redis.close();
      for (Future<?> one : insisting) {
        ExecutionException ended =
            assertThrows(ExecutionException.class, () -> one.get(20, SECONDS));
        assertInstanceOf(IOException.class, ended.getCause());
      }
    } finally {
      Closing.all(redis, Closing.interrupting(executor));
    }
  }

  @Test
  void whoInsistsWaitsTwiceAsLongEachTime() throws Exception {
    int tries = 8;
    AtomicInteger asked = new AtomicInteger();
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    RedisStandIn silent =
        new RedisStandIn(
            0,
            reply -> {
              asked.incrementAndGet();
              return "";
            });
    Redis redis = new Redis(silent.port(), WakerGroup.named("redis"));
    try {
      RedisPipeline pipeline = pipeline(redis, 1);
      long begun = System.nanoTime();
      Future<?> insisting = executor.submit(() -> pipeline.insist(Duration.ofMillis(1), "PING"));
      ParkedThread.await(() -> asked.get() >= tries, "it tries again and again");
      long took = NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertTrue(took >= (1 << (tries - 1)) - 1, tries + " tries in " + took + " ms");
      assertFalse(insisting.isDone());
    } finally {
      Closing.all(redis, silent, Closing.interrupting(executor));
    }
  }

  @Test
  void aWrongReplyIsFound() {
    assertWrong(reply -> "+nonsense\r\n", "got the wrong reply", "nonsense");
  }

  @Test
  void aReplyThatIsDroppedIsFound() {
    assertWrong(reply -> "", "got the wrong reply");
  }

  /** A value that is no other caller's comes again in place of the next reply. */
  @Test
  void aReplyThatComesTwiceIsFound() {
    AtomicInteger replies = new AtomicInteger();
    AtomicReference<@Nullable String> held = new AtomicReference<>();
    assertMessage(
        failure(
            reply -> {
              String twice = held.getAndSet(null);
              if (twice != null) {
                return twice + twice;
              }
              if (replies.incrementAndGet() >= LATER && !reply.equals("+OK\r\n")) {
                held.set(reply);
                return "";
              }
              return reply;
            }),
        "got the wrong reply");
  }

  @Test
  void anErrorOutOfTheBlueIsFound() {
    assertWrong(reply -> "-ERR no\r\n", "a thread failed", "ERR no");
  }

  @Test
  void aConnectionThatIsLostOutOfTheBlueIsFound() {
    assertWrong(
        reply -> {
          throw new IllegalStateException("hangs up");
        },
        "a thread failed",
        "is lost");
  }

  @Test
  void aServerThatFallsSilentIsFound() {
    AtomicInteger replies = new AtomicInteger();
    Failure failure = failure(reply -> replies.incrementAndGet() > LATER ? "" : reply);
    assertMessage(failure, " of 200 threads still wait", "no reply came");
  }

  @Test
  void theSampleRunsAgainstAStandInAndSaysSo() throws Exception {
    System.setProperty("redis", "0");
    String text = sample();
    assertTrue(text.contains("share one TCP connection to a stand-in for Redis"), text);
    assertTrue(text.contains("per second"), text);
  }

  @Test
  void theSampleRunsAgainstRedis() throws Exception {
    int port = RedisPipeline.REDIS.value();
    assumeTrue(port != 0, "no -Dredis=PORT");
    String text = sample();
    assertTrue(text.contains("share one TCP connection to Redis on port " + port), text);
    assertTrue(text.contains("per second"), text);
  }

  @Test
  void aPortWhereNoRedisIsIsRefused() throws Exception {
    int port = deadPort();
    System.setProperty("redis", Integer.toString(port));
    Failure failure = assertThrows(Failure.class, this::sample);
    assertEquals(Failure.USAGE, failure.status);
    assertMessage(failure, "-Dredis=" + port);
  }

  private static int deadPort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private String sample() throws Exception {
    System.setProperty("threads", "50");
    System.setProperty("seconds", "1");
    RedisPipeline.SAMPLE.body().run(new Console(new PrintStream(printed, true), false));
    return printed.toString();
  }

  private void run(UnaryOperator<String> mischief, int threads) throws Exception {
    try (RedisStandIn server = new RedisStandIn(0, mischief);
        Redis redis = new Redis(server.port(), WakerGroup.named("redis"))) {
      pipeline(redis, threads).run(Duration.ofMillis(200));
    }
  }

  private RedisPipeline pipeline(Redis redis, int threads) {
    Console console = new Console(new PrintStream(printed, true), false);
    return new RedisPipeline(redis, threads, Duration.ofSeconds(2), console);
  }

  /** Does it to one reply, once all threads are at work. */
  private void assertWrong(UnaryOperator<String> mischief, String... parts) {
    AtomicInteger replies = new AtomicInteger();
    Failure failure =
        failure(reply -> replies.incrementAndGet() == LATER ? mischief.apply(reply) : reply);
    assertMessage(failure, parts);
  }

  private Failure failure(UnaryOperator<String> mischief) {
    Failure failure = assertThrows(Failure.class, () -> run(mischief, THREADS));
    assertEquals(Failure.WRONG, failure.status);
    return failure;
  }

  private static void assertMessage(Failure failure, String... parts) {
    String message = failure.getMessage() + " " + failure.getCause();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
