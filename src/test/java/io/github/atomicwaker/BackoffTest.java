package io.github.atomicwaker;

import static io.github.atomicwaker.Backoff.MAX_FAILURES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

  /** A period whose span, of whatever length, has a number of ones alone. */
  private static final long ALL_ONES = -1;

  private static final int WAITS = (1 << MAX_FAILURES) - 1;

  private static int repeat(int times, int known, IntUnaryOperator step) {
    return IntStream.range(0, times).reduce(known, (before, time) -> step.applyAsInt(before));
  }

  private static int failedSpins(int times) {
    return repeat(times, 0, known -> Backoff.afterFailedSpin(known, MAX_FAILURES));
  }

  private static int failedYields(int times, long period) {
    return repeat(times, 0, known -> Backoff.afterYield(known, false, period, MAX_FAILURES));
  }

  /** Without the waits until the next spin, which are random in a fresh waker. */
  static int withoutWaits(int known) {
    return known & ~WAITS;
  }

  /** What a fresh waker begins with after a wait of another one. */
  private static int sharedAfter(int backoff) {
    return Backoff.shared(0, 0, backoff);
  }

  /** How many waits go by until the next one that spins. */
  private static int waitsUntilSpin(int known) {
    int waits = 1;
    for (int now = known; !Backoff.spinIsDue(now); now = Backoff.afterWaitWithoutSpin(now)) {
      waits++;
    }
    return waits;
  }

  private static long periodOfNextYield(int known, long from) {
    return LongStream.iterate(from, period -> period + 1)
        .filter(period -> Backoff.yieldIsDue(known, period))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachFailedSpinDoublesTheWaitsUntilTheNext() {
    for (int failures = 0; failures <= MAX_FAILURES; failures++) {
      assertEquals(1 << failures, waitsUntilSpin(failedSpins(failures)));
    }
    assertEquals(
        failedSpins(MAX_FAILURES),
        failedSpins(MAX_FAILURES + 1),
        "more waits than there is room for");
  }

  /** A clock may begin below zero. */
  @ParameterizedTest
  @ValueSource(longs = {0, -12_345, 1L << 40})
  void eachFailedYieldDoublesTheSpanUntilTheNextWhichBeginsForAllAtOnce(long start) {
    assertTrue(Backoff.yieldIsDue(0, start));
    for (int failures = 1; failures <= MAX_FAILURES; failures++) {
      int span = 1 << failures;
      long next = Math.floorDiv(start, span) * span + span;
      for (long period : new long[] {start, next - 1}) {
        int known = failedYields(failures, period);
        assertFalse(Backoff.yieldIsDue(known, period), "in the span of the last");
        assertEquals(next, periodOfNextYield(known, period), failures + " failures");
      }
    }
    assertEquals(
        failedYields(MAX_FAILURES, start),
        failedYields(MAX_FAILURES + 1, start),
        "a longer span than there is room for");
  }

  @Test
  void aSpinThatPaysTakesAFailureAwayAndIsFollowedByASpin() {
    int known = failedSpins(MAX_FAILURES);
    for (int failures = MAX_FAILURES - 1; failures >= 0; failures--) {
      known = Backoff.afterPaidSpin(known, false, MAX_FAILURES);
      assertTrue(Backoff.spinIsDue(known));
      assertEquals(failedSpins(failures + 1), Backoff.afterFailedSpin(known, MAX_FAILURES));
    }
    assertEquals(0, known);
    assertEquals(0, Backoff.afterPaidSpin(known, false, MAX_FAILURES));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 77_777})
  void aYieldThatPaysTakesAFailureAwayAndIsFollowedByAYield(long period) {
    int known = failedYields(MAX_FAILURES, period);
    for (int failures = MAX_FAILURES - 1; failures >= 0; failures--) {
      known = Backoff.afterYield(known, true, period, MAX_FAILURES);
      assertTrue(Backoff.yieldIsDue(known, period));
      assertEquals(
          failedYields(failures + 1, period),
          Backoff.afterYield(known, false, period, MAX_FAILURES));
    }
    assertEquals(0, known);
    assertEquals(0, Backoff.afterYield(known, true, period + 1, MAX_FAILURES), "nothing to write");
  }

  @Test
  void theTwoDoNotTouchEachOther() {
    int spins = failedSpins(MAX_FAILURES);
    int yields = failedYields(MAX_FAILURES, ALL_ONES);
    assertEquals(0, spins & yields);
    int both = spins | yields;
    assertEquals(
        both, repeat(MAX_FAILURES, yields, known -> Backoff.afterFailedSpin(known, MAX_FAILURES)));
    assertEquals(
        both,
        repeat(
            MAX_FAILURES,
            spins,
            known -> Backoff.afterYield(known, false, ALL_ONES, MAX_FAILURES)));
    assertEquals(
        yields,
        repeat(MAX_FAILURES, both, known -> Backoff.afterPaidSpin(known, false, MAX_FAILURES)));
    assertEquals(
        spins,
        repeat(MAX_FAILURES, both, known -> Backoff.afterYield(known, true, 0, MAX_FAILURES)));
    assertEquals(withoutWaits(both), repeat(WAITS, both, Backoff::afterWaitWithoutSpin));
  }

  /** Otherwise a waker that knows all there is to know would begin again. */
  @Test
  void whatIsKnownIsNeverTakenForUnknown() {
    int most = failedSpins(MAX_FAILURES) | failedYields(MAX_FAILURES, ALL_ONES);
    assertTrue(Integer.compareUnsigned(most, Backoff.UNKNOWN) < 0);
  }

  /** Of a thousand fresh wakers as many spin as of a thousand waits of one. */
  @Test
  void fromTheFailuresOfOthersAWaitBeginsAtAnyTurn() {
    assertEquals(0, Backoff.first(0));
    for (int failures = 1; failures <= MAX_FAILURES; failures++) {
      int after = failedSpins(failures);
      int guess = sharedAfter(after);
      int expected = 1_000;
      int due = 0;
      for (int wakers = 0; wakers < expected << failures; wakers++) {
        int fresh = Backoff.first(guess);
        assertEquals(withoutWaits(after), withoutWaits(fresh));
        if (wakers < expected) {
          assertTrue(waitsUntilSpin(fresh) <= 1 << failures);
        }
        due += Backoff.spinIsDue(fresh) ? 1 : 0;
      }
      int paid = Backoff.afterPaidSpin(after, false, MAX_FAILURES);
      assertEquals(paid, Backoff.first(sharedAfter(paid)), "a spin follows");
      // within eight standard deviations
      assertEquals(expected, due, 8 * Math.sqrt(expected), "of " + failures + " failures");
    }
  }

  @Test
  void fromTheYieldsOfOthersAWaitBeginsWhereTheyAre() {
    long period = 4_711;
    int failed = failedYields(5, period);
    int paid = Backoff.afterYield(failed, true, period, MAX_FAILURES);
    for (int known : new int[] {failed, paid}) {
      assertEquals(known, Backoff.first(sharedAfter(known)));
      int both = known | failedSpins(5);
      assertEquals(withoutWaits(both), withoutWaits(Backoff.first(sharedAfter(both))));
    }
  }

  /** Otherwise a waker whose yields fail now and then would hide from others that spins pay. */
  @Test
  void othersLearnOnlyFromTheAttemptThatWasMade() {
    int experience = sharedAfter(failedSpins(2) | failedYields(2, 1));
    int known = failedSpins(7) | failedYields(7, 1);
    int spun = Backoff.afterFailedSpin(known, MAX_FAILURES);
    assertEquals(
        sharedAfter(failedSpins(8) | failedYields(2, 1)), Backoff.shared(experience, known, spun));
    int yielded = Backoff.afterYield(known, false, 1, MAX_FAILURES);
    assertEquals(
        sharedAfter(failedSpins(2) | failedYields(8, 1)),
        Backoff.shared(experience, known, yielded));
    int passed = Backoff.afterWaitWithoutSpin(known);
    assertEquals(experience, Backoff.shared(experience, known, passed));
  }
}
