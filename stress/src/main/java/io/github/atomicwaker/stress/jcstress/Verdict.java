package io.github.atomicwaker.stress.jcstress;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a run of jcstress. jcstress itself succeeds when no test ran, when a fork could
 * not start, and when a negative control found nothing. Here each of these is a failure.
 *
 * @param declared how many tests there are, the controls apart
 * @param run how many of them gave a sample
 * @param passed how many of them ran without a forbidden outcome or a soft error
 * @param failed how many of them had a forbidden outcome
 * @param softErrors how many forks, of tests or controls, gave no answer
 * @param caught how many controls had a forbidden outcome, as each must
 * @param controls how many controls there are
 * @param table the samples and outcomes of each test, and of each control after them
 * @param complaints all that went wrong, by name
 */
record Verdict(
    int declared,
    int run,
    int passed,
    int failed,
    int softErrors,
    int caught,
    int controls,
    List<String> table,
    List<String> complaints) {

  /**
   * What one fork of jcstress reported.
   *
   * @param test the test's name
   * @param trouble why there is no answer; null if there is one
   * @param outcomes how many samples had which outcome
   * @param forbidden which of the outcomes are forbidden
   */
  record Fork(
      String test, @Nullable String trouble, Map<String, Long> outcomes, Set<String> forbidden) {}

  /** A test is a negative control by its package. */
  static boolean isControl(String test) {
    return test.contains(".controls.");
  }

  /**
   * Judges a run.
   *
   * @param declared the names of the tests and controls that were to run
   * @param planned how many forks jcstress meant to start
   * @param forks what they reported
   */
  static Verdict of(Collection<String> declared, int planned, Collection<Fork> forks) {
    Map<String, Total> totals = new TreeMap<>();
    declared.forEach(test -> totals.put(test, new Total()));
    List<String> complaints = new ArrayList<>();
    int softErrors = Math.abs(planned - forks.size());
    if (softErrors > 0) {
      complaints.add("SOFT ERROR  %d forks planned, %d reported".formatted(planned, forks.size()));
    }
    for (Fork fork : forks) {
      Total total = totals.computeIfAbsent(fork.test, test -> new Total());
      fork.outcomes.forEach((outcome, count) -> total.outcomes.merge(outcome, count, Long::sum));
      total.forbidden.addAll(fork.forbidden);
      String trouble = fork.trouble;
      if (trouble == null && fork.outcomes.values().stream().allMatch(count -> count == 0)) {
        trouble = "no samples";
      }
      if (trouble != null) {
        total.softErrors++;
        softErrors++;
        complaints.add("SOFT ERROR  %s: %s".formatted(shortName(fork.test), trouble));
      }
    }

    int run = 0;
    int passed = 0;
    int failed = 0;
    int caught = 0;
    int controls = 0;
    List<String> testRows = new ArrayList<>();
    List<String> controlRows = new ArrayList<>();
    for (Map.Entry<String, Total> entry : totals.entrySet()) {
      boolean control = isControl(entry.getKey());
      String name = shortName(entry.getKey());
      Total total = entry.getValue();
      boolean ran = total.samples() > 0;
      boolean broken = total.count(total.forbidden) > 0;
      (control ? controlRows : testRows).add(total.row(name));
      if (!ran) {
        complaints.add("NOT RUN     " + name);
      }
      if (control) {
        controls++;
        caught += broken ? 1 : 0;
        if (ran && !broken) {
          complaints.add("NOT CAUGHT  %s: came back clean".formatted(name));
        }
      } else {
        run += ran ? 1 : 0;
        failed += broken ? 1 : 0;
        passed += ran && !broken && total.softErrors == 0 ? 1 : 0;
        if (broken) {
          complaints.add("FAILED      %s: %s".formatted(name, total.describe(total.forbidden)));
        }
      }
    }
    List<String> table = new ArrayList<>();
    table.add(row("TEST", "SAMPLES", "OUTCOMES (! forbidden)"));
    table.addAll(testRows);
    table.add(row("CONTROL", "SAMPLES", "OUTCOMES (! forbidden, and wanted here)"));
    table.addAll(controlRows);
    return new Verdict(
        totals.size() - controls,
        run,
        passed,
        failed,
        softErrors,
        caught,
        controls,
        List.copyOf(table),
        List.copyOf(complaints));
  }

  /** All run, none failed, no soft error, all controls caught, and not because there were none. */
  boolean good() {
    return declared + controls > 0
        && run == declared
        && passed == declared
        && softErrors == 0
        && caught == controls;
  }

  /** The closing line. */
  @Override
  public String toString() {
    return "%d tests declared, %d run, %d passed, %d failed, %d soft errors, %d of %d controls caught"
        .formatted(declared, run, passed, failed, softErrors, caught, controls);
  }

  private static String shortName(String test) {
    String packageName = Verdict.class.getPackageName() + ".";
    return test.startsWith(packageName) ? test.substring(packageName.length()) : test;
  }

  private static String row(String name, Object samples, String outcomes) {
    return "%-42s %14s  %s".formatted(name, samples, outcomes);
  }

  /** All forks of one test together. */
  private static final class Total {
    final Map<String, Long> outcomes = new TreeMap<>();
    final Set<String> forbidden = new TreeSet<>();
    int softErrors;

    long samples() {
      return count(outcomes.keySet());
    }

    long count(Set<String> which) {
      return which.stream().mapToLong(outcome -> outcomes.getOrDefault(outcome, 0L)).sum();
    }

    String describe(Set<String> which) {
      return which.stream()
          .filter(outcome -> outcomes.getOrDefault(outcome, 0L) > 0)
          .map(
              outcome ->
                  "%s(%s) %,d"
                      .formatted(
                          forbidden.contains(outcome) ? "!" : "", outcome, outcomes.get(outcome)))
          .collect(joining("  "));
    }

    String row(String name) {
      return Verdict.row(name, "%,d".formatted(samples()), describe(outcomes.keySet()));
    }
  }
}
