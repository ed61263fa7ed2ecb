package io.github.atomicwaker.stress.lincheck;

import static org.jetbrains.kotlinx.lincheck.execution.ExecutionResultKt.getAllResults;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.atomicwaker.AtomicWaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.LinearizabilityVerifier;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/** Runs Lincheck's model checker within the bounds below, and prints how far it came. */
final class ModelChecker {

  /** Multiplies the bounds on interleavings, for a longer run: {@code -Dlincheck.times=5}. */
  static final int TIMES = Integer.getInteger("lincheck.times", 1);

  static final int THREADS = 3;

  /** How many scenarios are drawn from the raw operations; Lincheck's seed is fixed. */
  static final int SCENARIOS = 50;

  static final int OPERATIONS_BEFORE = 1;
  static final int OPERATIONS_PER_THREAD = 2;
  static final int OPERATIONS_AFTER = 1;

  /** The most interleavings of one such scenario, those with the fewest switches first. */
  static final int INTERLEAVINGS_PER_SCENARIO = 200 * TIMES;

  /** The most interleavings of a race, which is one scenario with one operation per thread. */
  static final int INTERLEAVINGS_PER_RACE = 3_000 * TIMES;

  /** Fewer where one is interrupted, since that thread spins until Lincheck lets it go on. */
  static final int INTERLEAVINGS_WITH_INTERRUPT = 500 * TIMES;

  /** What Lincheck prints for results that no order of the operations explains. */
  static final String NOT_LINEARIZABLE = "= Invalid execution results";

  /** What Lincheck prints when no thread can go on. */
  static final String DEADLOCK = "All unfinished threads are in deadlock";

  /** What Lincheck prints when a race ended with its property violated. */
  static final String VIOLATED = "= Validation function nothingIsLost has failed";

  private static final int LAST_JAVA_OF_LINCHECK = 25;

  private static final Pattern NO_ACCESS =
      Pattern.compile(
          "\\[WARN] Failed to get (object field offset|static field base and offset) for field \\S+");

  /** How many lines of Lincheck's log have been passed on. */
  private static int passedOn;

  private ModelChecker() {}

  /** Checks scenarios of a class's operations against a sequential specification. */
  static void checkOperations(Class<?> operations, Class<?> specification) {
    check(operations, INTERLEAVINGS_PER_SCENARIO, operations(specification), null);
  }

  /** Checks a control: asserts that it fails, and for this reason. */
  static void checkCaught(String violation, Class<?> operations, Class<?> specification) {
    check(operations, INTERLEAVINGS_PER_SCENARIO, operations(specification), violation);
  }

  private static ModelCheckingOptions operations(Class<?> specification) {
    return new ModelCheckingOptions()
        .iterations(SCENARIOS)
        .actorsBefore(OPERATIONS_BEFORE)
        .actorsPerThread(OPERATIONS_PER_THREAD)
        .actorsAfter(OPERATIONS_AFTER)
        .checkObstructionFreedom(true)
        .sequentialSpecification(specification)
        .verifier(Linearizable.class);
  }

  /** Checks a race: a class with an operation per thread, and a validation when all have ended. */
  static void checkRace(Class<?> race) {
    checkRace(race, INTERLEAVINGS_PER_RACE);
  }

  static void checkRace(Class<?> race, int interleavings) {
    check(race, interleavings, race(), null);
  }

  /** Checks a control: asserts that it fails, and for this reason. */
  static void checkCaught(String violation, Class<?> race) {
    check(race, INTERLEAVINGS_PER_RACE, race(), violation);
  }

  private static ModelCheckingOptions race() {
    return new ModelCheckingOptions()
        .iterations(1)
        .actorsBefore(0)
        .actorsPerThread(1)
        .actorsAfter(0)
        .verifier(NothingThrown.class);
  }

