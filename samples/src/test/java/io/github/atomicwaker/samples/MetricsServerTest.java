package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MetricsServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private Supplier<String> scrape = () -> "up 1\n";
  private final MetricsServer server;

  MetricsServerTest() throws IOException {
    server = new MetricsServer(0, () -> scrape.get());
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @Test
  void aScrapeIsPrometheusText() throws Exception {
    HttpResponse<String> response = request("GET", "/metrics");
    assertEquals(200, response.statusCode());
    assertEquals("up 1\n", response.body());
    assertEquals("text/plain; version=0.0.4; charset=utf-8", header(response, "Content-Type"));
    assertEquals("no-store", header(response, "Cache-Control"));
  }

  @Test
  void aScrapeWithoutMetersIsEmpty() throws Exception {
    scrape = () -> "";
    HttpResponse<String> response = request("GET", "/metrics");
    assertEquals(200, response.statusCode());
    assertEquals("", response.body());
  }

  @Test
  void thePageNeedsNothingElse() throws Exception {
    HttpResponse<String> response = request("GET", "/");
    assertEquals(200, response.statusCode());
    assertEquals("text/html; charset=utf-8", header(response, "Content-Type"));
    assertTrue(response.body().contains("default-src 'none'; connect-src 'self'"));
    Pattern reference =
        Pattern.compile("https?:|\\bsrc=|@import|url\\(|<link (?!rel=\"icon\" href=\"data:,\")");
    assertFalse(reference.matcher(response.body()).find());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/metrics/", "/metricsx"})
  void thereIsNothingElse(String path) throws Exception {
    assertEquals(404, request("GET", path).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "DELETE", "HEAD"})
  void thereIsGetOnly(String method) throws Exception {
    HttpResponse<String> response = request(method, "/metrics");
    assertEquals(405, response.statusCode());
    assertEquals("GET", header(response, "Allow"));
  }

  @Test
  void aScrapeThatBreaksIsSaid() throws Exception {
    scrape =
        () -> {
          throw new IllegalStateException("broken");
        };
    HttpResponse<String> response = request("GET", "/metrics");
    assertEquals(500, response.statusCode());
    assertTrue(response.body().contains("broken"));
  }

  @Test
  void onceItIsClosedNobodyListens() throws Exception {
    request("GET", "/metrics");
    server.close();
    assertThrows(
        ConnectException.class,
        () -> new Socket(InetAddress.getLoopbackAddress(), server.url("/").getPort()).close());
  }

  private HttpResponse<String> request(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.url(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
