package io.github.atomicwaker.samples.redis;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The client, against the Redis that {@code -Dredis} names, if any, and against the stand-in. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class RedisTest {
  private static final int CALLERS = 2_000;
  private static final Duration SHORT = Duration.ofMillis(50);

  private static final Duration TIMEOUT = Duration.ofSeconds(50);

  /** Much less than a call's time-out: an end that comes only with that is none. */
  private static final int PATIENCE_SECONDS = 10;

  private final RedisStandIn standIn;
  private final int port;
  private final WakerGroup calls = WakerGroup.named("redis").recordingStats();
  private final Redis redis;
  private final Redis other;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  enum Kind {
    REDIS,
    STAND_IN
  }

  RedisTest(Kind kind) throws Exception {
    int given = RedisPipeline.REDIS.value();
    assumeTrue(kind == Kind.STAND_IN || given != 0, "no -Dredis=PORT");
    standIn = new RedisStandIn(0, List::of);
    port = kind == Kind.REDIS ? given : standIn.port();
    redis = new Redis(port, calls);
    other = new Redis(port, WakerGroup.named("other"));
  }

  @AfterEach
  void close() {
    Closing.all(redis, other, standIn, Closing.interrupting(executor));
  }

  @Test
  void everyCallerGetsItsOwnReply() throws Exception {
    assertEchoes(startEchoes());
  }

  @Test
  void valuesMayHoldAnyText() throws Exception {
    for (String value :
        List.of("", "\r\n+OK\r\n", "\0\u00e9\u4e2d\ud83d\ude00", "x".repeat(3_000_000))) {
      assertEquals("OK", call("SET", "atomic-waker:text", value, "EX", "60"));
      assertEquals(value, call("GET", "atomic-waker:text"));
    }
    assertEquals(Resp.NIL, call("GET", "atomic-waker:absent"));
  }

  @Test
  void anErrorIsItsCallersAlone() throws Exception {
    Object connection = call("CLIENT", "ID");
    List<Future<Object>> replies =
        start(i -> i % 2 == 0 ? call("NO-" + i) : call("ECHO", "echo " + i));
    for (int i = 0; i < CALLERS; i++) {
      if (i % 2 == 0) {
        Redis.Refused refused = assertInstanceOf(Redis.Refused.class, failure(replies.get(i)));
        assertTrue(
            requireNonNull(refused.getMessage()).startsWith("ERR unknown command 'NO-" + i + "'"));
      } else {
        assertEquals("echo " + i, replies.get(i).get());
      }
    }
    assertEquals(connection, call("CLIENT", "ID"));
  }

  @Test
  void aCallerThatTimesOutShiftsNoReply() throws Exception {
    Object connection = call("CLIENT", "ID");
    assertThrows(TimeoutException.class, () -> block(SHORT));
    List<Future<Object>> replies = startEchoes();
    awaitWaiting(CALLERS);
    unblock(connection);
    assertEchoes(replies);
  }

  @Test
  void thousandsThatTimeOutShiftNoReply() throws Exception {
    Object connection = call("CLIENT", "ID");
    assertThrows(TimeoutException.class, () -> block(SHORT));
    for (Future<Object> reply : start(i -> redis.call(SHORT, "ECHO", "late " + i))) {
      assertInstanceOf(TimeoutException.class, failure(reply));
    }
    List<Future<Object>> replies = startEchoes();
    awaitWaiting(CALLERS);
    unblock(connection);
    assertEchoes(replies);
    assertEquals(connection, call("CLIENT", "ID"));
  }

  @Test
  void aCallerThatIsInterruptedShiftsNoReply() throws Exception {
    Object connection = call("CLIENT", "ID");
    Future<Object> interrupted = executor.submit(() -> block(TIMEOUT));
    awaitWaiting(1);
    List<Future<Object>> replies = startEchoes();
    awaitWaiting(CALLERS + 1);
    interrupted.cancel(true);
    awaitWaiting(CALLERS);
    unblock(connection);
    assertEchoes(replies);
    assertEquals(connection, call("CLIENT", "ID"));
  }

  @Test
  void aKilledConnectionFailsEveryCaller() throws Exception {
    for (int i = 0; i < 3; i++) {
      Object connection = call("CLIENT", "ID");
      List<Future<Object>> replies = startBlocked();
      assertEquals(1L, other.call(TIMEOUT, "CLIENT", "KILL", "ID", connection.toString()));
      assertLost(replies);
      assertNotEquals(connection, call("CLIENT", "ID"));
    }
  }

  @Test
  void callersThatComeAtOnceOpenOneConnection() throws Exception {
    var together = new CyclicBarrier(20);
    for (int round = 0; round < 50; round++) {
      Object connection = call("CLIENT", "ID");
      Future<Object> lost = executor.submit(() -> block(TIMEOUT));
      awaitWaiting(1);
      other.call(TIMEOUT, "CLIENT", "KILL", "ID", connection.toString());
      assertLost(List.of(lost));
      var connections = new HashSet<>();
      for (Future<Object> reply :
          start(
              together.getParties(),
              i -> {
                together.await();
                return call("CLIENT", "ID");
              })) {
        connections.add(reply.get());
      }
      assertEquals(1, connections.size(), connections::toString);
    }
  }

  @Test
  void aServerThatEndsFailsEveryCallerUntilItIsBack() throws Exception {
    assumeTrue(port == standIn.port(), "the Redis that -Dredis names goes on running");
    List<Future<Object>> replies = startBlocked();
    standIn.close();
    assertLost(replies);
    for (Future<Object> reply : startEchoes()) {
      assertInstanceOf(ConnectException.class, failure(reply).getCause());
    }
    try (RedisStandIn again = new RedisStandIn(port, List::of)) {
      assertEquals(port, again.port());
      assertEchoes(startEchoes());
    }
  }

  @Test
  void aClientThatIsClosedFailsEveryCaller() throws Exception {
    List<Future<Object>> replies = startBlocked();
    redis.close();
    assertLost(replies);
    IOException closed = assertThrows(IOException.class, () -> call("PING"));
    assertEquals("the client is closed", closed.getMessage());
  }

  private interface Caller {
    Object call(int number) throws Exception;
  }

  private Object call(String... command) throws Exception {
    return redis.call(TIMEOUT, command);
  }

  private List<Future<Object>> start(Caller caller) {
    return start(CALLERS, caller);
  }

  private List<Future<Object>> start(int callers, Caller caller) {
    List<Future<Object>> replies = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int number = i;
      replies.add(executor.submit(() -> caller.call(number)));
    }
    return replies;
  }

  private List<Future<Object>> startEchoes() {
    return start(i -> call("ECHO", "echo " + i));
  }

  private static void assertEchoes(List<Future<Object>> replies) throws Exception {
    for (int i = 0; i < CALLERS; i++) {
      assertEquals("echo " + i, replies.get(i).get(PATIENCE_SECONDS, SECONDS));
    }
  }

  /** Returns when all of them wait. */
  private List<Future<Object>> startBlocked() throws Exception {
    List<Future<Object>> replies = new ArrayList<>();
    replies.add(executor.submit(() -> block(TIMEOUT)));
    awaitWaiting(1);
    replies.addAll(startEchoes());
    awaitWaiting(CALLERS + 1);
    return replies;
  }

  private void awaitWaiting(int callers) {
    ParkedThread.await(() -> calls.stats().waiting() == callers, callers + " callers wait");
  }

  /** A command that is not answered until the other client unblocks it. */
  private Object block(Duration timeout) throws Exception {
    return redis.call(timeout, "BLPOP", "atomic-waker:absent", "60");
  }

  private void unblock(Object connection) throws Exception {
    ParkedThread.await( // perhaps it is not blocked yet
        () -> {
          try {
            return other.call(TIMEOUT, "CLIENT", "UNBLOCK", connection.toString()).equals(1L);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        "it is unblocked");
  }

  private static void assertLost(List<Future<Object>> replies) {
    for (Future<Object> reply : replies) {
      IOException lost = assertInstanceOf(IOException.class, failure(reply));
      assertTrue(requireNonNull(lost.getMessage()).contains("is lost: "), lost.getMessage());
    }
  }

  private static Throwable failure(Future<Object> reply) {
    return requireNonNull(
        assertThrows(ExecutionException.class, () -> reply.get(PATIENCE_SECONDS, SECONDS))
            .getCause());
  }
}
