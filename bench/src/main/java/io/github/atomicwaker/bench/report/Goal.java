package io.github.atomicwaker.bench.report;

import static io.github.atomicwaker.bench.report.Results.WAKER;

import io.github.atomicwaker.bench.Links;
import io.github.atomicwaker.bench.RoundTrip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One goal, and what was measured of it: at one point or at many.
 *
 * @param key its row, a point, and its name; docs/benchmarks/notes.md has the reason under it if
 *     the goal is not met
 * @param text what is promised, with "%s" for how much
 * @param unit of the limit and of the measures
 * @param most what no measure may exceed
 * @param measures by the name of the point
 */
record Goal(String key, String text, Unit unit, double most, Map<String, Double> measures) {

  private static final String RAW = "raw LockSupport";
  private static final Set<String> JDK_QUEUES =
      Set.of("ArrayBlockingQueue", "LinkedBlockingQueue", "LinkedTransferQueue");

  /** What a limit and a measure are. */
  enum Unit {
    /** Our time by theirs. */
    RATIO {
      @Override
      String limit(double most) {
        return most < 1
            ? "at least %s× faster".formatted(Numbers.exact(1 / most))
            : most == 1 ? "no slower" : "at most %s× slower".formatted(Numbers.exact(most));
      }

      @Override
      String measure(double value, int more) {
        return Numbers.speed(value, more);
      }
    },
    BYTES {
      @Override
      String measure(double value, int more) {
        return Numbers.exact(value) + " bytes";
      }
    },
    NS,
    MS;

    String limit(double most) {
      return "at most %s %s".formatted(Numbers.exact(most), noun());
    }

    String measure(double value, int more) {
      return Numbers.digits(value, more) + " " + noun();
    }

    private String noun() {
      return this == BYTES ? "bytes" : name().toLowerCase(Locale.ROOT);
    }
  }

  String row() {
    return key.substring(0, key.indexOf('.'));
  }

  boolean measured() {
    return !measures.isEmpty();
  }

  boolean met() {
    return measured() && measures.values().stream().allMatch(this::fine);
  }

  /** What is promised. */
  String promise() {
    return text.formatted(unit.limit(most));
  }

  /** The measure that is nearest to the limit, or the farthest beyond it. */
  String worst() {
    return descending().stream().findFirst().map(this::at).orElse("not measured");
  }

  /** In how many of its points it is not met. */
  String verdict() {
    String missed = "**not met**";
    return !measured()
        ? "**incomplete**"
        : met()
            ? "met"
            : measures.size() == 1
                ? missed
                : missed + " at %d of %d".formatted(misses().size(), measures.size());
  }

  /** Each measure that is over, the worst first. */
  List<String> misses() {
    return descending().stream()
        .filter(measure -> !fine(measure.getValue()))
        .map(this::at)
        .toList();
  }

  /** The same in one line, which says "slower" once if all of them are. */
  String missesInShort() {
    String all = String.join(", ", misses());
    if (all.contains("faster")) {
      return all;
    }
    int once = all.indexOf("slower") + 1;
    return all.substring(0, once) + all.substring(once).replace("× slower", "×");
  }

  private List<Map.Entry<String, Double>> descending() {
    return measures.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .toList();
  }

  private String at(Map.Entry<String, Double> measure) {
    double value = measure.getValue();
    String said = unit.measure(value, 0);
    if (!fine(value) && said.equals(unit.measure(most, 0))) {
      said = unit.measure(value, 1); // otherwise it looks as if it were met
    }
    return measure.getKey().isEmpty() ? said : said + " (" + measure.getKey() + ")";
  }

  private boolean fine(double measure) {
    return measure <= most;
  }

