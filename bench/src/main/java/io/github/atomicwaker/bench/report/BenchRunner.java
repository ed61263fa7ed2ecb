package io.github.atomicwaker.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.atomicwaker.bench.Point;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs the rows, and writes one JSON file for each: JMH's own results, with the machine, the date
 * and the command.
 *
 * <p>A shared machine is faster now and slower then. JMH would run all forks of one benchmark in a
 * row, and so compare a fast minute with a slow one. Here the forks of all contestants of a row are
 * interleaved: each gets its first fork, then each gets its second, and so on. Every round is in an
 * order of its own: a machine is slow for some seconds at a time, which would otherwise strike all
 * points of one contestant. One fork is one run of JMH, and what JMH returned for each is put
 * together at the end of every round, so that a run that is broken off keeps its whole rounds.
 */
public final class BenchRunner {

  /** What JMH and the start of the JVM take for one fork, besides the iterations. */
  private static final double FORK_SECONDS = 0.7;

  /** Less than the two minutes of a short row: a batch may last longer than its iteration. */
  private static final double QUICK_ROW_SECONDS = 90;

  /** What runs a row, without its options. */
  static final String COMMAND = "mvn -q -pl bench -am compile exec:exec@bench";

  static final double FULL_FORK_SECONDS = 2.4;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final boolean quick;
  private final int forks;
  private int failures;

  private BenchRunner(boolean quick, int forks) {
    this.quick = quick;
    this.forks = forks;
  }

  /** Runs the rows that the system property "bench" names, or all of them. */
  public static void main(String[] args) throws IOException {
    String wanted = System.getProperty("bench", "");
    List<Row> rows = wanted.isBlank() ? Row.ALL : Row.of(wanted).stream().toList();
    if (rows.isEmpty()) {
      boolean help = wanted.equals("help");
      System.out.println(help ? "The rows:" : "No row is named " + wanted + ". The rows:");
      Row.ALL.forEach(row -> System.out.printf("  %-12s %s%n", row.id(), row.title()));
      System.exit(help ? 0 : 2);
    }
    boolean quick = Boolean.getBoolean("quick");
    BenchRunner runner = new BenchRunner(quick, Integer.getInteger("forks", quick ? 2 : 5));
    for (Row row : rows) {
      runner.run(row);
    }
    System.exit(runner.failures == 0 ? 0 : 1);
  }

  /** Where the results are: those of full runs are committed. */
  static Path results(boolean quick) {
    return Path.of(quick ? "bench/target/benchmarks" : "docs/benchmarks");
  }

