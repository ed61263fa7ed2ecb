package io.github.atomicwaker.bench.report;

import static io.github.atomicwaker.bench.report.ResultsOfJmh.counting;
import static io.github.atomicwaker.bench.report.ResultsOfJmh.measured;
import static io.github.atomicwaker.bench.report.ResultsOfJmh.result;
import static io.github.atomicwaker.bench.report.ResultsOfJmh.trip;
import static io.github.atomicwaker.bench.report.ResultsOfJmh.wake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which goals known results meet: by medians over the forks, at each point. */
class GoalTest {

  private static Goal goal(String key, String... results) {
    String row = key.substring(0, key.indexOf('.'));
    return Goal.of(key, Goal.all(Map.of(row, measured(results)))).orElseThrow();
  }

  @Test
  void aRatioIsOfMediansAndMetUpToItsLimit() {
    String own = trip("AtomicWaker", 1, 900, 100, 10);
    Goal met = goal("round-trip.queue", own, trip("SynchronousQueue", 1, 200, 1, 1000));
    assertTrue(met.met());
    assertEquals("virtual threads: at least 2× faster than `SynchronousQueue`", met.promise());
    assertEquals("2.00× faster (virtual, 1 pair)", met.worst());
    assertEquals("met", met.verdict());
    Goal missed = goal("round-trip.queue", own, trip("SynchronousQueue", 1, 199.9));
    assertTrue(missed.measured());
    assertFalse(missed.met(), "no goal is met by rounding");
    assertEquals("**not met**", missed.verdict());
    assertEquals(List.of("1.999× faster (virtual, 1 pair)"), missed.misses());
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
    assertEquals("**not met** at 1 of 2", goal.verdict());
    assertEquals("1.30× slower (virtual, 2 pairs)", goal.worst());
    assertEquals(List.of("1.30× slower (virtual, 2 pairs)"), goal.misses());
  }

  @Test
  void eachPointThatMissesIsNamedTheWorstFirst() {
    Goal goal =
        goal(
            "load.raw",
            trip("AtomicWaker", 2, 130),
            trip("raw LockSupport", 2, 100),
            trip("AtomicWaker", 10, 500),
            trip("raw LockSupport", 10, 100),
            trip("AtomicWaker", 100, 110),
            trip("raw LockSupport", 100, 100));
    assertEquals("**not met** at 2 of 3", goal.verdict());
    assertEquals("5.00× slower (virtual, 10 pairs)", goal.worst());
    assertEquals(
        "5.00× slower (virtual, 10 pairs), 1.30× (virtual, 2 pairs)", goal.missesInShort());
  }

  @Test
  void pointsThatAreFasterButNotEnoughSaySo() {
    Goal goal =
        goal(
            "mailbox.jdk",
            mailbox("AtomicWaker", 1, 100),
            mailbox("LinkedBlockingQueue", 1, 150),
            mailbox("AtomicWaker", 4, 100),
            mailbox("LinkedBlockingQueue", 4, 80));
    assertEquals(
        "1.25× slower (virtual, bounded, 4 producers), 1.50× faster (virtual, bounded, 1 producer)",
        goal.missesInShort());
  }

  private static String mailbox(String contestant, int producers, double nanos) {
    String params =
        """
        "contestant": "%s", "threads": "virtual", "producers": "%d", "bounded": "true"
        """
            .formatted(contestant, producers);
    return result("message", "avgt", 1, params, nanos);
  }

  @Test
  void theCostOfAWakeIsThatOfEachThread() {
    String one = wake("atomicWaker", 1, 500);
    assertTrue(goal("idle-wake.flat", one, wake("atomicWaker", 2, 1000)).met());
    Goal slower = goal("idle-wake.flat", one, wake("atomicWaker", 2, 500));
    assertEquals("2.00× slower (platform, 2 threads)", slower.worst());
    assertFalse(slower.met());
  }

  @Test
  void whatIsNotMeasuredIsNotMet() {
    Goal goal = goal("round-trip.queue", trip("AtomicWaker", 1, 100));
    assertFalse(goal.measured());
    assertFalse(goal.met());
    assertEquals("**incomplete**", goal.verdict());
    assertEquals("not measured", goal.worst());
  }

  private static String service(String contestant, int micros, double nanos, double processor) {
    String params =
        """
        "contestant": "%s", "threads": "virtual", "clients": "1", "cores": "busy", "micros": "%d"
        """
            .formatted(contestant, micros);
    return counting(
        result("service", "avgt", 1, params, nanos), "processorNanosPerReply", processor);
  }