  /** All goals, as far as the rows have been measured. */
  static List<Goal> all(Map<String, List<Measured>> rows) {
    List<Goal> goals = new ArrayList<>();
    In idle = new In("idle-wake", rows, goals);
    idle.add(
        "flat",
        "by several threads, each: %s than by one",
        Unit.RATIO,
        1.2,
        idle.results.flat(WAKER));
    In two = idle.where(m -> m.is("workers", "2"));
    two.ratio("condition", "2 threads: %s than `Condition`", 1 / 10.0, "Condition"::equals);
    two.ratio("swap", "2 threads: %s than an atomic swap", 1 / 5.0, "atomic swap"::equals);

    In first = new In("first-wait", rows, goals);
    first.add(
        "wait",
        "first wait of a JVM, classes loaded: %s longer than of a `Condition`",
        Unit.MS,
        10,
        millis(first.results.differences(WAKER, "Condition")));
    first.add(
        "wake",
        "first wake: %s",
        Unit.MS,
        5,
        millis(first.results.where("use", "first wake").scores(m -> "")));

    In trip = new In("round-trip", rows, goals);
    In virtual = trip.where(m -> m.is("threads", "virtual"));
    virtual.ratio(
        "queue",
        "virtual threads: %s than `SynchronousQueue`",
        1 / 2.0,
        "SynchronousQueue"::equals);
    virtual.ratio(
        "condition", "virtual threads: %s than `Condition`", 1 / 5.0, "Condition"::equals);
    virtual.ratio("exchanger", "virtual threads: %s than `Exchanger`", 1, "Exchanger"::equals);
    virtual.ratio("spin", "virtual threads: %s than a pure spin", 1.5, "pure spin"::equals);
    trip.where(m -> m.is("threads", "platform"))
        .ratio(
            "platform",
            "platform threads: %s than the best peer, fixed strategies aside",
            1,
            Goal::peer);

    In load = new In("load", rows, goals);
    load.ratio("raw", "%s than raw `LockSupport`", 1.15, RAW::equals);
    load.ratio("condition", "%s than `Condition`", 1, "Condition"::equals);
    load.ratio("fixed", "%s than the best fixed strategy", 1.25, RoundTrip.FIXED::contains);
    In virtualLoad = load.where(m -> m.is("threads", "virtual"));
    virtualLoad.ratio(
        "bare", "virtual threads: %s than the bare slot", 1.08, Links.BARE_SLOT::equals);
    virtualLoad.ratio(
        "virtual", "virtual threads: %s than `Condition`", 1 / 1.2, "Condition"::equals);
    In platformLoad = load.where(m -> m.is("threads", "platform"));
    platformLoad
        .where(m -> m.is("cores", "busy"))
        .ratio(
            "busy", "platform threads on busy cores: %s than raw `LockSupport`", 1.5, RAW::equals);
    In platformPairs = platformLoad.where(m -> m.is("cores", "free"));
    platformPairs
        .where(m -> m.is("pairs", "10"))
        .ratio(
            "ten", "10 pairs of platform threads: %s than raw `LockSupport`", 1 / 2.0, RAW::equals);
    platformPairs
        .where(m -> m.is("pairs", "100"))
        .ratio(
            "hundred", "100 pairs of platform threads: %s than raw `LockSupport`", 1, RAW::equals);

    In handoff = new In("handoff", rows, goals);
    handoff.ratio(
        "first",
        "`Handoff`: %s than the best peer, raw aside",
        1,
        "Handoff",
        c -> !c.equals("raw slot"));

    In mailbox = new In("mailbox", rows, goals);
    mailbox.ratio("jdk", "%s than the JDK's best queue", 1 / 2.0, JDK_QUEUES::contains);
    mailbox.ratio("jctools", "%s than JCTools' blocking queue", 1, "JCTools blocking"::equals);
    mailbox.ratio("near", "%s than JCTools' blocking queue", 1.15, "JCTools blocking"::equals);

    In reply = new In("one-shot", rows, goals);
    reply.ratio(
        "first",
        "%s than the best peer, raw aside",
        1,
        WAKER,
        c -> !c.startsWith("raw") && !c.equals("OneShot"));
    reply.ratio(
        "future",
        "`OneShot`: %s than `CompletableFuture`",
        1 / 2.0,
        "OneShot",
        "CompletableFuture"::equals);

    In scale = new In("scale", rows, goals);
    scale.add(
        "bytes", "one waker: %s", Unit.BYTES, 24, scale.results.of(WAKER).others("bytesPerWaker"));
    scale.ratio("wake", "%s than raw `LockSupport`", 1.1, RAW::equals);

    In bytes = new In("allocation", rows, goals);
    Results trips = bytes.results.where(m -> m.method().equals("roundTrip"));
    bytes.add(
        "await",
        "round trip, predicate kept: %s above raw",
        Unit.BYTES,
        0,
        trips.wholeDifferences(Links.KEPT_PREDICATE, RAW));
    bytes.add(
        "predicate",
        "round trip, predicate made for each wait: %s above raw",
        Unit.BYTES,
        0,
        trips.wholeDifferences(WAKER, RAW));
    bytes.add(
        "handoff",
        "hand-off: %s above raw",
        Unit.BYTES,
        0,
        bytes
            .results
            .where(m -> m.method().equals("handoff"))
            .wholeDifferences("Handoff", "raw slot"));
    bytes.add(
        "none",
        "wake, or wait that does not park: %s",
        Unit.BYTES,
        0.1, // JMH's own are some thousandths
        bytes
            .results
            .where(m -> m.method().startsWith("await") || m.method().equals("atomicWaker"))
            .scores(Measured::contestant));

    In fresh = new In("fresh", rows, goals);
    fresh.ratio("kept", "%s than a kept waker", 1.1, (WAKER + ", kept")::equals);

    In service = new In("service", rows, goals);
    service
        .where(m -> !m.method().equals(Measured.PROCESSOR_TIME))
        .ratio(
            "time",
            "%s than the better of spinning and parking",
            1.05,
            c -> c.equals(Links.PARKING_ONLY) || RoundTrip.FIXED.contains(c));
    service
        .where(m -> m.method().equals(Measured.PROCESSOR_TIME))
        .where(m -> !m.is("micros", "0") && !m.is("micros", "5"))
        .ratio(
            "processor",
            "from 20 µs on: %s processor time than parking only",
            1.2,
            Links.PARKING_ONLY::equals);

    String statistics = Links.TUNED + Links.STATISTICS;
    In recording = new In("recording", rows, goals);
    Results wakes = recording.results.where(m -> m.method().endsWith("Waker"));
    recording.add(
        "idle",
        "idle wake with statistics: %s more",
        Unit.NS,
        10,
        wakes.differences(WAKER + statistics, WAKER));
    recording.add(
        "flat",
        "the same by two threads, each: %s than by one",
        Unit.RATIO,
        1.5,
        wakes.flat(WAKER + statistics));
    recording.ratio(
        "handoff",
        "hand-off with statistics: %s than without",
        1.05,
        "Handoff" + statistics,
        "Handoff"::equals);
    recording
        .where(m -> m.is("pairs", "100") || m.is("carriers", "1"))
        .ratio(
            "parked",
            "hand-off where all park, with statistics: %s than without",
            1.2,
            "Handoff" + statistics,
            "Handoff"::equals);
    recording.ratio(
        "tracking",
        "round trip, waits tracked: %s than with statistics",
        1.3,
        WAKER + Links.TUNED + Links.TRACKING,
        (WAKER + statistics)::equals);
    String noJfr = Links.TUNED + Links.NO_JFR;
    recording.ratio(
        "jfr", "round trip: %s than in a JVM without JFR", 1.05, (WAKER + noJfr)::equals);
    return goals;
  }

