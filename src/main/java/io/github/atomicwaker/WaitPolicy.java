package io.github.atomicwaker;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How a wait passes its time before it parks, and what a waker learns of it.
 *
 * <p>What a waker has learnt is one number: how many of its spins failed since one paid. They come
 * in rounds: the first spin of a round is the longest, each that fails is followed by one half as
 * long, and after the last, new rounds begin at one wait in 16, in 32, and so on. So a spin that
 * pays is followed by the longest there are; where they never pay they all but end; and a pair of
 * threads that fell out of step, since one of them lost its processor for a moment, is soon in step
 * again. For that both have to spin at the same time: a round gives the other side several waits to
 * join in.
 *
 * <p>What each constant is good for is measured by the row "constants" of the benchmarks, which
 * tries others; the nanoseconds below are its medians. A pair is two threads, each waiting for the
 * other.
 *
 * @param mostSpins how many turns the first spin of a round may take: enough for a pair to get in
 *     step, few enough for spins in vain to cost little: a pair on one carrier took 376, with 2,048
 *     turns 441, with 8,192 and a longestSpin that allows them 601
 * @param spinsPerRound how many spins a round has, so that the two of a pair spin at the same time
 *     sooner or later; what a fresh waker begins with is the last. (One, four, eight and ten differ
 *     by less than their forks do)
 * @param turnsPerPause every how many turns a spin pauses; a power of two. More pauses make spins
 *     in vain longer, fewer slow down the thread that the spin waits for: a hand-off took 64, with
 *     a pause at every turn 91, at one in 16 86
 * @param longestSpin the longest spin in nanoseconds, by the clock, for conditions that are slow
 * @param waitsPerRound one in how many waits begins the round after the first; each later one is
 *     half as likely to begin as the one before; a power of two. The fewer, the more of its first
 *     waits a waker spins in vain: a pair on one carrier took 376, with 2 in place of 16 494
 * @param lastRound the round that is repeated for ever; the first is 0. The later, the less spins
 *     in vain cost in the end, and the longer a pair that fell out of step stays so: a pair on one
 *     carrier took 376, with 3 in place of 7 627, with 11 376
 * @param longestYield how long a platform thread yields after the first spin of a round, in
 *     nanoseconds: enough for a pair of platform threads to get in step: it took 196, with a
 *     quarter of that time 20,291, with none 41,875
 */
record WaitPolicy(
    int mostSpins,
    int spinsPerRound,
    int turnsPerPause,
    long longestSpin,
    int waitsPerRound,
    int lastRound,
    long longestYield) {

  WaitPolicy {
    if (mostSpins > 0 && mostSpins >> (spinsPerRound - 1) == 0) {
      throw new IllegalArgumentException("a round of " + spinsPerRound + " has spins of no turns");
    }
  }

  static final WaitPolicy ADAPTIVE = new WaitPolicy(512, 8, 4, 4_000, 16, 7, 24_000);

  static final WaitPolicy PARKING_ONLY = new WaitPolicy(0, 1, 1, 0, 1, 0, 0);

  /** What a fresh waker begins with, as if so many spins had failed. */
  int firstGuess() {
    return spinsPerRound - 1;
  }

  /** How many turns a wait spins. */
  int turnsToSpin(int failures) {
    int round = failures / spinsPerRound;
    int spin = failures % spinsPerRound;
    boolean waits = spin == 0 && round > 0 && !onceIn(waitsPerRound << (round - 1));
    return waits ? 0 : mostSpins >> spin;
  }

  /**
   * Whether a platform thread yields after a spin that failed: once in a round, since to yield to
   * another program may take milliseconds.
   */
  boolean yields(int failures) {
    return failures % spinsPerRound == 0;
  }

  /** What is learnt of a wait that spun. */
  int learn(int failures, boolean paid) {
    if (paid) {
      return 0;
    }
    int next = failures + 1;
    return next / spinsPerRound > lastRound ? lastRound * spinsPerRound : next;
  }

  private static boolean onceIn(int powerOfTwo) {
    return (ThreadLocalRandom.current().nextInt() & (powerOfTwo - 1)) == 0;
  }
}
