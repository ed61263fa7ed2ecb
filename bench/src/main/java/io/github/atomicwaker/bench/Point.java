package io.github.atomicwaker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing that is measured in JVMs of its own.
 *
 * @param method the benchmark method, fully qualified
 * @param params the values of its {@code @Param} fields
 * @param workers how many threads of JMH's call it
 * @param ops operations per call
 * @param jvmArgs for its JVM
 * @param timesAsLong how many times as long as other points it is measured
 */
public record Point(
    String method,
    Map<String, String> params,
    int workers,
    int ops,
    List<String> jvmArgs,
    int timesAsLong) {

  /**
   * A point.
   *
   * @param ops operations per call; the parameter "ops", if there is one, has to be given as well
   * @param params names and values, in turn
   */
  public static Point of(Class<?> row, String method, int ops, Object... params) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < params.length; i += 2) {
      map.put((String) params[i], String.valueOf(params[i + 1]));
    }
    return new Point(row.getName() + "." + method, map, 1, ops, List.of(), 1);
  }

  Point workers(int count) {
    return new Point(method, params, count, ops, jvmArgs, timesAsLong);
  }

  Point jvmArgs(String... more) {
    List<String> args = new ArrayList<>(jvmArgs);
    args.addAll(List.of(more));
    return new Point(method, params, workers, ops, args, timesAsLong);
  }

  /** In a JVM that has no flight recorder, if the contestant's name says so. */
  Point withoutJfr() {
    return params.getOrDefault("contestant", "").endsWith(Links.NO_JFR)
        ? jvmArgs("--limit-modules=java.se,jdk.unsupported,jdk.management")
        : this;
  }

  Point timesAsLong(int times) {
    return new Point(method, params, workers, ops, jvmArgs, times);
  }

  /** Returns whether it measures the library, through its public methods only. */
  public boolean runsTheLibrary() {
    String contestant = params.getOrDefault("contestant", "");
    String benchmark = method.substring(method.lastIndexOf('.') + 1);
    return contestant.isEmpty()
        ? benchmark.endsWith("Waker") || benchmark.startsWith("await")
        : (contestant.startsWith("AtomicWaker") || contestant.startsWith("Handoff"))
            && !contestant.contains(Links.TUNED);
  }

  /** All virtual threads on as many carriers as there are cores, or on one. */
  Point carriers(String carriers) {
    return switch (carriers) {
      case "all" -> this;
      case "1" ->
          jvmArgs(
              "-Djdk.virtualThreadScheduler.parallelism=1",
              "-Djdk.virtualThreadScheduler.maxPoolSize=1");
      default -> throw new IllegalArgumentException(carriers);
    };
  }

  @Override
  public String toString() {
    String name = method.substring(method.lastIndexOf('.') + 1);
    return workers == 1 ? name + params : name + params + " x" + workers;
  }
}
