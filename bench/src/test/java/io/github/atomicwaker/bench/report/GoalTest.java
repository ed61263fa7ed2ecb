package io.github.atomicwaker.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What the goals say of results that are known: of medians over the forks, at each point. */
class GoalTest {

  /** One result as JMH writes it, with one iteration for each fork. */
  private static String result(
      String method, String mode, int workers, String params, double... forks) {
    String rawData =
        Arrays.stream(forks)
            .mapToObj(score -> "[" + score + "]")
            .collect(Collectors.joining(", ", "[", "]"));
    return """
        {"benchmark": "row.%s", "mode": "%s", "threads": %d, "params": {%s},
         "primaryMetric": {"rawData": %s}, "secondaryMetrics": {}}"""
        .formatted(method, mode, workers, params, rawData);
  }

  private static String trip(String contestant, int pairs, double... forks) {
    String params =
        """
        "contestant": "%s", "threads": "virtual", "pairs": "%d", "carriers": "all", "cores": "free"
        """
            .formatted(contestant, pairs);
    return result("roundTrip", "avgt", 1, params, forks);
  }

  private static String wake(String method, int workers, double operationsInMicrosecond) {
    return result(method, "thrpt", workers, "\"threads\": \"platform\"", operationsInMicrosecond);
  }

  private static Goal goal(String key, String... results) {
    String row = key.substring(0, key.indexOf('.'));
    List<Measured> measured =
        Measured.all(
            JsonMapper.shared()
                .readTree(Stream.of(results).collect(Collectors.joining(", ", "[", "]"))));
    return Goal.all(Map.of(row, measured)).stream()
        .filter(goal -> goal.key().equals(key))
        .findAny()
        .orElseThrow();
  }

  @Test
  void aRatioIsOfMediansAndMetUpToItsLimit() {
    String own = trip("AtomicWaker", 1, 900, 100, 10);
    Goal met = goal("round-trip.queue", own, trip("SynchronousQueue", 1, 200, 1, 1000));
    assertTrue(met.met());
    assertEquals("0.500 (virtual, 1 pair)", met.found());
    Goal missed = goal("round-trip.queue", own, trip("SynchronousQueue", 1, 199.9));
    assertTrue(missed.measured());
    assertFalse(missed.met(), "no goal is met by rounding");
  }

  @Test
  void aRatioIsToTheBestOfThePeersAtTheSamePoint() {
    Goal goal =
        goal(
            "load.fixed",
            trip("AtomicWaker", 2, 130),
            trip("raw LockSupport", 2, 200),
            trip("2 yields, park", 2, 100),
            trip("Condition", 2, 1),
            trip("AtomicWaker", 10, 100),
            trip("raw LockSupport", 10, 100),
            trip("AtomicWaker", 100, 1));
    assertFalse(goal.met());
    assertEquals("met at 1 of 2; not at: 1.30 (virtual, 2 pairs)", goal.found());
  }

  @Test
  void theCostOfAWakeIsThatOfEachThread() {
    String one = wake("atomicWaker", 1, 500);
    assertTrue(goal("idle-wake.flat", one, wake("atomicWaker", 2, 1000)).met());
    Goal slower = goal("idle-wake.flat", one, wake("atomicWaker", 2, 500));
    assertEquals("2.00 (platform, 2 threads)", slower.found());
    assertFalse(slower.met());
  }

  @Test
  void whatIsNotMeasuredIsNotMet() {
    Goal goal = goal("round-trip.queue", trip("AtomicWaker", 1, 100));
    assertFalse(goal.measured());
    assertFalse(goal.met());
  }
}
