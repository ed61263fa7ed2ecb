package io.github.atomicwaker.samples.metrics;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page, in a browser. */
@Timeout(120)
class PageTest {

  /** In which the page scrapes about eight times. */
  private static final Duration WHILE = Duration.ofMillis(8_500);

  private static final List<String> CHARTS =
      List.of("waiting", "longest", "wakes", "latency", "ended", "park", "spurious", "races");

  @TempDir private Path folder;

  private String waits = "[]";

  @Test
  void thePageDrawsTheLoadLive() throws Exception {
    String page;
    try (LoadedMetrics loaded = new LoadedMetrics()) {
      page = page(loaded.page());
    }
    assertTrue(status(page).startsWith("Live"), status(page));
    assertEquals(Set.of("replies", "requests"), now(page, "waiting").keySet());
    assertEquals(Set.of("replies", "requests"), now(page, "longest").keySet());
    assertEquals(Set.of("delivered", "idle", "taken"), now(page, "wakes").keySet());
    assertEquals(
        Set.of("replies median", "replies 99 %", "requests median", "requests 99 %"),
        now(page, "latency").keySet());
    assertEquals(
        Set.of("spun", "woken", "timeout", "interrupted", "displaced"),
        now(page, "ended").keySet());
    assertEquals(Set.of("spurious"), now(page, "spurious").keySet());
    assertEquals(Set.of("contended", "displaced", "early"), now(page, "races").keySet());
    for (String chart : CHARTS) {
      assertTrue(lines(page, chart).stream().allMatch(line -> line.contains("L")), chart);
      for (String value : now(page, chart).values()) {
        assertTrue(value.matches("[0-9.]+([KM%]?|&nbsp;([nµm]?s))"), value);
      }
    }
    String delivered = lines(page, "wakes").get(0);
    assertTrue(heights(delivered).size() > 1, "no wakes are drawn: " + delivered);
  }

  @Test
  void thePageCountsRight() throws Exception {
    String page =
        page(
            scrape ->
                """
                atomicwaker_waiting_threads{waker="a"} 7
                atomicwaker_waiting_threads{waker="\\"<b>\\\\"} 2
                atomicwaker_waiting_threads{waker="c"} NaN
                atomicwaker_waiting_longest_seconds{waker="a"} 125.4
                atomicwaker_waiting_longest_seconds{waker="b"} 0.0
                atomicwaker_latency_percentile_seconds{phi="0.5",waker="a"} 3.5E-5
                atomicwaker_latency_percentile_seconds{phi="0.99",waker="a"} 0.0123
                atomicwaker_latency_percentile_seconds{phi="0.99",waker="c"} NaN
                atomicwaker_spins_waits_total{waker="a"} 8
                atomicwaker_park_seconds_count{waker="a"} %1$d0
                atomicwaker_park_seconds_sum{waker="a"} %1$d
                atomicwaker_park_seconds_count{waker="b"} 3
                atomicwaker_park_seconds_sum{waker="b"} %1$d
                atomicwaker_wakes_total{result="delivered",waker="a"} %1$d00
                atomicwaker_wakes_total{result="delivered",waker="b"} %1$d00
                atomicwaker_wakeups_total{cause="spurious",waker="a"} %1$d
                atomicwaker_wakeups_total{cause="woken",waker="a"} %1$d3
                atomicwaker_races_total{kind="early",waker="a"} 3
                """
                    .formatted(scrape));
    assertEquals(Map.of("a", "7", "\"&lt;b&gt;\\", "2"), now(page, "waiting"));
    assertEquals(Map.of("a", "2&nbsp;min&nbsp;5&nbsp;s", "b", "0&nbsp;s"), now(page, "longest"));
    assertEquals(Map.of("a median", "35&nbsp;µs", "a 99 %", "12.3&nbsp;ms"), now(page, "latency"));
    assertEquals(Map.of("a", "100&nbsp;ms", "b", "–"), now(page, "park"));
    assertEquals("0", now(page, "ended").get("spun"));
    assertEquals(Set.of("spun", "woken"), now(page, "ended").keySet());
    assertEquals(Map.of("spurious", "9.09%"), now(page, "spurious"));
    assertEquals(Map.of("early", "0"), now(page, "races"));
    double perSecond = Double.parseDouble(now(page, "wakes").get("delivered"));
    assertTrue(160 < perSecond && perSecond <= 200, "%f per second".formatted(perSecond));
  }

  @Test
  void theOneThatIsStuckIsNamed() throws Exception {
    String page;
    try (LoadedMetrics loaded = new LoadedMetrics(Metrics.Trouble.STUCK)) {
      loaded.stuck();
      page = page(loaded.page());
    }
    List<String> oldest = waits(page).get(0);
    assertEquals("stuck-1", oldest.get(0));
    assertTrue(oldest.get(1).matches("[0-9.]+&nbsp;m?s"), oldest.get(1));
    assertTrue(oldest.get(2).matches("AtomicWaker@[0-9a-f]+"), oldest.get(2));
    assertEquals(List.of("replies", "parked"), oldest.subList(3, 5));
  }