  private static Map<String, Double> millis(Map<String, Double> nanos) {
    Map<String, Double> millis = new LinkedHashMap<>();
    nanos.forEach((point, measure) -> millis.put(point, measure / 1e6));
    return millis;
  }

  /** The goal of that key. */
  static Optional<Goal> of(String key, List<Goal> goals) {
    return goals.stream().filter(goal -> goal.key().equals(key)).findAny();
  }

  private static boolean peer(String contestant) {
    return !RoundTrip.FIXED.contains(contestant)
        && !contestant.equals("pure spin")
        && !contestant.equals("Exchanger, once");
  }

  /** The results of one row, and the list that its goals go to. */
  private record In(String row, Results results, List<Goal> goals) {

    In(String row, Map<String, List<Measured>> rows, List<Goal> goals) {
      this(row, Results.of(row, rows), goals);
    }

    In where(Predicate<Measured> wanted) {
      return new In(row, results.where(wanted), goals);
    }

    void add(String key, String text, Unit unit, double most, Map<String, Double> measures) {
      goals.add(new Goal(row + "." + key, text, unit, most, measures));
    }

    void ratio(String key, String text, double most, Predicate<String> others) {
      ratio(key, text, most, WAKER, others);
    }

    /** Ours to the best of the others, at every point. */
    void ratio(String key, String text, double most, String ours, Predicate<String> others) {
      add(key, text, Unit.RATIO, most, results.ratios(ours, others));
    }
  }
}
