package io.github.atomicwaker.bench.report;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.atomicwaker.bench.Point;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/**
 * What a change of the library does to its speed: the library's own points of some rows, with the
 * library as it is and with an earlier build of it, whose folder of classes the system property
 * "before" names. Their forks take turns, so that a slow minute affects both.
 */
public final class BeforeAfter {

  private static final String CLASS_PATH = "java.class.path";
  private static final String LIBRARY = "io/github/atomicwaker/AtomicWaker.class";

  /** What does not park, what parks, what finds nobody, and what gives values. */
  private static final String ROWS = "idle-wake,round-trip,load,handoff,allocation";

  /** What the forks of one build printed. */
  private record Build(String classPath, List<Double> nanos, List<Double> bytes) {
    Build(String classPath) {
      this(classPath, new ArrayList<>(), new ArrayList<>());
    }

    void fork(Point point) throws RunnerException {
      System.setProperty(CLASS_PATH, classPath); // which JMH gives to its forks
      RunResult result =
          BenchRunner.fork(point, BenchRunner.FULL_FORK_SECONDS * point.timesAsLong(), 4, true);
      Result<?> score = result.getPrimaryResult();
      nanos.add(
          score.getScoreUnit().startsWith("ops")
              ? 1_000 * point.workers() / score.getScore() // operations per microsecond
              : score.getScore());
      bytes.add(requireNonNull(result.getSecondaryResults().get(Measured.BYTES)).getScore());
    }
  }

  private record Contest(Point point, Build before, Build after) {
    void fork(boolean beforeFirst) throws RunnerException {
      (beforeFirst ? before : after).fork(point);
      (beforeFirst ? after : before).fork(point);
    }

    double ratio() {
      return median(after.nanos) / median(before.nanos);
    }

    double ratio(int fork) {
      return after.nanos.get(fork) / before.nanos.get(fork);
    }

    void print() {
      System.out.printf(
          "%9.1f %9.1f %6.3f %8.1f %8.1f  %s%n",
          median(before.nanos),
          median(after.nanos),
          ratio(),
          median(before.bytes),
          median(after.bytes),
          point);
    }
  }

  private BeforeAfter() {}

  /** Compares, and prints a table after each fork. */
  public static void main(String[] args) throws RunnerException {
    Path earlier = Path.of(System.getProperty("before", ""));
    if (!Files.exists(earlier.resolve(LIBRARY))) {
      System.out.println("-Dbefore=FOLDER has to name a folder with the classes of the library");
      System.exit(2);
    }
    String now = System.getProperty(CLASS_PATH);
    String then =
        Arrays.stream(now.split(File.pathSeparator))
            .map(entry -> Files.exists(Path.of(entry, LIBRARY)) ? earlier.toString() : entry)
            .collect(joining(File.pathSeparator));
    Map<String, List<Point>> rows = rows();
    Map<Point, Contest> contests = new LinkedHashMap<>(); // of a point that two rows have, one
    rows.values().stream()
        .flatMap(List::stream)
        .forEach(
            point ->
                contests.computeIfAbsent(
                    point, p -> new Contest(p, new Build(then), new Build(now))));
    System.out.printf("%d points%n", contests.size());
    int forks = Integer.getInteger("forks", 10);
    for (int fork = 1; fork <= forks; fork++) {
      for (Contest contest : contests.values()) {
        contest.fork(fork % 2 == 0);
      }
      System.out.printf("After %d of %d forks, medians: ns and bytes per operation%n", fork, forks);
      System.out.printf("%9s %9s %6s %8s %8s%n", "before", "after", "ratio", "before", "after");
      contests.values().forEach(Contest::print);
      rows.forEach((row, points) -> print(row, points.stream().map(contests::get).toList()));
    }
  }

  /** The rows that the system property "bench" names, with those of their points that run it. */
  private static Map<String, List<Point>> rows() {
    String named = System.getProperty("bench", "");
    String substring = System.getProperty("points", "");
    Map<String, List<Point>> rows = new LinkedHashMap<>();
    for (String id : (named.isEmpty() ? ROWS : named).split(",", -1)) {
      Row row =
          Row.of(id).orElseThrow(() -> new IllegalArgumentException("No row is named " + id + "."));
      List<Point> points =
          row.points().of(false).stream()
              .filter(Point::runsTheLibrary)
              .filter(point -> point.toString().contains(substring))
              .toList();
      if (!points.isEmpty()) {
        rows.put(id, points);
      }
    }
    return rows;
  }

  /**
   * Prints the geometric mean of the ratios of a row, of the two builds' forks that ran one after
   * the other, and its standard error.
   */
  private static void print(String row, List<Contest> contests) {
    int forks = contests.getFirst().after.nanos.size();
    double[] logs = new double[forks];
    for (int fork = 0; fork < forks; fork++) {
      for (Contest contest : contests) {
        logs[fork] += Math.log(contest.ratio(fork)) / contests.size();
      }
    }
    double mean = Arrays.stream(logs).average().orElseThrow();
    double squares = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    System.out.printf(
        "%19s %6.3f ± %.3f  geometric mean of %s%n",
        "", Math.exp(mean), Math.sqrt(squares / (forks - 1) / forks), row);
  }

  private static double median(List<Double> scores) {
    List<Double> sorted = scores.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
