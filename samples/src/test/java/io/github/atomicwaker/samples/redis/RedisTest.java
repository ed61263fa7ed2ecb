package io.github.atomicwaker.samples.redis;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Closing;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client, against the stand-in, which does what a test asks for. */
@Timeout(60)
class RedisTest {
  private static final int CALLERS = 2_000;
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration FOREVER = Duration.ofDays(1);

  /** Much less than a call's time-out: an end that comes only with that is none. */
  private static final int PATIENCE_SECONDS = 10;

  /** Holds back the reply to an ECHO of {@code hold}, and all that come after it. */
  private final CountDownLatch held = new CountDownLatch(1);

  private volatile UnaryOperator<String> mischief =
      reply -> {
        if (reply.contains("hold")) {
          awaitHeld();
        }
        return reply;
      };
  private final WakerGroup calls = WakerGroup.named("redis").recordingStats();
  private final RedisStandIn standIn = new RedisStandIn(0, reply -> mischief.apply(reply));
  private final Redis redis = new Redis(standIn.port(), calls);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  RedisTest() throws IOException {}

  @AfterEach
  void close() {
    held.countDown();
    Closing.all(redis, standIn, Closing.interrupting(executor));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyCallerGetsItsOwnReply(boolean ofRedis) throws Exception {
    int port = ofRedis ? RedisPipeline.REDIS.value() : standIn.port();
    assumeTrue(port != 0, "no -Dredis=PORT");
    try (Redis client = new Redis(port, calls)) {
      assertEchoes(start(CALLERS, i -> client.call(LONG, "ECHO", "echo " + i)));
      for (String text : List.of("", "\r\n+OK\r\n\0\u00e9\u4e2d\ud83d\ude00".repeat(100_000))) {
        assertEquals("OK", client.call(LONG, "SET", "atomic-waker:text", text, "EX", "60"));
        assertEquals(text, client.call(LONG, "GET", "atomic-waker:text"));
      }
      assertNull(client.call(LONG, "GET", "atomic-waker:absent"));
    }
  }

  @Test
  void anErrorIsItsCallersAlone() throws Exception {
    List<Future<@Nullable String>> replies =
        start(CALLERS, i -> i % 2 == 0 ? call("NO-" + i) : call("ECHO", "echo " + i));
    for (int i = 0; i < CALLERS; i++) {
      if (i % 2 == 0) {
        Redis.Refused refused = assertInstanceOf(Redis.Refused.class, failure(replies.get(i)));
        assertEquals("ERR unknown command 'NO-" + i + "'", refused.getMessage());
      } else {
        assertEquals("echo " + i, replies.get(i).get());
      }
    }
    assertEquals(1, standIn.connections());
  }

  @Test
  void callersThatTimeOutShiftNoReply() throws Exception {
    assertThrows(TimeoutException.class, () -> redis.call(SHORT, "ECHO", "hold"));
    for (Future<?> late : start(CALLERS, i -> redis.call(SHORT, "ECHO", "late " + i))) {
      assertInstanceOf(TimeoutException.class, failure(late));
    }
    List<Future<@Nullable String>> replies = startEchoes();
    awaitWaiting(CALLERS);
    held.countDown();
    assertEchoes(replies);
    assertEquals(1, standIn.connections());
  }

  @Test
  void aCallerThatIsInterruptedShiftsNoReply() throws Exception {
    Future<?> interrupted = executor.submit(() -> call("ECHO", "hold"));
    awaitWaiting(1);
    List<Future<@Nullable String>> replies = startEchoes();
    awaitWaiting(CALLERS + 1);
    interrupted.cancel(true);
    awaitWaiting(CALLERS);
    held.countDown();
    assertEchoes(replies);
    assertEquals(1, standIn.connections());
  }

  @Test
  void aConnectionThatIsLostFailsEveryCaller() throws Exception {
    mischief =
        reply -> {
          awaitHeld();
          throw new IllegalStateException("hangs up");
        };
    List<Future<@Nullable String>> replies = startHeld();
    held.countDown();
    assertLost(replies);
    mischief = reply -> reply;
    assertEquals("PONG", call("PING"));
    assertEquals(2, standIn.connections());
  }

  @Test
  void aServerThatEndsFailsEveryCallerUntilItIsBack() throws Exception {
    List<Future<@Nullable String>> replies = startHeld();
    standIn.close();
    assertLost(replies);
    for (Future<?> reply : startEchoes()) {
      assertInstanceOf(ConnectException.class, failure(reply).getCause());
    }
    try (RedisStandIn again = new RedisStandIn(standIn.port(), reply -> reply)) {
      assertEchoes(startEchoes());
      assertEquals(1, again.connections());
    }
  }

  @Test
  void aClientThatIsClosedFailsEveryCaller() throws Exception {
    List<Future<@Nullable String>> replies = startHeld();
    redis.close();
    assertLost(replies);
  }

  /** The first one finds that the event loop has ended, the second one that a call waits. */
  @Test
  void aCallThatComesAfterTheCloseFails() {
    redis.close();
    for (int i = 0; i < 2; i++) {
      IOException closed = assertThrows(IOException.class, () -> redis.call(FOREVER, "PING"));
      assertEquals("the client is closed", closed.getMessage());
    }
  }

  @Test
  void aReplyThatCameBeforeTheLossIsReturned() throws Exception {
    Redis.Call call = redis.begin("PING");
    ParkedThread.await(call::isComplete, "the reply has come");
    redis.close();
    assertEquals("PONG", redis.await(call, FOREVER));
  }

  /** Each caller calls again at once, as the client closes: that call fails too. */
  @Test
  void aCloseEndsTheDelayBeforeAConnection() throws Exception {
    mischief =
        reply -> {
          throw new IllegalStateException("hangs up");
        };
    List<Future<@Nullable String>> replies;
    try (Redis delayed = new Redis(standIn.port(), calls, FOREVER)) {
      assertThrows(IOException.class, () -> delayed.call(LONG, "PING"));
      replies =
          start(
              CALLERS,
              i -> {
                assertThrows(IOException.class, () -> delayed.call(FOREVER, "PING"));
                return delayed.call(FOREVER, "PING");
              });
      awaitWaiting(CALLERS);
    }
    for (Future<?> reply : replies) {
      assertEquals("the client is closed", failure(reply).getMessage());
    }
  }

  @Test
  void callersThatComeAtOnceOpenOneConnection() throws Exception {
    UnaryOperator<String> good = mischief;
    for (int losses = 1; losses <= 20; losses++) {
      mischief = reply -> "HTTP/1.1 400\r\n";
      assertThrows(IOException.class, () -> call("PING"));
      mischief = good;
      for (Future<?> reply : start(20, i -> call("PING"))) {
        assertEquals("PONG", reply.get(PATIENCE_SECONDS, SECONDS));
      }
      assertEquals(1 + losses, standIn.connections());
    }
  }

  /** A packet that can't be made is lost with its connection: no reply comes to it. */
  @Test
  void aCommandThatIsNotWrittenShiftsNoReply() throws Exception {
    assertEquals("PONG", call("PING")); // there is a connection
    assertLost(start(1, i -> call(new String[1])));
    assertEquals("PONG", call("PING"));
  }

  @Test
  void aServerThatNeverAnswersEndsNothing() {
    AtomicInteger dropped = new AtomicInteger();
    mischief =
        reply -> {
          dropped.incrementAndGet();
          return "";
        };
    for (int i = 1; i <= 3; i++) {
      int asked = i;
      assertThrows(TimeoutException.class, () -> redis.call(SHORT, "PING"));
      ParkedThread.await(() -> dropped.get() == asked, "the server has read the command");
    }
    assertEquals(1, standIn.connections());
  }

  /** Each call makes the server send one more byte of the first reply. */
  @Test
  void aReplyMayComeInPieces() throws Exception {
    String wire = "$6\r\na\r\nb\u00c3\u00a9\r\n";
    int last = wire.length() - 1;
    AtomicInteger sent = new AtomicInteger();
    mischief =
        reply -> {
          int piece = sent.getAndIncrement();
          return wire.charAt(piece) + (piece == last ? reply.repeat(last) : "");
        };
    List<Redis.Call> replies = new ArrayList<>();
    while (replies.size() <= last) {
      replies.add(redis.begin("PING"));
      ParkedThread.await(() -> sent.get() == replies.size(), "a piece is sent");
    }
    assertEquals("a\r\nb\u00e9", redis.await(replies.get(0), LONG));
    assertEquals("PONG", redis.await(replies.get(last), LONG));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 400, RedisCodecException",
    "*1, no reply of this client's commands",
    "+PONG|+AGAIN, no call waits for the reply"
  })
  void nonsenseEndsTheConnection(String wire, String cause) {
    mischief = reply -> wire.replace("|", "\r\n") + "\r\n";
    IOException lost =
        assertThrows(
            IOException.class,
            () -> {
              while (true) {
                call("PING");
              }
            });
    assertTrue(requireNonNull(lost.getMessage()).contains(cause), lost.getMessage());
  }

