package io.github.atomicwaker.bench.report;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.atomicwaker.bench.IdleWake;
import io.github.atomicwaker.bench.Point;
import io.github.atomicwaker.bench.RoundTrip;
import io.github.atomicwaker.bench.ValueHandoff;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/**
 * What a change of the library does to its speed: a few points that a change may affect, with the
 * library as it is and with an earlier build of it, whose folder of classes the system property
 * "before" names. Their forks take turns, so that a slow minute affects both.
 */
public final class BeforeAfter {

  private static final String CLASS_PATH = "java.class.path";
  private static final String LIBRARY = "io/github/atomicwaker/AtomicWaker.class";

  /** What does not park, what parks, and what finds nobody. */
  private static final List<Point> POINTS =
      List.of(
          IdleWake.point("atomicWaker", "platform", 1),
          IdleWake.point("atomicWaker", "platform", 2),
          RoundTrip.point("AtomicWaker", "virtual", 1, "all"),
          RoundTrip.point("AtomicWaker", "platform", 1, "all"),
          RoundTrip.point("AtomicWaker", "platform", 10, "all"),
          RoundTrip.point("AtomicWaker", "virtual", 1, "1"),
          RoundTrip.point("AtomicWaker", "virtual", 100, "1"),
          RoundTrip.point("AtomicWaker", "virtual", 100, "all"),
          ValueHandoff.point("Handoff", "virtual", 1, "all"),
          ValueHandoff.point("Handoff", "virtual", 100, "all"),
          ValueHandoff.point("Handoff", "platform", 1, "all"));

  /** What the forks of one build printed. */
  private record Build(String classPath, List<Double> nanos, List<Double> bytes) {
    Build(String classPath) {
      this(classPath, new ArrayList<>(), new ArrayList<>());
    }

    void fork(Point point) throws RunnerException {
      System.setProperty(CLASS_PATH, classPath); // which JMH gives to its forks
      RunResult result = BenchRunner.fork(point, BenchRunner.FULL_FORK_SECONDS, 4, true);
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

    void print() {
      double was = median(before.nanos);
      double is = median(after.nanos);
      System.out.printf(
          "%9.1f %9.1f %6.3f %8.1f %8.1f  %s%n",
          was, is, is / was, median(before.bytes), median(after.bytes), point);
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
    List<Contest> contests =
        POINTS.stream()
            .filter(point -> point.toString().contains(System.getProperty("points", "")))
            .map(point -> new Contest(point, new Build(then), new Build(now)))
            .toList();
    int forks = Integer.getInteger("forks", 10);
    for (int fork = 1; fork <= forks; fork++) {
      for (Contest contest : contests) {
        contest.fork(fork % 2 == 0);
      }
      System.out.printf("After %d of %d forks, medians: ns and bytes per operation%n", fork, forks);
      System.out.printf("%9s %9s %6s %8s %8s%n", "before", "after", "ratio", "before", "after");
      contests.forEach(Contest::print);
    }
  }

  private static double median(List<Double> scores) {
    List<Double> sorted = scores.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
