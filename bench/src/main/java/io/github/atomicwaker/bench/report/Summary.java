package io.github.atomicwaker.bench.report;

import static io.github.atomicwaker.bench.report.Results.WAKER;

import io.github.atomicwaker.bench.Links;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a reader in a hurry has to know, the bad with the good: half a page, all from results. */
final class Summary {

  private static final String RAW = "raw LockSupport";
  private static final String NOT_MEASURED = "(not measured)";

  private final Map<String, List<Measured>> rows;
  private final List<Goal> goals;
  private final List<String> lines = new ArrayList<>();

  private Summary(Map<String, List<Measured>> rows, List<Goal> goals) {
    this.rows = rows;
    this.goals = goals;
  }

  /** The lines of the summary, as far as the rows have been measured. */
  static List<String> of(Map<String, List<Measured>> rows, List<Goal> goals) {
    Summary summary = new Summary(rows, goals);
    summary.write();
    return summary.lines;
  }

  private void write() {
    lines.add(
        "%d of %d [goals](#goals) are met. The list has the worst point of each, the sections and their pages have all points that miss."
            .formatted(goals.stream().filter(Goal::met).count(), goals.size()));
    lines.add("");
    add(
        "idle-wake",
        row -> {
          Results two = row.where("workers", "2");
          return "**A wake with nobody waiting** takes each of two threads %s: %s than `Condition`, %s than an atomic swap."
              .formatted(
                  nanos(two.of(WAKER)),
                  speeds(two.ratios(WAKER, "Condition")),
                  speeds(two.ratios(WAKER, "atomic swap")));
        });
    add("round-trip", row -> pair(row, "virtual"));
    add("round-trip", row -> pair(row, "platform"));
    add(
        "load",
        row -> {
          Results virtual = row.where("threads", "virtual");
          Results free = row.where("threads", "platform").where("cores", "free");
          return "**Under load** virtual threads are %s than raw `LockSupport`, and %s than `Condition`. Many pairs of platform threads are %s than raw `LockSupport`."
              .formatted(
                  speeds(virtual.ratios(WAKER, RAW)),
                  speeds(virtual.ratios(WAKER, "Condition")),
                  speeds(free.ratios(WAKER, RAW)));
        });
    add(
        "load",
        row -> {
          Results busy = row.where("threads", "platform").where("cores", "busy");
          return "**One or two pairs of platform threads on busy cores** are %s than raw `LockSupport`, and %s than `Condition`."
              .formatted(speeds(busy.ratios(WAKER, RAW)), speeds(busy.ratios(WAKER, "Condition")));
        });
    add(
        "handoff",
        row ->
            "**`Handoff`** is %s than the best peer, raw parks aside."
                .formatted(speeds(measures("handoff.first"))));
    add(
        "mailbox",
        row ->
            "**A mailbox**, JCTools' queue with a waker, is %s than the JDK's best queue, and %s than JCTools' blocking queue."
                .formatted(speeds(measures("mailbox.jdk")), speeds(measures("mailbox.jctools"))));
    add(
        "one-shot",
        row ->
            "**`OneShot`** is %s than `CompletableFuture`."
                .formatted(speeds(measures("one-shot.future"))));
    add(
        "scale",
        row ->
            "**A million parked threads** take %s bytes each, with raw parks %s. Waking them is %s than raw `LockSupport`."
                .formatted(
                    numbers(row.of(WAKER).others("heapPerWaiter")),
                    numbers(row.of(RAW).others("heapPerWaiter")),
                    speeds(measures("scale.wake"))));
    add(
        "allocation",
        row ->
            "**A round trip** allocates up to %s bytes more than raw parks, and %s if its predicates are kept."
                .formatted(
                    most(measures("allocation.predicate")), most(measures("allocation.await"))));
    add(
        "recording",
        row -> {
          String recorded = WAKER + Links.TUNED + Links.STATISTICS;
          Results trips = row.where(m -> m.method().equals("roundTrip"));
          return "**Statistics** add %s ns to a wake with nobody waiting. With them, a round trip is %s, a hand-off %s."
              .formatted(
                  numbers(measures("recording.idle")),
                  speeds(trips.ratios(recorded, WAKER)),
                  speeds(measures("recording.handoff")));
        });
  }

  private static String pair(Results row, String threads) {
    Results pair = row.where("threads", threads);
    return "**A round trip of two %s threads** takes %s: %s than `Condition`, %s than `SynchronousQueue`, %s than a pure spin."
        .formatted(
            threads,
            nanos(pair.of(WAKER)),
            speeds(pair.ratios(WAKER, "Condition")),
            speeds(pair.ratios(WAKER, "SynchronousQueue")),
            speeds(pair.ratios(WAKER, "pure spin")));
  }

  private void add(String row, Function<Results, String> text) {
    if (rows.containsKey(row)) {
      lines.add("- " + text.apply(Results.of(row, rows)));
    }
  }

  private Map<String, Double> measures(String goal) {
    return Goal.of(goal, goals).map(Goal::measures).orElse(Map.of());
  }

  private static String nanos(Results results) {
    return numbers(results.scores(Measured::point)) + " ns";
  }

  private static String numbers(Map<String, Double> measures) {
    if (measures.isEmpty()) {
      return NOT_MEASURED;
    }
    String least = Numbers.digits(Collections.min(measures.values()));
    String most = Numbers.digits(Collections.max(measures.values()));
    return least.equals(most) ? least : least + " to " + most;
  }

  private static String most(Map<String, Double> measures) {
    return measures.isEmpty() ? NOT_MEASURED : Numbers.exact(Collections.max(measures.values()));
  }

  /** How two times compare: at one point, or from one end to the other of all points. */
  private static String speeds(Map<String, Double> ratios) {
    if (ratios.isEmpty()) {
      return NOT_MEASURED;
    }
    double best = Collections.min(ratios.values());
    double worst = Collections.max(ratios.values());
    String from = Numbers.speed(best);
    String to = Numbers.speed(worst);
    if (from.equals(to)) {
      return from;
    }
    return worst <= 1
        ? Numbers.digits(1 / worst) + "× to " + from
        : best <= 1 ? from + " to " + to : Numbers.digits(best) + "× to " + to;
  }
}