  @Test
  void theWaitsAreShownAsTheServerHasThem() throws Exception {
    waits =
        """
        [{"group":"a","thread":"<b>\\u0022","waker":"x.AtomicWaker@1f","since":"s","age":10,"woken":null},
         {"group":"b","thread":"#7","waker":"x.AtomicWaker@2e","since":"s","age":0.5,"woken":0.012}]
        """;
    String page = page(scrape -> "up 1");
    assertEquals(
        List.of(
            List.of("&lt;b&gt;\"", "10&nbsp;s", "AtomicWaker@1f", "a", "parked"),
            List.of(
                "#7",
                "500&nbsp;ms",
                "AtomicWaker@2e",
                "b",
                "woken 12&nbsp;ms ago, and has not run yet")),
        waits(page));
    assertTrue(page.contains("<tr class=\"old\" title=\"x.AtomicWaker@1f since s\">"), page);
    assertTrue(page.contains("<tr title=\"x.AtomicWaker@2e since s\">"), page);
  }

  @Test
  void countersThatRestartLeaveAGap() throws Exception {
    String page =
        page(
            scrape ->
                "atomicwaker_wakes_total{result=\"idle\",waker=\"a\"} "
                    + (scrape < 4 ? 1_000 + scrape : scrape));
    String line = lines(page, "wakes").get(0);
    assertEquals(3, line.split("M", -1).length, "not two pieces: " + line);
  }

  @Test
  void aServerThatFailsIsSaidAndTheChartsStay() throws Exception {
    String page =
        page(
            scrape -> {
              if (scrape > 4) {
                throw new IllegalStateException("out of order");
              }
              return "atomicwaker_waiting_threads{waker=\"a\"} " + scrape;
            });
    assertTrue(
        status(page).matches("No scrape since .*: the server answers 500, .*out of order.*"),
        status(page));
    assertEquals(Map.of("a", "–"), now(page, "waiting"));
    assertEquals(4, heights(lines(page, "waiting").get(0)).size());
  }

  @Test
  void aScrapeWithoutWakersIsSaid() throws Exception {
    String page = page(scrape -> "up 1");
    assertTrue(status(page).startsWith("The scrape has no wakers"), status(page));
    for (String chart : CHARTS) {
      assertTrue(chart(page, chart).contains(">no data yet<"), chart);
    }
    assertEquals(List.of(List.of("no thread waits")), waits(page));
  }

  /** Shows the page with such scrapes; the first one is number 1. */
  private String page(IntFunction<String> scrapes) throws Exception {
    AtomicInteger numbers = new AtomicInteger();
    try (var server =
        new MetricsServer(0, () -> scrapes.apply(numbers.incrementAndGet()) + "\n", () -> waits)) {
      return page(server.url("/"));
    }
  }

  private String page(URI url) throws Exception {
    return Chromium.dom(url, WHILE, folder);
  }

  private static String status(String page) {
    return first(page, "<p id=\"status\"[^>]*>(.*?)</p>");
  }

  /** The current values of a chart, by name. */
  private static Map<String, String> now(String page, String chart) {
    return found(chart(page, chart), "<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>").stream()
        .collect(toMap(entry -> entry.group(1), entry -> entry.group(2)));
  }

  /** The rows of the table of waits, each as its cells. */
  private static List<List<String>> waits(String page) {
    return found(first(page, "<tbody>(.*?)</tbody>"), "<tr[^>]*>(.*?)</tr>").stream()
        .map(
            row ->
                found(row.group(1), "<td[^>]*>(.*?)</td>").stream()
                    .map(cell -> cell.group(1))
                    .toList())
        .toList();
  }

  /** The lines of a chart, each as the path that is drawn. */
  private static List<String> lines(String page, String chart) {
    return found(chart(page, chart), "<path class=\"line s[0-9]\" d=\"([^\"]*)\"").stream()
        .map(path -> path.group(1))
        .toList();
  }

  private static Set<String> heights(String line) {
    return found(line, "[ML][0-9.]+ ([0-9.]+)").stream()
        .map(point -> point.group(1))
        .collect(toSet());
  }

  private static String chart(String page, String id) {
    return first(page, "(<section id=\"" + id + "\">.*?</section>)");
  }

  private static String first(String text, String pattern) {
    List<MatchResult> all = found(text, pattern);
    assertTrue(!all.isEmpty(), () -> "no " + pattern + " in " + text);
    return all.get(0).group(1);
  }

  private static List<MatchResult> found(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
    return matcher.results().toList();
  }
}