  @Test
  void aReplyHasATimeAndAProcessorTime() {
    String[] results = {
      service("AtomicWaker", 5, 105, 500),
      service("AtomicWaker, parking only", 5, 110, 100),
      service("spin 100, park", 5, 100, 1),
      service("AtomicWaker", 20, 100, 130),
      service("AtomicWaker, parking only", 20, 100, 100)
    };
    assertTrue(goal("service.time", results).met());
    assertEquals(
        "1.05× slower (time, virtual, 1 client, 5 µs, busy cores)",
        goal("service.time", results).worst());
    Goal processor = goal("service.processor", results);
    assertFalse(processor.met());
    assertEquals(
        List.of("1.30× slower (processor time, virtual, 1 client, 20 µs, busy cores)"),
        processor.misses());
  }

  private static String[] both(String method, String us, String them, String point, double ratio) {
    String params = "\"contestant\": \"%s\", " + point;
    return new String[] {
      result(method, "avgt", 1, params.formatted(us), ratio),
      result(method, "avgt", 1, params.formatted(them), 1)
    };
  }

  private static void assertOnlyAt(String key, String worst, String[]... points) {
    Goal goal = goal(key, Stream.of(points).flatMap(Stream::of).toArray(String[]::new));
    assertEquals(1, goal.measures().size(), goal.measures().toString());
    assertEquals(worst, goal.worst());
  }

  @Test
  void aGoalOfSomePointsLeavesTheOthersOut() {
    String[][] pairs =
        Stream.of("10 free", "100 free", "2 busy", "2 free")
            .map(
                at -> {
                  String[] words = at.split(" ");
                  String point =
                      "\"threads\": \"platform\", \"pairs\": \"%s\", \"carriers\": \"all\", \"cores\": \"%s\""
                          .formatted((Object[]) words);
                  double ratio = Double.parseDouble(words[0]) + (words[1].equals("busy") ? 1 : 0);
                  return both("roundTrip", "AtomicWaker", "raw LockSupport", point, ratio);
                })
            .toArray(String[][]::new);
    assertOnlyAt("load.ten", "10.0× slower (platform, 10 pairs)", pairs);
    assertOnlyAt("load.hundred", "100× slower (platform, 100 pairs)", pairs);
    assertOnlyAt("load.busy", "3.00× slower (platform, 2 pairs, busy cores)", pairs);
  }

  @Test
  void aHandoffOfOnePairOnTwoCarriersNeedNotPark() {
    String point =
        "\"threads\": \"virtual\", \"pairs\": \"1\", \"carriers\": \"%s\", \"cores\": \"free\"";
    String recorded = "Handoff with statistics";
    assertOnlyAt(
        "recording.parked",
        "2.00× slower (virtual, 1 pair, one carrier)",
        both("handoff", recorded, "Handoff", point.formatted("all"), 3),
        both("handoff", recorded, "Handoff", point.formatted("1"), 2));
  }

  private static String reply(String contestant, double nanos) {
    String params =
        """
        "contestant": "%s", "threads": "virtual", "clients": "1", "cores": "free", "micros": "0"
        """
            .formatted(contestant);
    return result("reply", "avgt", 1, params, nanos);
  }

  @Test
  void aReplyWithoutWorkHasNoServiceTime() {
    assertEquals(
        "2.00× faster (virtual, 1 client)",
        goal("one-shot.future", reply("OneShot", 100), reply("CompletableFuture", 200)).worst());
  }

  private static String use(String contestant, String use, double nanos) {
    String params = "\"contestant\": \"%s\", \"use\": \"%s\"".formatted(contestant, use);
    return counting(result("firstUse", "avgt", 1, params, 1e9), "firstUseNanos", nanos);
  }

  @Test
  void aFirstUseIsWhatItsOwnJvmMeasured() {
    String[] results = {
      use("AtomicWaker", "first wait", 5e6),
      use("AtomicWaker, its classes included", "first wait", 1e9),
      use("Condition", "first wait", 2e6),
      use("AtomicWaker", "first wake", 6e6)
    };
    Goal wait = goal("first-wait.wait", results);
    assertTrue(wait.met());
    assertEquals(
        "first wait of a JVM, classes loaded: at most 10 ms longer than of a `Condition`",
        wait.promise());
    assertEquals("3.00 ms (first wait)", wait.worst());
    assertEquals(List.of("6.00 ms"), goal("first-wait.wake", results).misses());
  }

  @Test
  void aHandoffIsReadUnderItsFormerName() {
    String params = "\"contestant\": \"%s\", \"threads\": \"virtual\", \"pairs\": \"1\"";
    Goal goal =
        goal(
            "allocation.handoff",
            result("handOver", "avgt", 1, params.formatted("Handoff"), 40),
            result("handoff", "avgt", 1, params.formatted("raw slot"), 24));
    assertEquals("16 bytes (virtual, 1 pair)", goal.worst());
  }
}
