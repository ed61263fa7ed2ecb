package io.github.atomicwaker.samples.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.atomicwaker.samples.common.Closing;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.multiplexer.Multiplexer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sample's metrics while its load runs; it has been through some wakes when this is made. */
final class LoadedMetrics implements AutoCloseable {
  private static final int THREADS = 100;

  private final Metrics metrics = new Metrics(0);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<?> load;

  LoadedMetrics(Metrics.Trouble... troubles) throws Exception {
    Console silent =
        new Console(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), false);
    load =
        executor.submit(
            () -> metrics.run(THREADS, Duration.ofHours(1), 1, Set.of(troubles), silent));
    try {
      while (delivered() == 0) {
        if (load.isDone()) {
          load.get();
        }
      }
    } catch (Throwable noLoad) {
      end();
      throw noLoad;
    }
  }

  URI page() {
    return metrics.url("/");
  }

  /** Returns the oldest wait, as the server has it, once that is the one that is stuck. */
  JsonNode stuck() throws Exception {
    JsonNode oldest;
    do {
      oldest = JsonMapper.shared().readTree(Scrape.text(metrics.url("/waits"))).path(0);
    } while (!oldest.path("thread").asString("").equals(Multiplexer.STUCK));
    return oldest;
  }

  Scrape scrape() throws Exception {
    return Scrape.of(metrics.url("/metrics"));
  }

  double delivered() throws Exception {
    return scrape().sum("atomicwaker_wakes_total", "replies", "result", "delivered");
  }

  /** Fails if the load has ended before. */
  @Override
  public void close() {
    try {
      if (load.isDone()) {
        throw new AssertionError("the load has ended", load.exceptionNow());
      }
    } finally {
      end();
    }
  }

  private void end() {
    Closing.all(Closing.interrupting(executor), metrics);
  }
}
