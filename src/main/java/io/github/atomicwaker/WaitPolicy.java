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
 * <p>The constants are those that the row "constants" of the benchmarks found best: it changes one
 * at a time. Its figures beside them, for one less or more, are times of a round trip relative to
 * those with the constant as it is, on two processors; a pair is two threads, each waiting for the
 * other.
 *
 * @param mostSpins how many turns the first spin of a round may take. With 64 a pair never gets in
 *     step (4.7); with 2,048, spins in vain slow 10,000 pairs down (1.4)
 * @param spinsPerRound how many spins a round has; what a fresh waker begins with is the last. With
 *     1 the two of a pair seldom spin at the same time (1.2 to 1.4)
 * @param turnsPerPause every how many turns a spin pauses; a power of two. Pauses at each turn make
 *     spins in vain longer (10,000 pairs: 1.8), at each 16th the spin slows down whom it waits for
 *     (a pair: 3.7)
 * @param longestSpin the longest spin in nanoseconds, by the clock, for conditions that are slow.
 *     With a quarter a pair falls out of step more often (1.2); 25 times as long, with the turns
 *     for it, spins in vain are all that is left of a single carrier's time (1.7)
 * @param waitsPerRound one in how many waits begins the round after the first; each later one is
 *     half as likely to begin as the one before; a power of two. With 2, 10,000 pairs that have
 *     just begun mostly spin in vain (1.4)
 * @param lastRound the round that is repeated for ever; the first is 0. It begins at one wait in
 *     1,024: with one in 64 pairs on a single carrier pay for it (1.6), with one in 16,384 a pair
 *     that fell out of step stays so for long (2.6)
 * @param longestYield how long a platform thread yields after the first spin of a round, in
 *     nanoseconds. With a quarter a pair of platform threads never gets in step (130), with four
 *     times as much nothing is gained
 */
record WaitPolicy(
    int mostSpins,
    int spinsPerRound,
    int turnsPerPause,
    long longestSpin,
    int waitsPerRound,
    int lastRound,
    long longestYield) {

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