  /**
   * Checks, and prints how far it came.
   *
   * @param wanted what has to be violated, of a control; null if all has to hold
   */
  private static void check(
      Class<?> type, int bound, ModelCheckingOptions options, @Nullable String wanted) {
    assumeTrue(
        Runtime.version().feature() <= LAST_JAVA_OF_LINCHECK,
        () -> "Lincheck runs on Java " + LAST_JAVA_OF_LINCHECK + " at most");
    CountingVerifier.HELD.clear();
    String outcome = wanted == null ? "holds" : "NOT CAUGHT";
    long start = System.nanoTime();
    try {
      options
          .threads(THREADS)
          .invocationsPerIteration(bound)
          .minimizeFailedScenario(false)
          // A park in a muted caller does not end by itself; a timed one, by Lincheck's way of
          // counting, has to be muted itself. Lincheck does so for the JDK's locks, and calls the
          // method internal. The class is that of the object. The controls that have to hang fail
          // if this stops working.
          .addGuarantee(forClasses(AtomicWaker.class.getName()).methods("parkNow").mute$lincheck())
          .addGuarantee(
              forClasses(SlotOperations.Copy.class.getName())
                  .methods("park", "parkNanos")
                  .mute$lincheck())
          .addGuarantee(
              forClasses(LockSupport.class.getName()).methods("parkNanos").mute$lincheck())
          .check(type);
      assertNull(wanted, () -> type + " was not caught");
    } catch (LincheckAssertionError e) {
      // The first line is a heading: = The execution has hung =
      String violation =
          e.getMessage().strip().lines().findFirst().orElseThrow().replaceAll("^= | =$", "");
      boolean caught = wanted != null && e.getMessage().contains(wanted);
      outcome = (caught ? "caught, as it should be: " : "FAILED: ") + violation;
      if (!caught) {
        throw e;
      }
    } finally {
      passOnWarnings();
      System.out.printf(
          Locale.ROOT,
          "Lincheck %-25s %2d scenarios, %,6d interleavings, %4.1f s: %s%n",
          type.getSimpleName(),
          CountingVerifier.HELD.size(),
          CountingVerifier.HELD.values().stream().mapToInt(Integer::intValue).sum(),
          (System.nanoTime() - start) / 1e9,
          outcome);
    }
  }

  /**
   * Prints what Lincheck has written to its log since this was called last, but for what is no
   * {@link #news}.
   */
  private static void passOnWarnings() {
    String log = System.getProperty("lincheck.logFile");
    if (log != null && Files.exists(Path.of(log))) {
      try {
        List<String> lines = Files.readAllLines(Path.of(log));
        news(lines.subList(passedOn, lines.size())).forEach(System.err::println);
        passedOn = lines.size();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * What is worth reading of Lincheck's log. It warns of each field of a record or of a hidden
   * class, to which {@code sun.misc.Unsafe} gives no access. That is no fault: Lincheck then reads
   * the field by reflection, and it is final, so that nothing has to be set back in it.
   */
  static List<String> news(List<String> lines) {
    return lines.stream().filter(line -> !NO_ACCESS.matcher(line).matches()).toList();
  }

  /** Counts the interleavings that held, by scenario. */
  abstract static class CountingVerifier implements Verifier {

    static final Map<ExecutionScenario, Integer> HELD = new HashMap<>();

    @Override
    public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
      boolean holds = verify(scenario, results);
      if (holds) {
        HELD.merge(scenario, 1, Integer::sum);
      }
      return holds;
    }

    abstract boolean verify(ExecutionScenario scenario, ExecutionResult results);
  }

  /** Lincheck's own verifier, counted. */
  public static final class Linearizable extends CountingVerifier {

    private final Verifier verifier;

    public Linearizable(Class<?> specification) {
      verifier = new LinearizabilityVerifier(specification);
    }

    @Override
    boolean verify(ExecutionScenario scenario, ExecutionResult results) {
      return verifier.verifyResults(scenario, results);
    }
  }

  /** Leaves the results to the race's validation, but does not take an exception for one. */
  public static final class NothingThrown extends CountingVerifier {

    public NothingThrown(Class<?> unused) {}

    @Override
    boolean verify(ExecutionScenario scenario, ExecutionResult results) {
      return getAllResults(results).stream().noneMatch(ExceptionResult.class::isInstance);
    }
  }
}
