package io.github.atomicwaker;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How often a wait tries to spin or to yield before it parks. Each try that fails halves the rate.
 * Each that pays takes one failure back, and the next wait tries again. This is competitive
 * spinning (Karlin, Li, Manasse and Owicki, 1991) with the choice learnt from earlier waits.
 *
 * <p>Spins back off by number of waits: after n failures the next spin comes with the
 * 2<sup>n</sup>th wait. Yields back off by time, since a yield that fails may take as long as
 * hundreds of waits: the next one comes once a new span of 2<sup>n</sup> periods has begun. These
 * spans begin at the same moments for all wakers, so that all threads try together: a yield is fast
 * only if the other threads yield as well.
 *
 * <p>A backoff is an int, so that it fits into a waker: one half for spins, one for yields. Each
 * half has the number of failures, and one more number: for spins the waits left until the next try
 * or, if none has failed, the {@link Arrivals}; for yields the span of the last try.
 */
final class Backoff {

  /** The backoff of a waker that has not waited yet. No other has that many failures. */
  static final int UNKNOWN = -1;

  /** The most failures whose number of waits fits. */
  static final int MAX_FAILURES = Half.VALUE_BITS;

  private static final Half SPINS = new Half(0);
  private static final Half YIELDS = new Half(16);

  private Backoff() {}

  static boolean spinIsDue(int backoff) {
    return spinsPay(backoff) || waitsLeft(backoff) == 0;
  }

  private static boolean spinsPay(int backoff) {
    return SPINS.failures(backoff) == 0;
  }

  private static int waitsLeft(int backoff) {
    return SPINS.value(backoff);
  }

  private static int arrivals(int backoff) {
    return spinsPay(backoff) ? SPINS.value(backoff) : Arrivals.UNKNOWN;
  }

  private static int lastSpan(int backoff) {
    return YIELDS.value(backoff);
  }

  static int afterWaitWithoutSpin(int backoff) {
    return SPINS.with(backoff, SPINS.failures(backoff), waitsLeft(backoff) - 1);
  }

  static int afterFailedSpin(int backoff, int maxFailures) {
    int failures = SPINS.failuresAfter(backoff, false, maxFailures);
    return SPINS.with(backoff, failures, waitsAfter(failures));
  }

  /**
   * Returns the backoff after a wait that found its value in its spin.
   *
   * @param early whether it did in its first turns
   */
  static int afterPaidSpin(int backoff, boolean early, int maxFailures) {
    return spinsPay(backoff)
        ? SPINS.with(backoff, 0, Arrivals.afterSpin(arrivals(backoff), early))
        : SPINS.with(backoff, SPINS.failuresAfter(backoff, true, maxFailures), 0);
  }

  /** Returns whether a wait that finds no value at its first check is to pause. */
  static boolean pauseIsDue(int backoff) {
    return Arrivals.callForPause(arrivals(backoff));
  }

  /** Returns whether the backoff changes by a wait that finds a value at its first check. */
  static boolean lacksReady(int backoff) {
    return Arrivals.lackReady(arrivals(backoff));
  }

  static int afterReady(int backoff) {
    return SPINS.with(backoff, 0, Arrivals.afterReady(arrivals(backoff)));
  }

  private static int waitsAfter(int failures) {
    return (1 << failures) - 1;
  }

  /**
   * Returns whether a yield is due.
   *
   * @param period the number of the period in which it would begin
   */
  static boolean yieldIsDue(int backoff, long period) {
    int failures = YIELDS.failures(backoff);
    return failures == 0 || lastSpan(backoff) != span(period, failures);
  }

  /**
   * Returns the backoff after a wait that yielded.
   *
   * @param period the number of the period in which it ended
   */
  static int afterYield(int backoff, boolean paid, long period, int maxFailures) {
    int failures = YIELDS.failuresAfter(backoff, paid, maxFailures);
    // After a yield that paid, the span before the last one: the next yield is due at once. Without
    // failures the span has no meaning, and one that does not change is not written.
    int span = failures == 0 ? 0 : span(period, failures) - (paid ? 1 : 0);
    return YIELDS.with(backoff, failures, span);
  }

  private static int span(long period, int failures) {
    return (int) (period >> failures) & Half.VALUE;
  }

  /**
   * Returns the backoff of a group after a wait of one of its wakers. The group takes over the half
   * that the wait changed. Of the number of waits it keeps only whether a spin is due.
   *
   * @param group the group's backoff before
   * @param before the waker's backoff before its wait
   * @param after the waker's backoff after its wait
   */
  static int shared(int group, int before, int after) {
    int shared = group;
    int failures = SPINS.failures(after);
    if (failures != SPINS.failures(before)) {
      shared = SPINS.with(shared, failures, spinIsDue(after) ? 0 : 1);
    }
    if (YIELDS.half(after) != YIELDS.half(before)) {
      shared = YIELDS.with(shared, YIELDS.failures(after), lastSpan(after));
    }
    return shared;
  }

  /**
   * Returns the backoff with which a fresh waker of a group begins. If the group's last spin paid,
   * the first wait spins; otherwise wakers that wait once each would rarely spin twice in a row. If
   * it failed, the first wait is at a random place among the waits without a spin.
   */
  static int first(int group) {
    if (spinIsDue(group)) {
      return group;
    }
    int failures = SPINS.failures(group);
    int waitsLeft = ThreadLocalRandom.current().nextInt() & waitsAfter(failures);
    return SPINS.with(group, failures, waitsLeft);
  }

  /** Of 16 bits: the failures in the upper four, and below them the one more number, the value. */
  private static final class Half {

    static final int VALUE_BITS = 12;
    static final int VALUE = (1 << VALUE_BITS) - 1;
    private static final int HALF = (1 << 16) - 1;

    /** The place of its lowest bit in the int. */
    private final int shift;

    Half(int shift) {
      this.shift = shift;
    }

    int half(int backoff) {
      return (backoff >>> shift) & HALF;
    }

    int value(int backoff) {
      return half(backoff) & VALUE;
    }

    int failures(int backoff) {
      return half(backoff) >> VALUE_BITS;
    }

    int failuresAfter(int backoff, boolean paid, int max) {
      int failures = failures(backoff);
      return paid ? Math.max(failures - 1, 0) : Math.min(failures + 1, max);
    }

    int with(int backoff, int failures, int value) {
      int half = (failures << VALUE_BITS) | (value & VALUE);
      return (backoff & ~(HALF << shift)) | (half << shift);
    }
  }
}
