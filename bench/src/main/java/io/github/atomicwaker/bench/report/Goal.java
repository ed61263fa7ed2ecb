package io.github.atomicwaker.bench.report;

import io.github.atomicwaker.bench.Links;
import io.github.atomicwaker.bench.RoundTrip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * One goal, and what was measured of it: at one point or at many.
 *
 * @param key what docs/benchmarks/notes.md has the reason under if it is not met
 * @param most what no measure may exceed
 * @param measures by the name of the point
 */
record Goal(String key, String text, double most, Map<String, Double> measures) {

  private static final String WAKER = "AtomicWaker";
  private static final Set<String> JDK_QUEUES =
      Set.of("ArrayBlockingQueue", "LinkedBlockingQueue", "LinkedTransferQueue");

  boolean measured() {
    return !measures.isEmpty();
  }

  boolean met() {
    return measured() && measures.values().stream().allMatch(this::fine);
  }

  /** The worst, and each that is over. */
  String found() {
    if (!measured()) {
      return "not measured";
    }
    Map.Entry<String, Double> worst =
        measures.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    if (measures.size() == 1) {
      return at(worst);
    }
    List<String> over =
        measures.entrySet().stream()
            .filter(measure -> !fine(measure.getValue()))
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .map(Goal::at)
            .toList();
    return over.isEmpty()
        ? "%s, the worst of %d".formatted(at(worst), measures.size())
        : "met at %d of %d; not at: %s"
            .formatted(measures.size() - over.size(), measures.size(), String.join("; ", over));
  }

  private static String at(Map.Entry<String, Double> measure) {
    String value = Charts.number(measure.getValue());
    return measure.getKey().isEmpty() ? value : value + " (" + measure.getKey() + ")";
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
        "cost of a wake by several threads, to each, relative to one thread's",
        1.2,
        idle.flat(WAKER));
    In two = idle.where(m -> m.is("workers", "2"));
    two.ratio("condition", "at 2 threads, relative to `Condition`", 1 / 10.0, "Condition"::equals);
    two.ratio("swap", "at 2 threads, relative to an atomic swap", 1 / 5.0, "atomic swap"::equals);

    In trip = new In("round-trip", rows, goals);
    In virtual = trip.where(m -> m.is("threads", "virtual"));
    virtual.ratio(
        "queue",
        "virtual threads, relative to `SynchronousQueue`",
        1 / 2.0,
        "SynchronousQueue"::equals);
    virtual.ratio(
        "condition", "virtual threads, relative to `Condition`", 1 / 5.0, "Condition"::equals);
    virtual.ratio("exchanger", "virtual threads, relative to `Exchanger`", 1, "Exchanger"::equals);
    virtual.ratio("spin", "virtual threads, relative to a pure spin", 1.5, "pure spin"::equals);
    trip.where(m -> m.is("threads", "platform"))
        .ratio(
            "platform",
            "platform threads, relative to the best peer that is not raw or fixed",
            1,
            Goal::peer);

    In load = new In("load", rows, goals);
    load.ratio("raw", "relative to raw `LockSupport`", 1.15, "raw LockSupport"::equals);
    load.ratio("condition", "relative to `Condition`", 1, "Condition"::equals);
    load.ratio("fixed", "relative to the best fixed strategy", 1.25, RoundTrip.FIXED::contains);

    In handoff = new In("handoff", rows, goals);
    handoff.ratio(
        "first",
        "`Handoff`, relative to the best other but raw",
        1,
        "Handoff",
        c -> !c.equals("raw slot"));

    In mailbox = new In("mailbox", rows, goals);
    mailbox.ratio("jdk", "relative to the best queue of the JDK", 1 / 2.0, JDK_QUEUES::contains);
    mailbox.ratio("jctools", "relative to JCTools' blocking queue", 1, "JCTools blocking"::equals);

    In reply = new In("one-shot", rows, goals);
    reply.ratio("first", "relative to the best peer but raw", 1, WAKER, c -> !c.startsWith("raw"));

    In scale = new In("scale", rows, goals);
    scale.add("bytes", "bytes of one waker", 24, scale.secondary("bytesPerWaker"));
    scale.ratio(
        "wake", "time to wake all, relative to raw `LockSupport`", 1.1, "raw LockSupport"::equals);

    In bytes = new In("allocation", rows, goals);
    In trips = bytes.where(m -> m.method().equals("roundTrip"));
    trips.add(
        "await",
        "bytes of a round trip above raw, with a predicate that is kept",
        0,
        trips.above(Links.KEPT_PREDICATE, "raw LockSupport"));
    trips.add(
        "predicate",
        "bytes of a round trip above raw, with a predicate that is made for each wait",
        0,
        trips.above(WAKER, "raw LockSupport"));
    In values = bytes.where(m -> m.method().equals("handoff"));
    values.add("handoff", "bytes of a hand-off above raw", 0, values.above("Handoff", "raw slot"));
    In none = bytes.where(m -> m.method().startsWith("await") || m.method().equals("atomicWaker"));
    none.add(
        "none",
        "bytes of a wake, and of waits that don't park; JMH's own are some thousandths",
        0.1,
        none.each());

