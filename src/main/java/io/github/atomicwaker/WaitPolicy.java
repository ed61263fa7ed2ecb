package io.github.atomicwaker;

import org.jspecify.annotations.Nullable;

/**
 * How a wait passes the time before it parks: it pauses, spins and, on a platform thread, yields.
 * {@link Backoff} limits how often.
 *
 * <p>The row "constants" of the benchmarks tries other values for each constant but {@link
 * #busyYieldNanos}. The comments quote its results as multiples of the time with the value below:
 * "2.1×" takes 2.1 times as long. They quote only results whose forks do not overlap, and on busy
 * cores, where forks of one policy differ as much as policies do, none below 10×. Where they quote
 * none, the forks overlap; decision 3 has results of a run in which the cores were far apart.
 */
final class WaitPolicy {

  static final WaitPolicy ADAPTIVE =
      new WaitPolicy(512, 4, 4_000, 16, 1_000, 24_000, 1_000_000, 5_000_000, 250_000, 10);

  static final WaitPolicy PARKING_ONLY = new WaitPolicy(0, 1, 0, 0, 0, 0, 0, 0, 1, 0);

  /**
   * Enough turns for two threads that wait for each other to get in step, few enough for spins that
   * fail to cost little.
   */
  final int maxSpinTurns;

  /**
   * A spin reads the clock and pauses once every this many turns; a power of two. More pauses make
   * spins that fail longer. Fewer slow down the thread that the spin waits for.
   */
  final int turnsPerPause;

  /**
   * Limits the spin on a slow condition, or a value from afar (with 16,000, and 2,048 turns, a
   * hundred pairs on one carrier take 1.1×).
   */
  final long maxSpinNanos;

  /**
   * A value is early if a spin finds it within this many turns. Decision 3 has a case against 4.
   */
  final int earlyTurns;

  /**
   * How long a wait pauses: enough for some dozens of values (without a pause a message of one of
   * four platform threads takes 2.5×). A value may be that much later.
   */
  final long streamPauseNanos;

  /**
   * For how long a platform thread begins further yields: as long as an unpark of the other thread
   * takes, so that two that wait for each other get in step (with none a pair takes 280×, and ten
   * 1.8×; with 6,000 a pair takes 270×).
   */
  final long maxYieldNanos;

  /**
   * A yield that took longer has let another program run for a slice of the scheduler, some
   * milliseconds (with 100 ms two pairs on busy cores take 34×).
   */
  final long slowYieldNanos;

  /**
   * How long a yield may take while another program runs: longer than a slice of the scheduler. A
   * wait with less time left begins none.
   */
  final long busyYieldNanos;

  /**
   * The length of the periods by which yields back off: ten times a yield that fails, so that even
   * the first failures are a small part of the time. With 2 ms, pairs which all have to yield find
   * out late (ten take 1.5×).
   */
  final long yieldPeriodNanos;

  /**
   * Enough for failed tries to cost next to nothing (with 4 a pair on one carrier takes 2.4×, and a
   * hundred pairs on two 1.7×), few enough to find out soon when tries begin to pay.
   */
  final int maxFailures;

  WaitPolicy(
      int maxSpinTurns,
      int turnsPerPause,
      long maxSpinNanos,
      int earlyTurns,
      long streamPauseNanos,
      long maxYieldNanos,
      long slowYieldNanos,
      long busyYieldNanos,
      long yieldPeriodNanos,
      int maxFailures) {
    if (maxFailures > Backoff.MAX_FAILURES) {
      throw new IllegalArgumentException(
          maxFailures + " failures do not fit: " + Backoff.MAX_FAILURES + " do");
    }
    if (earlyTurns > maxSpinTurns) {
      throw new IllegalArgumentException(earlyTurns + " of " + maxSpinTurns + " turns are early");
    }
    this.maxSpinTurns = maxSpinTurns;
    this.turnsPerPause = turnsPerPause;
    this.maxSpinNanos = maxSpinNanos;
    this.earlyTurns = earlyTurns;
    this.streamPauseNanos = streamPauseNanos;
    this.maxYieldNanos = maxYieldNanos;
    this.slowYieldNanos = slowYieldNanos;
    this.busyYieldNanos = busyYieldNanos;
    this.yieldPeriodNanos = yieldPeriodNanos;
    this.maxFailures = maxFailures;
  }

  boolean parksOnly() {
    return maxSpinTurns == 0;
  }

  /**
   * Spins briefly, or until the thread is interrupted: a wait checks its condition with the
   * interrupt status clear.
   *
   * @param end when to end at the latest, by {@link System#nanoTime}. The clock is read where the
   *     spin pauses, so a condition that becomes slow is checked up to {@link #turnsPerPause} times
   *     more
   */
  <S, T> @Nullable T spin(Thread self, S state, Check<S, T> check, long end, int turns) {
    for (int turn = 0; turn < turns && !self.isInterrupted(); turn++) {
      T value = check.on(state);
      if (value != null) {
        return value;
      }
      if ((turn & (turnsPerPause - 1)) == 0) {
        if (System.nanoTime() - end > 0) {
          break;
        }
        Thread.onSpinWait();
      }
    }
    return null;
  }

  /**
   * Lets producers get ahead, without a look.
   *
   * @param end when to end, by {@link System#nanoTime}
   */
  void pause(long end) {
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  /** Returns the number of the period at a moment, by {@link System#nanoTime}. */
  long period(long moment) {
    return moment / yieldPeriodNanos;
  }

  /**
   * Yields briefly, or until the scheduler gives the processor back. Not for virtual threads: a
   * yield costs them as much as a park.
   *
   * @param begin when this begins, by {@link System#nanoTime}
   */
  @SuppressWarnings("ThreadPriorityCheck") // they end by the clock, and nothing depends on them
  <S, T> @Nullable T yieldFor(Thread self, S state, Check<S, T> check, long begin) {
    T value;
    do {
      Thread.yield();
      if (self.isInterrupted()) {
        return null;
      }
      value = check.on(state);
    } while (value == null && System.nanoTime() - begin < maxYieldNanos);
    return value;
  }
}
