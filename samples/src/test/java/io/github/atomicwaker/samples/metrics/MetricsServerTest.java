package io.github.atomicwaker.samples.metrics;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.samples.common.Closing;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MetricsServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private Supplier<String> scrape = () -> "up 1\n";
  private Supplier<String> waits = () -> "[]\n";
  private final MetricsServer server;

  MetricsServerTest() throws IOException {
    server = new MetricsServer(0, () -> scrape.get(), () -> waits.get());
  }

  @AfterEach
  void close() {
    Closing.all(server, client::shutdownNow, client);
  }

  @Test
  void aScrapeIsPrometheusText() throws Exception {
    HttpResponse<String> response = request("/metrics");
    assertEquals(200, response.statusCode());
    assertEquals("up 1\n", response.body());
    assertEquals("text/plain; version=0.0.4; charset=utf-8", header(response, "Content-Type"));
    assertEquals("no-store", header(response, "Cache-Control"));
    scrape = () -> "";
    assertEquals("", request("/metrics").body());
  }

  @Test
  void theWaitsAreJson() throws Exception {
    HttpResponse<String> response = request("/waits");
    assertEquals(200, response.statusCode());
    assertEquals("[]\n", response.body());
    assertEquals("application/json; charset=utf-8", header(response, "Content-Type"));
    assertEquals("no-store", header(response, "Cache-Control"));
  }

  @Test
  void thePageNeedsNothingElse() throws Exception {
    HttpResponse<String> response = request("/");
    assertEquals(200, response.statusCode());
    assertEquals("text/html; charset=utf-8", header(response, "Content-Type"));
    assertTrue(response.body().contains("default-src 'none'; connect-src 'self'"));
    Pattern reference =
        Pattern.compile("https?:|\\bsrc=|@import|url\\(|<link (?!rel=\"icon\" href=\"data:,\")");
    assertFalse(reference.matcher(response.body()).find());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/metrics/", "/metricsx", "/waits/1"})
  void thereIsNothingElse(String path) throws Exception {
    assertEquals(404, request(path).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/waits"})
  void whatThrowsIsAnError(String path) throws Exception {
    scrape =
        () -> {
          throw new IllegalStateException("broken");
        };
    waits = scrape;
    HttpResponse<String> response = request(path);
    assertEquals(500, response.statusCode());
    assertTrue(response.body().contains("broken"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCloseDoesNotWaitForAScrape(boolean heedsItsInterrupt) {
    CountDownLatch released = new CountDownLatch(1);
    AtomicReference<@Nullable Thread> scraping = new AtomicReference<>();
    scrape =
        () -> {
          scraping.set(Thread.currentThread());
          while (released.getCount() > 0 && !(heedsItsInterrupt && Thread.interrupted())) {
            LockSupport.park();
          }
          return "";
        };
    CompletableFuture<?> response =
        client.sendAsync(HttpRequest.newBuilder(server.url("/metrics")).build(), ofString());
    ParkedThread.await(() -> scraping.get() != null, "a scrape");
    Thread thread = requireNonNull(scraping.get());
    try {
      server.close();
      assertThrows(ExecutionException.class, () -> response.get(20, SECONDS));
      assertEquals(!heedsItsInterrupt, thread.isAlive());
    } finally {
      released.countDown();
      LockSupport.unpark(thread);
    }
  }

  @Test
  void norForAClientThatKeepsItsConnectionOrSendsNothing() throws Exception {
    request("/metrics"); // and stays connected
    try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), server.url("/").getPort());
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.url("/").getPort())) {
      slow.getOutputStream().write("GET /metr".getBytes(UTF_8));
      server.close();
      assertHungUp(idle);
      assertHungUp(slow);
    }
  }

  /** Connects as the server closes; one stop of the JDK's leaves 3 of 100 connected. */
  @Test
  void norForAClientThatConnectsMeanwhile() throws Exception {
    for (int round = 0; round < 200; round++) {
      MetricsServer closing = new MetricsServer(0, () -> "", () -> "");
      int port = closing.url("/").getPort();
      try (Socket early = new Socket(InetAddress.getLoopbackAddress(), port);
          Socket late = new Socket(InetAddress.getLoopbackAddress(), port)) {
        closing.close();
        assertHungUp(early);
        assertHungUp(late);
      } finally {
        closing.close();
      }
    }
  }

  private static void assertHungUp(Socket client) {
    int got;
    try {
      client.setSoTimeout(20_000);
      got = client.getInputStream().read();
    } catch (SocketException reset) {
      return;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertEquals(-1, got);
  }

  @Test
  void onceItIsClosedNobodyListens() throws Exception {
    request("/metrics");
    server.close();
    assertThrows(
        ConnectException.class,
        () -> new Socket(InetAddress.getLoopbackAddress(), server.url("/").getPort()).close());
  }

  private HttpResponse<String> request(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(server.url(path)).build(), ofString());
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