  @Test
  void aReplyThatIsCutEndsTheConnection() {
    mischief =
        reply -> {
          mischief =
              next -> {
                throw new IllegalStateException("hangs up");
              };
          return "$5\r\nab";
        };
    assertLost(start(2, i -> call("PING")));
  }

  @Test
  void callersThatTryAgainDoNotStormAServerThatHangsUp() throws Exception {
    int connections = 10;
    mischief =
        reply -> {
          throw new IllegalStateException("hangs up");
        };
    long begun = System.nanoTime();
    List<Future<@Nullable String>> callers =
        start(
            100,
            i -> {
              while (!redis.isClosed()) {
                assertThrows(IOException.class, () -> redis.call(FOREVER, "PING"));
              }
              return null;
            });
    ParkedThread.await(() -> standIn.connections() >= connections, "they try again and again");
    long took = NANOSECONDS.toMillis(System.nanoTime() - begun);
    // No delay before the first two, then 1 ms, 2 ms, 4 ms ...
    assertTrue(
        took >= (1 << (connections - 1)) - 1, connections + " connections in " + took + " ms");
    redis.close();
    for (Future<?> caller : callers) {
      caller.get(20, SECONDS);
    }
  }

  private interface Caller {
    @Nullable String call(int number) throws Exception;
  }

