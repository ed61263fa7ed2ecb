package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.atomicwaker.WakerGroup;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample's own checks, with servers that are good and servers that are not. */
@Timeout(60)
class RedisPipelineTest {
  private static final int THREADS = 200;

  /** A reply that comes when all threads are at work. */
  private static final int LATER = 5_000;

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
    run(List::of, threads);
    String text = printed.toString();
    assertTrue(text.contains("none is missing, none is wrong"), text);
    assertTrue(text.contains("2 replies were slow, and 2 connections were killed"), text);
  }

  @Test
  void aWrongReplyIsFound() {
    assertWrong(reply -> List.of("nonsense"), "got the wrong reply", "nonsense");
  }

  @Test
  void aReplyThatIsDroppedIsFound() {
    assertWrong(reply -> List.of(), "got the wrong reply");
  }

  /** One reply too many is no harm if it comes when nobody waits: hence not one alone. */
  @Test
  void repliesThatComeTwiceAreFound() {
    AtomicInteger replies = new AtomicInteger();
    String message =
        message(
            failure(
                reply ->
                    replies.incrementAndGet() > LATER ? List.of(reply, reply) : List.of(reply)));
    assertTrue(
        message.contains("got the wrong reply") || message.contains("nobody waits for the reply"),
        message);
  }

  @Test
  void anErrorOutOfTheBlueIsFound() {
    assertWrong(reply -> List.of(new Resp.Refusal("ERR no")), "a thread failed", "ERR no");
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
    Failure failure =
        failure(reply -> replies.incrementAndGet() > LATER ? List.of() : List.of(reply));
    assertMessage(failure, " of 200 threads still wait", "no reply came");
  }

  @Test
  void theSampleRunsAgainstAStandInAndSaysSo() throws Exception {
    System.setProperty("redis", "0");
    String text = sample();
    assertTrue(text.contains("share one TCP connection to a stand-in for Redis"), text);
    assertTrue(text.contains("ratio"), text);
  }

  @Test
  void theSampleRunsAgainstRedis() throws Exception {
    int port = RedisPipeline.REDIS.value();
    assumeTrue(port != 0, "no -Dredis=PORT");
    String text = sample();
    assertTrue(text.contains("share one TCP connection to Redis on port " + port), text);
    assertTrue(text.contains("ratio"), text);
  }

  @Test
  void aPortWhereNoRedisIsIsRefused() throws Exception {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    System.setProperty("redis", Integer.toString(port));
    Failure failure = assertThrows(Failure.class, this::sample);
    assertEquals(Failure.USAGE, failure.status);
    assertMessage(failure, "-Dredis=" + port);
  }

  private String sample() throws Exception {
    System.setProperty("threads", "50");
    System.setProperty("seconds", "1");
    Samples.run("RedisPipeline", new PrintStream(printed, true), false);
    return printed.toString();
  }

  private void run(Function<Object, List<Object>> mischief, int threads) throws Exception {
    Progress progress = new Progress(new PrintStream(printed, true), false);
    Duration turn = Duration.ofMillis(50);
    Duration patience = Duration.ofSeconds(2);
    try (RedisStandIn server = new RedisStandIn(0, mischief);
        Redis redis = new Redis(server.port(), WakerGroup.named("redis"));
        Redis other = new Redis(server.port(), WakerGroup.named("other"))) {
      new RedisPipeline(redis, other, threads, turn, patience, progress).run(1, 3);
    }
  }

  /** Does it to one reply, once all threads are at work. */
  private void assertWrong(Function<Object, List<Object>> mischief, String... parts) {
    AtomicInteger replies = new AtomicInteger();
    Failure failure =
        failure(
            reply -> replies.incrementAndGet() == LATER ? mischief.apply(reply) : List.of(reply));
    assertMessage(failure, parts);
  }

  private Failure failure(Function<Object, List<Object>> mischief) {
    Failure failure = assertThrows(Failure.class, () -> run(mischief, THREADS));
    assertEquals(Failure.WRONG, failure.status);
    return failure;
  }

  private static void assertMessage(Failure failure, String... parts) {
    String message = message(failure);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  private static String message(Failure failure) {
    return failure.getMessage() + " " + failure.getCause();
  }
}
