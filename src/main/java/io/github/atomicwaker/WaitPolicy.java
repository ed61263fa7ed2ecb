package io.github.atomicwaker;

import io.github.atomicwaker.AtomicWaker.Look;
import org.jspecify.annotations.Nullable;

/**
 * How a wait passes its time before it parks: it spins, on a platform thread it yields, and does
 * either the less often the less it pays ({@link Backoff}).
 *
 * <p>What each constant is good for is measured by the row "constants" of the benchmarks, which
 * tries others. What it printed is said here where no two forks overlapped, as a multiple of the
 * time with the constants as they are; but not of busy cores, where the forks of one policy differ
 * as much as policies do.
 */
final class WaitPolicy {

  static final WaitPolicy ADAPTIVE =
      new WaitPolicy(512, 4, 4_000, 24_000, 1_000_000, 5_000_000, 250_000, 10);

  static final WaitPolicy PARKING_ONLY = new WaitPolicy(0, 1, 0, 0, 0, 0, 1, 0);

  /**
   * How many turns a spin may take: enough for two threads that wait for each other to get in step
   * (with 128 a pair of platform threads takes 2.1), few enough for spins that fail to cost little
   * (with 2,048, and four times the longest spin, the same pair takes 5).
   */
  final int mostSpins;

  /**
   * Every how many turns a spin pauses; a power of two. More pauses make spins that fail longer,
   * fewer slow down the thread that the spin waits for; with 1 or 16 the forks overlap.
   */
  final int turnsPerPause;

  /**
   * The longest spin in nanoseconds, by the clock, for conditions that are slow. With 1,000 the
   * forks overlap.
   */
  final long longestSpin;

  /**
   * For how long a platform thread begins further yields, in nanoseconds: as long as it takes to
   * unpark the other one, so that two that wait for each other get in step (with none a pair takes
   * 452, and ten 1.7; with 6,000 a pair takes 230, and ten 1.2).
   */
  final long longestYield;

  /**
   * Yields that took longer, in nanoseconds, have let another program run for a slice of the
   * scheduler: some milliseconds (with 100 ms a round trip of two pairs on busy cores took 0.6 ms
   * in one fork of three).
   */
  final long slowYield;

  /**
   * How long a yield may take, in nanoseconds, where another program runs: as long as a slice of
   * that one, some 4 ms on Linux. A wait with less time left begins none.
   */
  final long busyYield;

  /**
   * The length, in nanoseconds, of the periods that yields back off by: some ten times as long as
   * yields that fail take, so that even the first of these are a small part of the time, and longer
   * where other programs run. With 2 ms pairs of whom all have to yield find out late (ten take
   * 1.4); with 30,000 the forks overlap.
   */
  final long yieldPeriod;

  /**
   * How many failures count at most: so many that a try that fails costs next to nothing (with 4 a
   * pair on one carrier takes 2.4, and 10,000 pairs on two 2.7), few enough to find out soon when
   * tries begin to pay.
   */
  final int mostFailures;

  WaitPolicy(
      int mostSpins,
      int turnsPerPause,
      long longestSpin,
      long longestYield,
      long slowYield,
      long busyYield,
      long yieldPeriod,
      int mostFailures) {
    if (mostFailures > Backoff.MOST_FAILURES) {
      throw new IllegalArgumentException(mostFailures + " failures have no room for their waits");
    }
    this.mostSpins = mostSpins;
    this.turnsPerPause = turnsPerPause;
    this.longestSpin = longestSpin;
    this.longestYield = longestYield;
    this.slowYield = slowYield;
    this.busyYield = busyYield;
    this.yieldPeriod = yieldPeriod;
    this.mostFailures = mostFailures;
  }

  boolean parksOnly() {
    return mostSpins == 0;
  }

  /**
   * Looks again and again, for a moment, or until the thread is interrupted: looks of a wait are
   * made without an interrupt.
   *
   * @param end when to end at the latest, by {@link System#nanoTime}. The clock is read where the
   *     spin pauses: a condition that becomes slow is looked at so many times more
   */
  <S, T> @Nullable T spin(Thread self, S state, Look<S, T> look, long end) {
    for (int turn = 0; turn < mostSpins && !self.isInterrupted(); turn++) {
      T value = look.at(state);
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

  /** The number of the period in which a moment is, by {@link System#nanoTime}. */
  long period(long moment) {
    return moment / yieldPeriod;
  }

  /**
   * Lets other threads run, for a moment or until the scheduler gives the processor back. Not for
   * virtual threads, which a yield costs as much as a park.
   *
   * @param begin the time, by {@link System#nanoTime}
   */
  @SuppressWarnings("ThreadPriorityCheck") // they end by the clock, and nothing depends on them
  <S, T> @Nullable T yieldFor(Thread self, S state, Look<S, T> look, long begin) {
    T value;
    do {
      Thread.yield();
      if (self.isInterrupted()) {
        return null;
      }
      value = look.at(state);
    } while (value == null && System.nanoTime() - begin < longestYield);
    return value;
  }
}
