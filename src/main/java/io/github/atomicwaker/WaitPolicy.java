package io.github.atomicwaker;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How a wait passes its time before it parks, and what a waker learns of it.
 *
 * <p>What a waker has learnt is one number: above 0, how many turns its next wait spins; below, in
 * how many waits one tries to spin again. A spin that paid may be as long as any the next time; one
 * that did not, half as long, until it is too short to pay. Then tries are one wait in 2, in 4, and
 * so on: a pair of threads that fell out of step, since one of them lost its processor for a
 * moment, is soon in step again, and where spins never pay they all but end.
 *
 * <p>What each constant is good for is measured by the row "constants" of the benchmarks, which
 * changes one at a time.
 *
 * @param fewestSpins the fewest turns of a spin, and how many a fresh waker begins with
 * @param mostSpins the most turns of a spin
 * @param turnsPerPause every how many turns a spin pauses; a power of two
 * @param longestSpin the longest spin in nanoseconds, by the clock
 * @param waitsPerTry one in how many waits tries to spin, at last, where spins do not pay; a power
 *     of two
 * @param longestYield how long a platform thread yields after a spin, in nanoseconds
 */
record WaitPolicy(
    int fewestSpins,
    int mostSpins,
    int turnsPerPause,
    long longestSpin,
    int waitsPerTry,
    long longestYield) {

  static final WaitPolicy ADAPTIVE = new WaitPolicy(16, 512, 4, 4_000, 1_024, 24_000);

  static final WaitPolicy PARKING_ONLY = new WaitPolicy(0, 0, 1, 0, 1, 0);

  /** How many turns a wait spins. */
  int turnsToSpin(int learnt) {
    if (learnt >= 0) {
      return learnt;
    }
    boolean tries = (ThreadLocalRandom.current().nextInt() & (-learnt - 1)) == 0;
    return tries ? mostSpins : 0;
  }

  /** What is learnt of a wait that spun. */
  int learn(int learnt, boolean paid) {
    if (paid) {
      return mostSpins;
    } else if (learnt > fewestSpins) {
      return learnt / 2;
    }
    return learnt > 0 ? -2 : Math.max(2 * learnt, -waitsPerTry);
  }
}
