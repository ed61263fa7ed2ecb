package io.github.atomicwaker.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What was measured of one row, or of a part of it, and what its contestants are to each other. */
record Results(List<Measured> all) {

  /** The contestant that the goals are about, where they do not name another one. */
  static final String WAKER = "AtomicWaker";

  static Results of(String row, Map<String, List<Measured>> rows) {
    return new Results(rows.getOrDefault(row, List.of()));
  }

  Results where(Predicate<Measured> wanted) {
    return new Results(all.stream().filter(wanted).toList());
  }

  Results where(String param, String value) {
    return where(m -> m.is(param, value));
  }

  Results of(String contestant) {
    return where(m -> m.contestant().equals(contestant));
  }

  /** Ours to the best of the others, by the name of the point. */
  Map<String, Double> ratios(String ours, Predicate<String> others) {
    return compare(ours, others, (own, other) -> own / other);
  }

  Map<String, Double> ratios(String ours, String other) {
    return ratios(ours, other::equals);
  }

  /** Ours less the best of the others, by the name of the point. */
  Map<String, Double> differences(String ours, String other) {
    return compare(ours, other::equals, (own, others) -> own - others);
  }

  /**
   * Whole bytes: what is allocated once, by JMH for example, is a fraction of a byte per operation.
   */
  Map<String, Double> wholeDifferences(String ours, String other) {
    return compare(ours, other::equals, (own, others) -> Math.rint(own - others));
  }

  /** What a wake by several threads costs each of them, relative to a wake by one. */
  Map<String, Double> flat(String ours) {
    Map<String, Double> measures = new LinkedHashMap<>();
    for (Measured wake : of(ours).all) {
      of(ours).all.stream()
          .filter(one -> one.is("workers", "1") && !wake.is("workers", "1"))
          .filter(one -> one.is("threads", wake.params().getOrDefault("threads", "")))
          .forEach(
              one -> measures.put(wake.column(), wake.nanos().median() / one.nanos().median()));
    }
    return measures;
  }

  /** The scores of all contestants. */
  Map<String, Double> scores(Function<Measured, String> name) {
    return by(name, m -> m.score().median());
  }

  /** What else was counted. */
  Map<String, Double> others(String name) {
    return by(m -> "", m -> m.other(name).orElseThrow().median());
  }

  private Map<String, Double> by(
      Function<Measured, String> name, ToDoubleFunction<Measured> measure) {
    Map<String, Double> measures = new LinkedHashMap<>();
    all.forEach(m -> measures.put(name.apply(m), measure.applyAsDouble(m)));
    return measures;
  }

  private Map<String, Double> compare(
      String ours, Predicate<String> others, BinaryOperator<Double> how) {
    Map<String, Double> measures = new LinkedHashMap<>();
    for (Measured own : of(ours).all) {
      OptionalDouble best =
          all.stream()
              .filter(m -> m.point().equals(own.point()))
              .filter(m -> !m.contestant().equals(ours) && others.test(m.contestant()))
              .mapToDouble(m -> m.score().median())
              .min();
      best.ifPresent(other -> measures.put(own.point(), how.apply(own.score().median(), other)));
    }
    return measures;
  }
}