  private void run(Row row) throws IOException {
    List<Point> points = row.points().of(quick);
    Set<String> failed = new TreeSet<>();
    Map<Point, RunResult> merged = new TreeMap<>(Comparator.comparingInt(points::indexOf));
    long begin = System.nanoTime();
    int total = points.size() * forks;
    int done = 0;
    System.out.printf("%s: %d points, %d forks each%n", row.id(), points.size(), forks);
    for (int fork = 1; fork <= forks; fork++) {
      List<Point> shuffled = new ArrayList<>(points);
      Collections.shuffle(shuffled, new Random(fork));
      for (Point point : shuffled) {
        String score = "failed";
        try {
          RunResult result = fork(row, point, points.size());
          merged.merge(point, result, BenchRunner::merge);
          score =
              "%.1f %s"
                  .formatted(
                      result.getPrimaryResult().getScore(),
                      result.getPrimaryResult().getScoreUnit());
        } catch (RunnerException e) {
          failures++;
          failed.add(point.toString());
          System.out.println(e);
        }
        done++;
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
            "  %s, fork %d of %d, %.0f s left: %s %s%n",
            row.id(), fork, forks, seconds / done * (total - done), point, score);
      }
      write(row, fork, merged, failed);
    }
  }

  private RunResult fork(Row row, Point point, int points) throws RunnerException {
    double seconds = forkSeconds(points) * point.timesAsLong();
    return fork(point, seconds, quick ? 2 : 4, row.countsBytes());
  }

  /** Runs one point in a JVM of its own: some iterations to warm up, and as many that count. */
  static RunResult fork(Point point, double seconds, int iterations, boolean countsBytes)
      throws RunnerException {
    TimeValue each = TimeValue.milliseconds((long) (seconds * 1000 / (2 * iterations)));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(point.method()) + "$")
            .forks(1)
            .threads(point.workers())
            .operationsPerInvocation(point.ops())
            .warmupIterations(iterations)
            .warmupTime(each)
            .measurementIterations(iterations)
            .measurementTime(each)
            .timeout(TimeValue.seconds(60))
            .jvmArgs(jvmArgs(point))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    point.params().forEach(options::param);
    if (countsBytes) {
      options.addProfiler(GCProfiler.class);
    }
    return new Runner(options.build()).runSingle();
  }

  /** In short: what there is time for. In full: what the JIT needs, and then some. */
  private double forkSeconds(int points) {
    String wanted = System.getProperty("seconds", "");
    if (!wanted.isEmpty()) {
      return Double.parseDouble(wanted);
    }
    double inTime = QUICK_ROW_SECONDS / (points * forks) - FORK_SECONDS;
    return quick ? Math.clamp(inTime, 0.4, FULL_FORK_SECONDS) : FULL_FORK_SECONDS;
  }

  private static String[] jvmArgs(Point point) {
    List<String> args = new ArrayList<>(point.jvmArgs());
    if (Runtime.version().feature() >= 23) {
      args.add("--sun-misc-unsafe-memory-access=allow"); // JMH and JCTools, without a warning each
    }
    return args.toArray(String[]::new);
  }

  private static RunResult merge(RunResult earlier, RunResult later) {
    List<BenchmarkResult> forks = new ArrayList<>(earlier.getBenchmarkResults());
    forks.addAll(later.getBenchmarkResults());
    return new RunResult(earlier.getParams(), forks);
  }

  private void write(Row row, int done, Map<Point, RunResult> results, Set<String> failed)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results.values());
    }
    ArrayNode ofJmh = (ArrayNode) JSON.readTree(bytes.toByteArray());
    ofJmh.forEach(result -> tidy((ObjectNode) result));
    ObjectNode file = JSON.createObjectNode();
    file.put("row", row.id());
    file.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    file.put("command", command(row));
    file.put("machine", machine());
    file.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    file.put("forks", done);
    file.set("failed", JSON.valueToTree(failed));
    file.set("results", ofJmh);
    Path path = results(quick).resolve(row.id() + ".json");
    Files.createDirectories(path.getParent());
    Files.writeString(path, JSON.writeValueAsString(file) + "\n");
  }

  private String command(Row row) {
    StringBuilder command = new StringBuilder(COMMAND);
    command.append(" -Dbench=").append(row.id()).append(quick ? " -Dquick" : "");
    for (String option : List.of("forks", "seconds")) {
      String value = System.getProperty(option, "");
      command.append(value.isEmpty() ? "" : " -D" + option + "=" + value);
    }
    return command.toString();
  }

  /** Without what means nothing to others: a path of this machine, and most of the GC's profile. */
  private static void tidy(ObjectNode result) {
    result.remove("jvm");
    List<JsonNode> metrics = new ArrayList<>(List.of(result.path("primaryMetric")));
    if (result.path("secondaryMetrics") instanceof ObjectNode others) {
      others.remove(
          others
              .propertyStream()
              .map(Map.Entry::getKey)
              .filter(name -> name.startsWith("gc.") && !name.equals(Measured.BYTES))
              .toList());
      others.forEach(metrics::add);
    }
    metrics.forEach(metric -> ((ObjectNode) metric).remove("scorePercentiles"));
  }

  private static String machine() throws IOException {
    Path cpuinfo = Path.of("/proc/cpuinfo");
    String cpu = System.getProperty("os.arch");
    if (Files.exists(cpuinfo)) {
      cpu =
          Files.readAllLines(cpuinfo).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(cpu);
    }
    var os =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return "%d cores of %s, %d GB, %s"
        .formatted(os.getAvailableProcessors(), cpu, os.getTotalMemorySize() >> 30, os.getName());
  }
}
