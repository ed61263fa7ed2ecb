package io.github.atomicwaker.bench.report;

import io.github.atomicwaker.bench.Links;
import io.github.atomicwaker.bench.Mailbox;
import io.github.atomicwaker.bench.OneShot;
import io.github.atomicwaker.bench.Point;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What came of one {@link Point}, read back from JMH's JSON.
 *
 * @param method the benchmark method
 * @param mixed true if other kinds of operations were measured in the same row
 * @param wide true if one table has no room for all pairs of threads that it was measured with
 * @param params its parameters, and as "workers" how many threads called it
 * @param nanos for one operation
 * @param others what else was counted, by name
 */
record Measured(
    String method,
    boolean mixed,
    boolean wide,
    Map<String, String> params,
    Forks nanos,
    Map<String, Forks> others) {

  /** What JMH calls the bytes that were allocated, per operation. */
  static final String BYTES = "gc.alloc.rate.norm";

  /** What {@link io.github.atomicwaker.bench.FirstUse} measures, in place of JMH. */
  private static final String FIRST_USE = "firstUseNanos";

  /** What {@link OneShot.ProcessorTime} counts. */
  static final String PROCESSOR_TIME = "processorNanosPerReply";

  /** The parameters that make a column of a table of pairs. */
  private static final Set<String> PAIRS = Set.of("threads", "pairs", "carriers", "cores");

  private static final int WIDEST = 6;

  private static final Map<String, String> METHODS =
      Map.of(
          "atomicWaker", "AtomicWaker",
          "recordingWaker", "AtomicWaker" + Links.TUNED + Links.STATISTICS,
          "atomicSwap", "atomic swap",
          "condition", "Condition",
          "waitNotify", "wait/notify",
          "unpark", "raw LockSupport");

  /**
   * The scores of one thing, one from each fork: the mean of its iterations. Of these, the median
   * is what is quoted; an error bar is from the least to the most.
   */
  record Forks(List<Double> sorted) {

    static Forks of(JsonNode metric, DoubleUnaryOperator unit) {
      return new Forks(
          metric.path("rawData").valueStream().map(fork -> mean(fork, unit)).sorted().toList());
    }

    private static double mean(JsonNode fork, DoubleUnaryOperator unit) {
      return fork.valueStream().mapToDouble(JsonNode::asDouble).map(unit).average().orElseThrow();
    }

    double median() {
      int half = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(half)
          : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    double least() {
      return sorted.getFirst();
    }

    double most() {
      return sorted.getLast();
    }

    /** Returns whether the forks differ by more than a factor of two. */
    boolean scattered() {
      return most() > 2 * least();
    }
  }

  /** All of one row. */
  static List<Measured> all(JsonNode results) {
    Map<String, Set<Map<String, String>>> columns = new HashMap<>();
    for (JsonNode result : results) {
      Map<String, String> params = params(result);
      params.keySet().retainAll(PAIRS);
      columns.computeIfAbsent(kind(method(result)), kind -> new HashSet<>()).add(params);
    }
    return results
        .valueStream()
        .map(
            result ->
                of(
                    result,
                    columns.size() > 1,
                    columns.getOrDefault(kind(method(result)), Set.of()).size() > WIDEST))
        .flatMap(Measured::withProcessorTime)
        .toList();
  }

  /** With its processor time, if that was measured, as one more thing that was. */
  private Stream<Measured> withProcessorTime() {
    Map<String, Forks> rest = new TreeMap<>(others);
    Forks processorTime = rest.remove(PROCESSOR_TIME);
    Measured time = new Measured(method, mixed, wide, params, nanos, rest);
    return processorTime == null
        ? Stream.of(this)
        : Stream.of(
            time, new Measured(PROCESSOR_TIME, mixed, wide, params, processorTime, Map.of()));
  }

  private static String method(JsonNode result) {
    String name = result.path("benchmark").asString();
    String method = name.substring(name.lastIndexOf('.') + 1);
    return method.equals("handOver") ? "handoff" : method; // its name in results until 2026-11
  }

  private static Map<String, String> params(JsonNode result) {
    Map<String, String> params = new TreeMap<>();
    result
        .path("params")
        .propertyStream()
        .forEach(p -> params.put(p.getKey(), p.getValue().asString()));
    params.put("workers", result.path("threads").asString());
    return params;
  }

  private static Measured of(JsonNode result, boolean mixed, boolean wide) {
    int workers = result.path("threads").asInt();
    // Operations in a microsecond by all threads: to nanoseconds of one thread for one.
    DoubleUnaryOperator unit =
        result.path("mode").asString().equals("thrpt") ? x -> workers * 1000 / x : x -> x;
    Map<String, Forks> others = new TreeMap<>();
    result
        .path("secondaryMetrics")
        .propertyStream()
        .forEach(metric -> others.put(metric.getKey(), Forks.of(metric.getValue(), x -> x)));
    Forks inJvmOfItsOwn = others.remove(FIRST_USE);
    return new Measured(
        method(result),
        mixed,
        wide,
        params(result),
        inJvmOfItsOwn == null ? Forks.of(result.path("primaryMetric"), unit) : inJvmOfItsOwn,
        others);
  }

  /** Who was measured. */
  String contestant() {
    String name = params.getOrDefault("contestant", METHODS.getOrDefault(method, method));
    String made = params.getOrDefault("made", OneShot.FRESH);
    return made.equals(OneShot.FRESH) ? name : name + ", " + made;
  }

  /** The part of the row that has a table and a chart of its own; empty if that is all of it. */
  String part() {
    List<String> parts = new ArrayList<>();
    if (mixed) {
      parts.add(kind(method));
    }
    if (hasServiceTime()) {
      parts.add(method.equals(PROCESSOR_TIME) ? "processor time" : "time");
      parts.add(params.getOrDefault("threads", ""));
      parts.add(count("clients", "client"));
    } else if (params.containsKey("bounded")) {
      parts.add(params.getOrDefault("threads", ""));
    } else if (wide && !(is("pairs", "1") && is("carriers", "all") && is("cores", "free"))) {
      parts.add(params.getOrDefault("threads", ""));
      parts.add(is("carriers", "1") ? "one carrier" : "");
    }
    return join(parts);
  }

  private static String kind(String method) {
    return switch (method) {
      case "roundTrip" -> "round trip";
      case "handoff" -> "hand-off";
      case "reply" -> "reply";
      case "message" -> "message";
      default -> METHODS.containsKey(method) ? "wake" : "ready";
    };
  }

  /** The column within the part. */
  String column() {
    List<String> words = new ArrayList<>();
    if (!part().contains(params.getOrDefault("threads", "-"))) {
      words.add(params.getOrDefault("threads", ""));
    }
    if (params.containsKey("bounded")) {
      words.add(is("bounded", "true") ? "bounded" : "unbounded");
    }
    words.add(params.getOrDefault("use", ""));
    words.add(count("pairs", "pair"));
    words.add(hasServiceTime() ? micros() : count("clients", "client"));
    words.add(count("producers", "producer"));
    if (is("messages", String.valueOf(Mailbox.STREAM))) {
      words.add(count("messages", "message"));
    }
    if (METHODS.containsKey(method)) {
      words.add(count("workers", "thread"));
    }
    if (!part().endsWith("carrier") && is("carriers", "1")) {
      words.add("one carrier");
    }
    if (is("cores", "busy")) {
      words.add("busy cores");
    }
    return join(words);
  }

  /** Where it was measured: the same for all contestants that may be compared. */
  String point() {
    return join(List.of(part(), column()));
  }

  /** The bytes per operation if they were what was measured, or else the time. */
  Forks score() {
    return other(BYTES).orElse(nanos);
  }

  Optional<Forks> other(String name) {
    return Optional.ofNullable(others.get(name));
  }

  boolean is(String name, String value) {
    return value.equals(params.get(name));
  }

  /** JMH gives its parameter to the other replies of its class as well, with the default. */
  private boolean hasServiceTime() {
    return method.equals("service") || method.equals(PROCESSOR_TIME);
  }

  /** How long the server works. */
  private String micros() {
    return params.get("micros") + " µs";
  }

  private String count(String param, String noun) {
    String count = params.get(param);
    return count == null
        ? ""
        : "%,d %s%s".formatted(Integer.valueOf(count), noun, count.equals("1") ? "" : "s");
  }

  private static String join(List<String> words) {
    return words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(", "));
  }
}
