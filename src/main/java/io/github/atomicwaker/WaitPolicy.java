package io.github.atomicwaker;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How a wait passes its time before it parks.
 *
 * @param fewestSpins the fewest turns of a spin, and how many a try has that is made after spins
 *     did not pay
 * @param mostSpins the most turns of a spin
 * @param turnsPerPause every how many turns a spin pauses; a power of two
 * @param longestSpin the longest spin in nanoseconds, by the clock
 * @param waitsPerTry how many waits go by without a spin, on average, before one tries again; a
 *     power of two
 * @param longestYield how long a platform thread yields after a spin, in nanoseconds
 */
record WaitPolicy(
    int fewestSpins,
    int mostSpins,
    int turnsPerPause,
    long longestSpin,
    int waitsPerTry,
    long longestYield) {

  static final WaitPolicy ADAPTIVE = new WaitPolicy(16, 256, 4, 2_000, 256, 24_000);

  static final WaitPolicy PARKING_ONLY = new WaitPolicy(0, 0, 1, 0, 1, 0);

  /** How many turns a wait spins, if its waker has learnt to spin this many. */
  int turnsToSpin(int learnt) {
    if (learnt > 0) {
      return learnt;
    }
    boolean tries = (ThreadLocalRandom.current().nextInt() & (waitsPerTry - 1)) == 0;
    return tries ? fewestSpins : 0;
  }

  /** How many turns the next wait spins, after one that spun so many, which paid or not. */
  int next(int turns, boolean paid) {
    int next = paid ? Math.min(2 * turns, mostSpins) : turns / 2;
    return next < fewestSpins ? 0 : next;
  }
}
