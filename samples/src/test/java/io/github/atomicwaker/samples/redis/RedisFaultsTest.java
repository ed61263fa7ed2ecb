package io.github.atomicwaker.samples.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Closing;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client, with a server that does not behave. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // of a server whose client tells what it got
class RedisFaultsTest {
  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Redis redis = new Redis(listener.getLocalPort(), WakerGroup.named("test"));

  RedisFaultsTest() throws IOException {}

  @AfterEach
  void close() {
    Closing.all(redis, listener, Closing.interrupting(executor));
  }

  @Test
  void aReplyMayComeInPieces() throws Exception {
    answer("$6\r\na\r\nb\u00e9\r\n", true);
    assertEquals("a\r\nb\u00e9", ping());
  }

  @Test
  void aReplyThatNobodyAskedForEndsTheConnection() throws Exception {
    Future<?> server = answer("+PONG\r\n+AGAIN\r\n", true);
    assertEquals("PONG", ping());
    server.get(10, SECONDS); // it stays until the client hangs up
  }

  @Test
  void nonsenseEndsTheConnection() {
    answer("HTTP/1.1 400\r\n", true);
    assertLost("not RESP2");
  }

  @Test
  void aReplyThatIsCutEndsTheConnection() {
    answer("$5\r\nab", false);
    assertLost("closed the connection");
  }

  @Test
  void aServerThatHangsUpEndsTheConnection() {
    answer("", false);
    assertLost("closed the connection");
  }

  @Test
  void aServerThatNeverAnswersEndsNothing() {
    answer("", true);
    assertThrows(TimeoutException.class, this::ping);
    assertThrows(TimeoutException.class, this::ping);
  }

  @Test
  void callersThatTryAgainDoNotStormAServerThatHangsUp() throws Exception {
    int connections = 10;
    AtomicInteger accepted = new AtomicInteger();
    long begun = System.nanoTime();
    executor.submit(
        () -> {
          while (true) {
            listener.accept().close();
            accepted.incrementAndGet();
          }
        });
    List<Future<?>> callers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      callers.add(
          executor.submit(
              () -> {
                while (!redis.isClosed()) {
                  assertThrows(IOException.class, () -> redis.call(Duration.ofDays(1), "PING"));
                }
              }));
    }
    ParkedThread.await(() -> accepted.get() >= connections, "they try again and again");
    long took = NANOSECONDS.toMillis(System.nanoTime() - begun);
    assertTrue(
        took >= (1 << (connections - 1)) - 1, connections + " connections in " + took + " ms");
    redis.close();
    for (Future<?> caller : callers) {
      caller.get(20, SECONDS);
    }
  }

  @Test
  void aCloseEndsTheDelayBeforeAConnection() {
    Redis.Connection connection = redis.new Connection(Duration.ofDays(1));
    connection.start();
    connection.fail(new IOException("closed"));
    connection.join();
    assertTrue(connection.isLost());
  }

  /** As one does that was about to call when the connection was lost. */
  @Test
  void aCallThatComesAfterTheLossFails() throws Exception {
    Redis.Connection connection = redis.connection();
    connection.fail(new IOException("cut"));
    connection.join();
    var call = new Redis.WakerCall(WakerGroup.named("test"), "PING");
    IOException lost =
        assertThrows(IOException.class, () -> connection.call(Duration.ofDays(1), call));
    assertTrue(
        requireNonNull(lost.getMessage()).endsWith("is lost: java.io.IOException: cut"),
        lost.getMessage());
  }

  @Test
  void aReplyThatCameBeforeTheLossIsReturned() throws Exception {
    Redis.Connection connection = redis.connection();
    connection.fail(new IOException("cut"));
    connection.join();
    var call = new Redis.WakerCall(WakerGroup.named("test"), "PING");
    call.complete("PONG");
    assertEquals("PONG", connection.call(Duration.ofDays(1), call));
  }

  /** Sends that to the first command, byte by byte, and then hangs up or does not. */
  private Future<?> answer(String wire, boolean stay) {
    return executor.submit(
        () -> {
          try (Socket socket = listener.accept()) {
            socket.setTcpNoDelay(true);
            Resp.read(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (byte b : wire.getBytes(UTF_8)) {
              out.write(b);
            }
            while (stay && socket.getInputStream().read() != -1) {}
          }
          return null;
        });
  }

  private Object ping() throws Exception {
    return redis.call(Duration.ofMillis(500), "PING");
  }

  private void assertLost(String cause) {
    IOException lost =
        assertThrows(
            IOException.class,
            () -> {
              while (true) {
                ping();
              }
            });
    assertTrue(requireNonNull(lost.getMessage()).contains(cause), lost.getMessage());
  }
}
