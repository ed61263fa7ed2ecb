package io.github.atomicwaker.stress.jcstress;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.github.atomicwaker.stress.jcstress.Verdict.Fork;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.util.StringUtils;

/**
 * Runs jcstress and judges what it found: see {@link Verdict}. Takes jcstress's options, and {@code
 * -m ci} for a run of a few minutes. Exits with 0 if the verdict is good, 1 if it is not, and 2 if
 * the options are invalid.
 */
public final class JcstressRunner {

  /**
   * All of it in minutes: 0.3 seconds for each test, in one JVM. With arguments for the JVM, here
   * the default, jcstress varies neither compilers nor their settings.
   */
  private static final String CI =
      "-m quick -sc false -jvmArgs -XX:+TieredCompilation -time 100 -iters 3";

  private static final Set<Expect> WELCOME = EnumSet.of(ACCEPTABLE, ACCEPTABLE_INTERESTING);

  private JcstressRunner() {}

  /**
   * Runs the tests.
   *
   * @param args jcstress's options, each by itself or all in one string
   */
  public static void main(String[] args) throws Exception {
    Options options = new Options(expand(String.join(" ", args)));
    if (!options.parse()) {
      System.exit(2);
    }
    PrintStream console = System.out;
    Path log = Path.of("jcstress.log").toAbsolutePath();
    ProgressStream progress =
        new ProgressStream(console, new BufferedOutputStream(Files.newOutputStream(log)));
    System.setOut(new PrintStream(progress, true));
    JCStress jcstress = new JCStress(options);
    Set<String> declared = jcstress.getTests();
    if (options.shouldList()) {
      declared.forEach(console::println);
      return;
    }
    console.printf("jcstress, %d tests and controls; its own report: %s%n", declared.size(), log);
    try {
      if (options.shouldParse()) {
        jcstress.parseResults(); // of an earlier run, to be judged again
      } else {
        jcstress.run();
      }
    } catch (AssertionError failures) {
      // jcstress's findings as text; the verdict below has more. A control fails here, too.
      if (!String.valueOf(failures.getMessage()).startsWith("TEST FAILURES")) {
        throw failures;
      }
    } finally {
      System.out.flush();
      System.setOut(console);
    }

    Collection<Fork> forks = forks(Path.of(options.getResultFile()));
    int planned = options.shouldParse() ? forks.size() : progress.planned();
    Verdict verdict = Verdict.of(declared, planned, forks);
    console.println();
    verdict.table().forEach(console::println);
    console.println();
    verdict.complaints().forEach(console::println);
    console.println(verdict);
    console.flush();
    System.exit(verdict.good() ? 0 : 1);
  }

  /**
   * Splits at spaces, except between double quotes, and replaces our own preset by what it stands
   * for.
   */
  static String[] expand(String args) {
    List<String> split = new ArrayList<>(StringUtils.splitQuotedEscape(args));
    int preset = split.indexOf("-m");
    if (preset >= 0 && split.subList(preset + 1, split.size()).indexOf("ci") == 0) {
      split.subList(preset, preset + 2).clear();
      split.addAll(List.of(CI.split(" ")));
    }
    return split.toArray(String[]::new);
  }

  private static Collection<Fork> forks(Path results) throws IOException, ClassNotFoundException {
    if (Files.notExists(results)) {
      return List.of(); // no JVM took the options, or no test was left: nothing ran
    }
    InProcessCollector collector = new InProcessCollector();
    DiskReadCollector reader = new DiskReadCollector(results.toString(), collector);
    reader.dump();
    reader.close();
    return collector.getTestResults().stream().map(JcstressRunner::fork).toList();
  }

  private static Fork fork(TestResult result) {
    Collection<GradingResult> graded = result.grading().gradingResults.values();
    return new Fork(
        result.getName(),
        trouble(result),
        graded.stream().collect(toMap(outcome -> outcome.id, outcome -> outcome.count)),
        graded.stream()
            .filter(outcome -> !WELCOME.contains(outcome.expect))
            .map(outcome -> outcome.id)
            .collect(toSet()));
  }

  private static @Nullable String trouble(TestResult result) {
    if (result.status() == Status.NORMAL) {
      return null;
    }
    List<String> said = new ArrayList<>(result.getMessages());
    said.addAll(result.getVmErr());
    return "%s %s".formatted(result.status(), said.stream().limit(3).toList());
  }
}