  private @Nullable String call(String... command) throws Exception {
    return redis.call(LONG, command);
  }

  private void awaitHeld() {
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Future<@Nullable String>> start(int callers, Caller caller) {
    List<Future<@Nullable String>> replies = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int number = i;
      replies.add(executor.submit(() -> caller.call(number)));
    }
    return replies;
  }

  private List<Future<@Nullable String>> startEchoes() {
    return start(CALLERS, i -> call("ECHO", "echo " + i));
  }

  private static void assertEchoes(List<Future<@Nullable String>> replies) throws Exception {
    for (int i = 0; i < CALLERS; i++) {
      assertEquals("echo " + i, replies.get(i).get(PATIENCE_SECONDS, SECONDS));
    }
  }

  /** Returns when all of them wait. */
  private List<Future<@Nullable String>> startHeld() {
    List<Future<@Nullable String>> replies = start(CALLERS, i -> call("ECHO", "hold"));
    awaitWaiting(CALLERS);
    return replies;
  }

  private void awaitWaiting(int callers) {
    ParkedThread.await(() -> calls.stats().waiting() == callers, callers + " callers wait");
  }

  private static void assertLost(List<Future<@Nullable String>> replies) {
    for (Future<?> reply : replies) {
      IOException lost = assertInstanceOf(IOException.class, failure(reply));
      assertTrue(requireNonNull(lost.getMessage()).contains("is lost: "), lost.getMessage());
    }
  }

  private static Throwable failure(Future<?> reply) {
    return requireNonNull(
        assertThrows(ExecutionException.class, () -> reply.get(PATIENCE_SECONDS, SECONDS))
            .getCause());
  }
}
