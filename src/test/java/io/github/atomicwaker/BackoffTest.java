package io.github.atomicwaker;

import static io.github.atomicwaker.Backoff.MOST_FAILURES;
import static io.github.atomicwaker.Backoff.OF_SPINS;
import static io.github.atomicwaker.Backoff.OF_YIELDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BackoffTest {

  static Stream<Backoff> both() {
    return Stream.of(OF_SPINS, OF_YIELDS);
  }

  private static int failed(Backoff backoff, int known, int times) {
    IntUnaryOperator fail = before -> backoff.tried(before, 1, MOST_FAILURES);
    return IntStream.range(0, times).reduce(known, (before, time) -> fail.applyAsInt(before));
  }

  /** How many waits go by until the next one that is a try. */
  private static int waitsUntilDue(Backoff backoff, int known) {
    int waits = 1;
    for (int now = known; !backoff.isDue(now); now = backoff.passed(now)) {
      waits++;
    }
    return waits;
  }

  @ParameterizedTest
  @MethodSource("both")
  void eachTryInVainDoublesTheWaitsUntilTheNext(Backoff backoff) {
    for (int failures = 0; failures <= MOST_FAILURES; failures++) {
      assertEquals(1 << failures, waitsUntilDue(backoff, failed(backoff, 0, failures)));
    }
    assertEquals(
        failed(backoff, 0, MOST_FAILURES),
        failed(backoff, 0, MOST_FAILURES + 1),
        "more waits than there is room for");
  }

  @ParameterizedTest
  @MethodSource("both")
  void aTryThatPaysHalvesTheFailuresAndIsFollowedByATry(Backoff backoff) {
    int known = failed(backoff, 0, 9);
    for (int failures : new int[] {4, 2, 1, 0, 0}) {
      known = backoff.tried(known, 0, MOST_FAILURES);
      assertTrue(backoff.isDue(known));
      assertEquals(failed(backoff, 0, failures + 1), failed(backoff, known, 1));
    }
    assertEquals(0, known);
  }

  @ParameterizedTest
  @MethodSource("both")
  void aTryMayCountAsSeveral(Backoff backoff) {
    assertEquals(failed(backoff, 0, 5), backoff.tried(failed(backoff, 0, 1), 4, MOST_FAILURES));
    assertEquals(failed(backoff, 0, 7), backoff.tried(failed(backoff, 0, 6), 4, 7), "the most");
  }

  @Test
  void theTwoDoNotTouchEachOther() {
    int spins = failed(OF_SPINS, 0, MOST_FAILURES);
    int both = failed(OF_YIELDS, spins, MOST_FAILURES);
    assertEquals(failed(OF_SPINS, failed(OF_YIELDS, 0, MOST_FAILURES), MOST_FAILURES), both);
    assertEquals(spins, OF_YIELDS.passed(both) & 0xffff);
    assertEquals(
        OF_YIELDS.tried(failed(OF_YIELDS, 0, MOST_FAILURES), 0, MOST_FAILURES),
        OF_SPINS.tried(OF_YIELDS.tried(both, 0, MOST_FAILURES), 0, MOST_FAILURES) & 0xffff0000);
    assertFalse(OF_SPINS.isDue(OF_YIELDS.tried(both, 0, MOST_FAILURES)));
  }

  /** Else a waker that knows all there is to know would begin again. */
  @Test
  void whatIsKnownIsNeverTakenForUnknown() {
    int most = failed(OF_YIELDS, failed(OF_SPINS, 0, MOST_FAILURES), MOST_FAILURES);
    assertTrue(Integer.compareUnsigned(most, Backoff.UNKNOWN) < 0);
  }

  /** So that of a thousand fresh wakers as many try as of a thousand waits of one. */
  @ParameterizedTest
  @MethodSource("both")
  void fromTheFailuresOfOthersAWaitBeginsAtAnyTurn(Backoff backoff) {
    assertEquals(0, Backoff.beginWith(0));
    for (int failures = 1; failures <= MOST_FAILURES; failures++) {
      int after = failed(backoff, 0, failures);
      int guess = Backoff.experienceOf(after);
      int expected = 1_000;
      int due = 0;
      for (int wakers = 0; wakers < expected << failures; wakers++) {
        int fresh = Backoff.beginWith(guess);
        assertEquals(Backoff.failuresOf(after), Backoff.failuresOf(fresh));
        if (wakers < expected) {
          assertTrue(waitsUntilDue(backoff, fresh) <= 1 << failures);
        }
        due += backoff.isDue(fresh) ? 1 : 0;
      }
      int paid = backoff.tried(after, 0, MOST_FAILURES);
      assertEquals(paid, Backoff.beginWith(Backoff.experienceOf(paid)), "a try follows");
      // within eight standard deviations
      assertEquals(expected, due, 8 * Math.sqrt(expected), "of " + failures + " failures");
    }
  }
}
