package io.github.atomicwaker.samples.metrics;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample and its scrape, over HTTP. */
@Timeout(60)
class MetricsTest {
  private static final Map<String, String> OPTIONS = Map.of("threads", "50", "seconds", "1");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void clear() {
    OPTIONS.keySet().forEach(System::clearProperty);
    System.clearProperty(Metrics.PORT.name());
  }

  @Test
  void theSampleScrapesItselfAtTheEnd() throws Exception {
    OPTIONS.forEach(System::setProperty);
    Metrics.SAMPLE.body().run(new Console(new PrintStream(printed, true), false));
    String text = printed.toString();
    assertTrue(text.contains("/metrics "), text);
    assertTrue(text.contains("none is missing, none is wrong"), text);
    assertTrue(text.contains("It agrees with what the program counted itself."), text);
  }

  @Test
  void aScrapeDuringTheLoadHasEveryMeterOfBothGroups() throws Exception {
    Set<String> names = new TreeSet<>();
    try (LoadedMetrics loaded = new LoadedMetrics()) {
      for (Scrape.Series series : loaded.scrape().series()) {
        names.add(
            series.name()
                + new TreeSet<>(
                    series.labels().entrySet().stream().map(Object::toString).toList()));
      }
    }
    Set<String> expected = new TreeSet<>();
    for (String waker : Set.of("waker=replies", "waker=requests")) {
      for (String result : Set.of("delivered", "taken", "idle")) {
        expected.add("atomicwaker_wakes_total[result=%s, %s]".formatted(result, waker));
      }
      for (String cause : Set.of("woken", "spurious", "timeout", "interrupted", "displaced")) {
        expected.add("atomicwaker_wakeups_total[cause=%s, %s]".formatted(cause, waker));
      }
      for (String kind : Set.of("early", "contended", "displaced")) {
        expected.add("atomicwaker_races_total[kind=%s, %s]".formatted(kind, waker));
      }
      expected.add("atomicwaker_park_seconds_count[%s]".formatted(waker));
      expected.add("atomicwaker_park_seconds_sum[%s]".formatted(waker));
      expected.add("atomicwaker_spins_waits_total[%s]".formatted(waker));
      expected.add("atomicwaker_lost_events_total[%s]".formatted(waker));
      expected.add("atomicwaker_waiting_threads[%s]".formatted(waker));
    }
    assertEquals(expected, names);
  }

  @Test
  void theCountsGrowWithTheLoad() throws Exception {
    try (LoadedMetrics loaded = new LoadedMetrics()) {
      double before = loaded.delivered();
      double after = before;
      while (after == before) {
        after = loaded.delivered();
      }
      assertTrue(after > before, "%f, then %f".formatted(before, after));
    }
  }

  @Test
  void aScrapeThatIsWrongIsFound() throws Exception {
    Console console = new Console(new PrintStream(printed, true), false);
    try (Metrics metrics = new Metrics(0)) {
      long asked = metrics.run(10, Duration.ofMillis(100), 1, console).replies();
      metrics.summary(asked);
      Failure failure = assertThrows(Failure.class, () -> metrics.summary(asked + 1));
      assertEquals(Failure.WRONG, failure.status);
      assertTrue(
          requireNonNull(failure.getMessage()).startsWith("atomicwaker_wakes_total of \"replies\""),
          failure.getMessage());
    }
  }

  @Test
  void aScrapeWithoutTheMetersIsFound() {
    WakerGroup group = WakerGroup.named("replies").recordingStats();
    assertThrows(IOException.class, () -> Metrics.check(Scrape.parse("up 1"), group, 0));
  }

  @Test
  void aPortThatIsTakenIsRefused() throws Exception {
    try (Metrics first = new Metrics(0)) {
      int port = first.url("/").getPort();
      Failure failure = assertThrows(Failure.class, () -> new Metrics(port).close());
      assertEquals(Failure.USAGE, failure.status);
      assertTrue(
          requireNonNull(failure.getMessage()).startsWith("-Dport=" + port + ": "),
          failure.getMessage());
    }
  }

  @Test
  void aPortThatIsNoneIsRefused() {
    System.setProperty(Metrics.PORT.name(), "70000");
    Failure failure =
        assertThrows(
            Failure.class,
            () -> Metrics.SAMPLE.body().run(new Console(new PrintStream(printed, true), false)));
    assertEquals(Failure.USAGE, failure.status);
  }
}
