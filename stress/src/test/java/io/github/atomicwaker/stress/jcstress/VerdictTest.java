package io.github.atomicwaker.stress.jcstress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.stress.jcstress.Verdict.Fork;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The runner fails whenever the run has proved less than it should. */
class VerdictTest {

  private static final String TEST = "io.github.atomicwaker.stress.jcstress.A";
  private static final String CONTROL = "io.github.atomicwaker.stress.jcstress.controls.B";
  private static final List<String> BOTH = List.of(TEST, CONTROL);

  @Test
  void isGoodWhenAllRanNoneFailedAndTheControlIsCaught() {
    Verdict verdict = Verdict.of(BOTH, 3, List.of(clean(TEST), clean(TEST), broken(CONTROL)));
    assertTrue(verdict.good());
    assertEquals(List.of(), verdict.complaints());
    assertEquals(
        "1 tests declared, 1 run, 1 passed, 0 failed, 0 soft errors, 1 of 1 controls caught",
        verdict.toString());
    assertEquals(
        "A 20 (seen) 20", verdict.table().get(1).replaceAll(" +", " "), "the forks are summed up");
  }

  @Test
  void oneForbiddenOutcomeInOneForkFailsTheTest() {
    assertBad(
        Verdict.of(BOTH, 3, List.of(clean(TEST), broken(TEST), broken(CONTROL))),
        "1 tests declared, 1 run, 0 passed, 1 failed, 0 soft errors, 1 of 1 controls caught",
        "FAILED      A: !(lost) 3");
  }

  @Test
  void aTestThatDidNotRunIsNamed() {
    assertBad(
        Verdict.of(BOTH, 1, List.of(broken(CONTROL))),
        "1 tests declared, 0 run, 0 passed, 0 failed, 0 soft errors, 1 of 1 controls caught",
        "NOT RUN     A");
  }

  @Test
  void aForkThatDidNotStartIsASoftErrorThoughOthersRan() {
    Fork dead = new Fork(TEST, "VM_ERROR [exit code 1]", Map.of(), Set.of());
    assertBad(
        Verdict.of(BOTH, 3, List.of(clean(TEST), dead, broken(CONTROL))),
        "1 tests declared, 1 run, 0 passed, 0 failed, 1 soft errors, 1 of 1 controls caught",
        "SOFT ERROR  A: VM_ERROR [exit code 1]");
  }

  @Test
  void aForkWithoutSamplesIsASoftError() {
    Fork empty = new Fork(TEST, null, Map.of("seen", 0L), Set.of());
    assertBad(
        Verdict.of(BOTH, 3, List.of(clean(TEST), empty, broken(CONTROL))),
        "1 tests declared, 1 run, 0 passed, 0 failed, 1 soft errors, 1 of 1 controls caught",
        "SOFT ERROR  A: no samples");
  }

  @Test
  void aForkWithoutReportIsASoftError() {
    assertBad(
        Verdict.of(BOTH, 3, List.of(clean(TEST), broken(CONTROL))),
        "1 tests declared, 1 run, 1 passed, 0 failed, 1 soft errors, 1 of 1 controls caught",
        "SOFT ERROR  3 forks planned, 2 reported");
  }

  @Test
  void aControlThatComesBackCleanFailsTheRun() {
    assertBad(
        Verdict.of(BOTH, 2, List.of(clean(TEST), clean(CONTROL))),
        "1 tests declared, 1 run, 1 passed, 0 failed, 0 soft errors, 0 of 1 controls caught",
        "NOT CAUGHT  controls.B: came back clean");
  }

  @Test
  void aControlThatDidNotRunFailsTheRun() {
    assertBad(
        Verdict.of(BOTH, 1, List.of(clean(TEST))),
        "1 tests declared, 1 run, 1 passed, 0 failed, 0 soft errors, 0 of 1 controls caught",
        "NOT RUN     controls.B");
  }

  @Test
  void nothingDeclaredIsNotGood() {
    assertFalse(Verdict.of(List.of(), 0, List.of()).good());
  }

  @Test
  void onlyOurOwnPresetIsReplaced() {
    assertArrayEquals(
        new String[] {"-t", "Wake", "-m", "quick"}, JcstressRunner.expand("-t Wake -m quick"));
    assertArrayEquals(
        new String[] {"-jvmArgs", "-Xmx64m -Xss1m"},
        JcstressRunner.expand("-jvmArgs \"-Xmx64m -Xss1m\""));
    List<String> ci = List.of(JcstressRunner.expand("-t Wake -m ci"));
    assertEquals(List.of("-t", "Wake", "-m", "quick"), ci.subList(0, 4));
    assertFalse(ci.contains("ci"));
  }

  private static Fork clean(String test) {
    return new Fork(test, null, Map.of("seen", 10L, "lost", 0L), Set.of("lost"));
  }

  private static Fork broken(String test) {
    return new Fork(test, null, Map.of("seen", 10L, "lost", 3L), Set.of("lost"));
  }

  private static void assertBad(Verdict verdict, String closing, String complaint) {
    assertFalse(verdict.good());
    assertEquals(closing, verdict.toString());
    assertEquals(List.of(complaint), verdict.complaints());
  }
}
