package io.github.atomicwaker.samples.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves scrapes at {@code /metrics}, the oldest waits at {@code /waits}, and at {@code /} the page
 * that shows both; on loopback, with a virtual thread per request.
 */
final class MetricsServer implements AutoCloseable {
  /** How long a closing waits for a scrape to heed its interrupt: it is not the server's code. */
  private static final long LAST_CALL_SECONDS = 1;

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean closing;

  /**
   * Starts the server.
   *
   * @param port the port, or 0 for a free one
   * @param scrape the meters in Prometheus' text form; what it throws becomes an error 500
   * @param waits the oldest waits as JSON; likewise
   */
  MetricsServer(int port, Supplier<String> scrape, Supplier<String> waits) throws IOException {
    String page = page();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(this::execute);
    serve("/", "text/html", () -> page);
    serve("/metrics", "text/plain; version=0.0.4", scrape);
    serve("/waits", "application/json", waits);
    server.start();
  }

  private static String page() throws IOException {
    try (InputStream page = MetricsServer.class.getResourceAsStream("metrics.html")) {
      return new String(requireNonNull(page, "metrics.html").readAllBytes(), UTF_8);
    }
  }

  private void serve(String path, String type, Supplier<String> content) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            // A context takes every path that begins like its own.
            if (exchange.getRequestURI().getPath().equals(path)) {
              answer(exchange, type, content);
            } else {
              send(exchange, 404, "text/plain", "There are /, /metrics and /waits.\n");
            }
          }
        });
  }

  private static void answer(HttpExchange exchange, String type, Supplier<String> content)
      throws IOException {
    String body;
    try {
      body = content.get();
    } catch (RuntimeException broken) {
      send(exchange, 500, "text/plain", broken + "\n");
      return;
    }
    send(exchange, 200, type, body);
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Returns the address of a path of this server. */
  URI url(String path) {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    return URI.create("http://%s:%d%s".formatted(host, address.getPort(), path));
  }

  /**
   * The server calls this for each request, in the thread that accepts connections. That thread has
   * to stop it: the JDK forgets a connection that it accepts while another thread stops it.
   */
  private void execute(Runnable exchange) {
    if (closing) {
      server.stop(0);
      stopped.countDown();
    } else {
      executor.execute(exchange);
    }
  }

  /** Hangs up on every client. A scrape that does not end by an interrupt is left to itself. */
  @Override
  public void close() {
    closing = true;
    try (Socket request =
        new Socket(server.getAddress().getAddress(), server.getAddress().getPort())) {
      request.getOutputStream().write('\n');
      stopped.await(LAST_CALL_SECONDS, TimeUnit.SECONDS);
    } catch (IOException alreadyStopped) {
      // nobody listens any more
    } catch (InterruptedException inAHurry) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    executor.shutdownNow();
    try {
      executor.awaitTermination(LAST_CALL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException inAHurry) {
      Thread.currentThread().interrupt();
    }
  }
}