    In fresh = new In("fresh", rows, goals);
    fresh.ratio(
        "kept",
        "a fresh waker, relative to a long-lived one",
        1.1,
        WAKER,
        (WAKER + ", kept")::equals);

    String statistics = Links.TUNED + Links.STATISTICS;
    In recording = new In("recording", rows, goals);
    In wakes = recording.where(m -> m.method().endsWith("Waker"));
    wakes.add(
        "idle",
        "nanoseconds that statistics add to an idle wake",
        10,
        wakes.compare(WAKER + statistics, WAKER::equals, (own, other) -> own - other));
    wakes.add(
        "flat",
        "cost of a recorded idle wake by two threads, to each, relative to one thread's",
        1.5,
        wakes.flat(WAKER + statistics));
    recording.ratio(
        "handoff",
        "a recorded hand-off, relative to one that is not",
        1.05,
        "Handoff" + statistics,
        "Handoff"::equals);
    String noJfr = Links.TUNED + Links.NO_JFR;
    recording.ratio(
        "jfr", "round trips, relative to a JVM without JFR", 1.05, WAKER, (WAKER + noJfr)::equals);
    return goals;
  }

  private static boolean peer(String contestant) {
    return !RoundTrip.FIXED.contains(contestant)
        && !contestant.equals("pure spin")
        && !contestant.equals("Exchanger, once");
  }

  /** The results of one row, and the list that its goals go to. */
  private record In(String row, List<Measured> results, List<Goal> goals) {

    In(String row, Map<String, List<Measured>> rows, List<Goal> goals) {
      this(row, rows.getOrDefault(row, List.of()), goals);
    }

    In where(Predicate<Measured> wanted) {
      return new In(row, results.stream().filter(wanted).toList(), goals);
    }

    void add(String key, String text, double most, Map<String, Double> measures) {
      goals.add(new Goal(row + "." + key, text, most, measures));
    }

    void ratio(String key, String text, double most, Predicate<String> others) {
      ratio(key, text, most, WAKER, others);
    }

    /** Ours to the best of the others, at every point. */
    void ratio(String key, String text, double most, String ours, Predicate<String> others) {
      add(key, text, most, compare(ours, others, (own, other) -> own / other));
    }

    /** Whole bytes: what is allocated once, by JMH say, is a fraction of a byte per operation. */
    Map<String, Double> above(String ours, String floor) {
      return compare(ours, floor::equals, (own, other) -> Math.rint(own - other));
    }

    Map<String, Double> flat(String ours) {
      Map<String, Double> measures = new LinkedHashMap<>();
      List<Measured> wakes = results.stream().filter(m -> m.contestant().equals(ours)).toList();
      for (Measured wake : wakes) {
        wakes.stream()
            .filter(one -> one.is("workers", "1") && !wake.is("workers", "1"))
            .filter(one -> one.is("threads", wake.params().getOrDefault("threads", "")))
            .forEach(
                one -> measures.put(wake.column(), wake.nanos().median() / one.nanos().median()));
      }
      return measures;
    }

    Map<String, Double> each() {
      return by(results, m -> m.score().median(), Measured::contestant);
    }

    Map<String, Double> secondary(String name) {
      List<Measured> ours = results.stream().filter(m -> m.contestant().equals(WAKER)).toList();
      return by(ours, m -> m.other(name).orElseThrow().median(), m -> "");
    }

    private static Map<String, Double> by(
        List<Measured> results,
        ToDoubleFunction<Measured> measure,
        Function<Measured, String> name) {
      Map<String, Double> measures = new LinkedHashMap<>();
      results.forEach(m -> measures.put(name.apply(m), measure.applyAsDouble(m)));
      return measures;
    }

    private Map<String, Double> compare(
        String ours, Predicate<String> others, BinaryOperator<Double> how) {
      Map<String, Double> measures = new LinkedHashMap<>();
      for (Measured own : results) {
        if (!own.contestant().equals(ours)) {
          continue;
        }
        OptionalDouble best =
            results.stream()
                .filter(m -> m.point().equals(own.point()))
                .filter(m -> !m.contestant().equals(ours) && others.test(m.contestant()))
                .mapToDouble(m -> m.score().median())
                .min();
        best.ifPresent(other -> measures.put(own.point(), how.apply(own.score().median(), other)));
      }
      return measures;
    }
  }
}
