package io.github.atomicwaker.samples.metrics;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sample and its scrape, over HTTP. */
@Timeout(60)
class MetricsTest {
  private static final Map<String, String> OPTIONS = Map.of("threads", "50", "seconds", "1");

  /** A virtual thread that is woken waits so long for a carrier only if the carriers are busy. */
  private static final double LATE_SECONDS = 0.005;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void clear() {
    OPTIONS.keySet().forEach(System::clearProperty);
    System.clearProperty(Metrics.PORT.name());
    System.clearProperty(Metrics.STUCK.name());
    System.clearProperty(Metrics.HOG.name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stuck", "hog"})
  void theSampleScrapesItselfAtTheEnd(String trouble) throws Exception {
    OPTIONS.forEach(System::setProperty);
    if (!trouble.isEmpty()) {
      System.setProperty(trouble, "true");
    }
    Metrics.SAMPLE.body().run(new Console(new PrintStream(printed, true), false));
    String text = printed.toString();
    assertTrue(text.contains("/metrics "), text);
    assertTrue(text.contains("/waits "), text);
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
      expected.add("atomicwaker_waiting_longest_seconds[%s]".formatted(waker));
      expected.add("atomicwaker_latency_seconds_count[%s]".formatted(waker));
      expected.add("atomicwaker_latency_seconds_sum[%s]".formatted(waker));
      expected.add("atomicwaker_latency_max_seconds[%s]".formatted(waker));
      for (String phi : Set.of("0.5", "0.99", "0.999")) {
        expected.add("atomicwaker_latency_percentile_seconds[phi=%s, %s]".formatted(phi, waker));
      }
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
  void theOneThatIsStuckIsTheOldest() throws Exception {
    try (LoadedMetrics loaded = new LoadedMetrics(Metrics.Trouble.STUCK)) {
      JsonNode oldest = loaded.stuck();
      assertEquals("replies", oldest.get("group").asString());
      assertTrue(
          oldest.get("waker").asString().startsWith("io.github.atomicwaker.AtomicWaker@"),
          oldest.toString());
      assertTrue(Instant.parse(oldest.get("since").asString()).isBefore(Instant.now()));
      assertTrue(oldest.get("woken").isNull(), oldest.toString());
      double age = oldest.get("age").asDouble();
      Scrape scrape = loaded.scrape();
      double longest = scrape.sum("atomicwaker_waiting_longest_seconds", "replies");
      assertTrue(0 < age && age <= longest, age + ", then " + longest);
    }
  }

  @Test
  void busyCarriersMakeThreadsLate() throws Exception {
    try (LoadedMetrics loaded = new LoadedMetrics(Metrics.Trouble.HOG)) {
      double late = 0;
      while (late < LATE_SECONDS) {
        late =
            loaded.scrape().sum("atomicwaker_latency_percentile_seconds", "replies", "phi", "0.5");
      }
    }
  }

  @Test
  void namesOfThreadsAndGroupsAreQuoted() throws Exception {
    WakerGroup group = WakerGroup.named("\"\\\n").trackingWaits();
    OldestWaits waits = new OldestWaits(List.of(group), 1);
    assertEquals("[]\n", waits.json());
    AtomicWaker waker = new AtomicWaker(group);
    AtomicBoolean over = new AtomicBoolean();
    ParkedThread<Boolean> unnamed =
        ParkedThread.in(
            () -> {
              waker.await(over::get);
              return true;
            });
    JsonNode wait = JsonMapper.shared().readTree(waits.json()).path(0);
    assertEquals("\"\\\n", wait.get("group").asString());
    assertEquals("#" + unnamed.thread.threadId(), wait.get("thread").asString());
    over.set(true);
    waker.wake();
    assertTrue(unnamed.result());
    assertEquals("[]\n", waits.json());
  }

  @Test
  void aScrapeThatIsWrongIsFound() throws Exception {
    Console console = new Console(new PrintStream(printed, true), false);
    try (Metrics metrics = new Metrics(0)) {
      long asked = metrics.run(10, Duration.ofMillis(100), 1, Set.of(), console).replies();
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
    WakerGroup group = WakerGroup.named("replies").trackingWaits();
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
