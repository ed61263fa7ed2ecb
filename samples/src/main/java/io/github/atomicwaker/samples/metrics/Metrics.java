package io.github.atomicwaker.samples.metrics;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.WakerStats;
import io.github.atomicwaker.micrometer.AtomicWakerMetrics;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Flag;
import io.github.atomicwaker.samples.common.Load;
import io.github.atomicwaker.samples.common.Option;
import io.github.atomicwaker.samples.common.Sample;
import io.github.atomicwaker.samples.multiplexer.Multiplexer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The load of the {@link Multiplexer}, whose two groups track their waits: a page shows live what
 * they count and who waits, and Prometheus can scrape them over HTTP. The user can add what goes
 * wrong in production, to see how that looks. At the end the sample scrapes itself, and compares
 * that with what it has counted.
 */
public final class Metrics implements AutoCloseable {
  private static final Option SECONDS = new Option("seconds", 60, 1, 3_600, "seconds to serve");
  static final Option PORT =
      new Option("port", 0, 0, 65_535, "port of the HTTP server on loopback; 0 takes a free one");
  static final Flag STUCK = new Flag("stuck", "one more thread waits for a reply that never comes");
  static final Flag HOG = new Flag("hog", "some threads keep the carriers busy");
  public static final Sample SAMPLE =
      new Sample(
          "Metrics",
          "its load, with metrics on HTTP and a page that shows them",
          List.of(Multiplexer.THREADS, SECONDS, Multiplexer.SEED, PORT, STUCK, HOG),
          Metrics::main);

  /** What the user can add to the load. */
  enum Trouble {
    /** A thread whose reply never comes: {@link Multiplexer#STUCK}. */
    STUCK,
    /** Some threads compute after each reply, and keep the carriers from the others. */
    HOG
  }

  private static final int HOGS_PER_CARRIER = 2;

  /** How many waits {@code /waits} has. */
  private static final int MOST_WAITS = 8;

  /** What the calls wait in, one waker for each. */
  private final WakerGroup replies = WakerGroup.named("replies").trackingWaits();

  /** What the connection's writer waits in. */
  private final WakerGroup requests = WakerGroup.named("requests").trackingWaits();

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MetricsServer http;

  Metrics(int port) throws IOException, Failure {
    AtomicWakerMetrics.monitor(registry, replies);
    AtomicWakerMetrics.monitor(registry, requests);
    try {
      OldestWaits waits = new OldestWaits(List.of(replies, requests), MOST_WAITS);
      http = new MetricsServer(port, registry::scrape, waits::json);
    } catch (SocketException taken) {
      throw new Failure(Failure.USAGE, "-Dport=%d: %s".formatted(port, taken.getMessage()));
    }
  }

  private static void main(Console console) throws Exception {
    int threads = Multiplexer.THREADS.value();
    int seconds = SECONDS.value();
    int seed = Multiplexer.SEED.value();
    Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
    if (STUCK.value()) {
      troubles.add(Trouble.STUCK);
    }
    if (HOG.value()) {
      troubles.add(Trouble.HOG);
    }
    try (Metrics metrics = new Metrics(PORT.value())) {
      console.line(
          """
          %,d virtual threads share one TCP connection, and record what their wakers do.
          For %,d seconds:
            %-30s  draws it live
            %-30s  is what Prometheus scrapes
            %-30s  names the threads that wait longest
          """
              .formatted(
                  threads,
                  seconds,
                  metrics.url("/"),
                  metrics.url("/metrics"),
                  metrics.url("/waits")));
      Load load = metrics.run(threads, Duration.ofSeconds(seconds), seed, troubles, console);
      long asked = load.replies() + (troubles.contains(Trouble.STUCK) ? 1 : 0);
      console.line("\n" + load.verdict() + "\n\n" + metrics.summary(asked));
    }
  }

  URI url(String path) {
    return http.url(path);
  }

  Load run(int threads, Duration time, int seed, Set<Trouble> troubles, Console console)
      throws Exception {
    boolean stuck = troubles.contains(Trouble.STUCK);
    int hogs =
        troubles.contains(Trouble.HOG)
            ? HOGS_PER_CARRIER * Runtime.getRuntime().availableProcessors()
            : 0;
    return Multiplexer.load(replies, requests, threads, time, seed, stuck, hogs, console);
  }

  /**
   * Scrapes over HTTP. Returns what the scrape has, as a table.
   *
   * @param asked how many requests there were: each of them is one wake in either group
   * @throws Failure if the scrape has anything else than the program counted
   */
  String summary(long asked) throws Failure, IOException, InterruptedException {
    Scrape scrape = Scrape.of(url("/metrics"));
    StringBuilder summary =
        new StringBuilder(
            "The last scrape:%n%n  %-10s%14s%14s%12s%12s%15s%n"
                .formatted("waker", "wakes", "wake-ups", "spurious", "races", "mean park"));
    for (WakerGroup group : List.of(replies, requests)) {
      String waker = group.name();
      check(scrape, group, asked);
      summary.append(
          "  %-10s%,14.0f%,14.0f%,12.0f%,12.0f%,12.3f ms%n"
              .formatted(
                  waker,
                  scrape.sum("atomicwaker_wakes_total", waker),
                  scrape.sum("atomicwaker_wakeups_total", waker),
                  scrape.sum("atomicwaker_wakeups_total", waker, "cause", "spurious"),
                  scrape.sum("atomicwaker_races_total", waker),
                  1e3
                      * scrape.sum("atomicwaker_park_seconds_sum", waker)
                      / Math.max(1, scrape.sum("atomicwaker_park_seconds_count", waker))));
    }
    return summary + "%nIt agrees with what the program counted itself.".formatted();
  }

  /** Compares a scrape with what the program knows, once nothing is being counted. */
  static void check(Scrape scrape, WakerGroup group, long asked) throws Failure, IOException {
    WakerStats stats = group.stats();
    same(scrape, "atomicwaker_wakes_total", group, asked);
    same(scrape, "atomicwaker_park_seconds_count", group, stats.parkedWaits());
    same(scrape, "atomicwaker_spins_waits_total", group, stats.spunWaits());
    same(
        scrape,
        "atomicwaker_latency_seconds_count",
        group,
        requireNonNull(stats.latency(), "tracking").count());
    same(scrape, "atomicwaker_waiting_threads", group, 0);
    same(scrape, "atomicwaker_waiting_longest_seconds", group, 0);
  }

  private static void same(Scrape scrape, String meter, WakerGroup group, long counted)
      throws Failure, IOException {
    double scraped = scrape.sum(meter, group.name());
    if (scraped != counted) {
      throw new Failure(
          Failure.WRONG,
          "%s of \"%s\": the scrape has %,.0f, and %,d is right"
              .formatted(meter, group.name(), scraped, counted));
    }
  }

  @Override
  public void close() {
    http.close();
    registry.close();
  }
}
