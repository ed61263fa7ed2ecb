package io.github.atomicwaker;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How seldom a way to wait is tried that does not pay: each try in vain makes it half as often, and
 * one that pays takes a failure away and is followed by a try.
 *
 * <p>Of spins it is waits that count: after n failures the next spin comes with the 2<sup>n</sup>th
 * wait from there. Of yields it is time, since one in vain may take as long as hundreds of waits:
 * the next comes once a new span of 2<sup>n</sup> periods has begun. These spans begin at the same
 * moments for all wakers, so that all try together: a yield is fast only if the other threads
 * yield, too.
 *
 * <p>What is known of either, the failures and the turn, is half an int, so that both fit into a
 * waker.
 */
final class Backoff {

  /** Nothing is known yet: no backoff has so many failures. */
  static final int UNKNOWN = -1;

  /** The most failures whose waits fit. */
  static final int MOST_FAILURES = Half.TURN_BITS;

  /** Its turn is how many waits go by until the next spin. */
  private static final Half SPINS = new Half(0);

  /** Its turn is the span in which the last yield ended or, if that paid, the span before. */
  private static final Half YIELDS = new Half(16);

  private Backoff() {}

  static boolean spinIsDue(int known) {
    return SPINS.turn(known) == 0;
  }

  /** Of a wait without a spin. */
  static int spinPassed(int known) {
    return SPINS.with(known, SPINS.failures(known), SPINS.turn(known) - 1);
  }

  static int spun(int known, boolean paid, int mostFailures) {
    int failures = SPINS.failuresAfter(known, paid, mostFailures);
    return SPINS.with(known, failures, paid ? 0 : waits(failures));
  }

  private static int waits(int failures) {
    return (1 << failures) - 1;
  }

  /**
   * Whether a yield is due.
   *
   * @param period the number of the period that it would begin in
   */
  static boolean yieldIsDue(int known, long period) {
    int failures = YIELDS.failures(known);
    return failures == 0 || YIELDS.turn(known) != span(period, failures);
  }

  /**
   * Of a wait that yielded.
   *
   * @param period the number of the period that it ended in
   */
  static int yielded(int known, boolean paid, long period, int mostFailures) {
    int failures = YIELDS.failuresAfter(known, paid, mostFailures);
    // Without failures the turn has no meaning: one that stays is one that is not written.
    int turn = failures == 0 ? 0 : span(period, failures) - (paid ? 1 : 0);
    return YIELDS.with(known, failures, turn);
  }

  private static int span(long period, int failures) {
    return (int) (period >> failures) & Half.TURN;
  }

  /**
   * What others may begin with, once a wait has learnt: of what it tried, what it knows now. Of
   * spins not the waits, but whether one is due.
   *
   * @param experience what they began with before
   */
  static int experience(int experience, int known, int lesson) {
    int shared = experience;
    int failures = SPINS.failures(lesson);
    if (failures != SPINS.failures(known)) {
      shared = SPINS.with(shared, failures, spinIsDue(lesson) ? 0 : 1);
    }
    if (YIELDS.half(lesson) != YIELDS.half(known)) {
      shared = YIELDS.with(shared, YIELDS.failures(lesson), YIELDS.turn(lesson));
    }
    return shared;
  }

  /**
   * Begins with the experience of others. After a spin of theirs that paid this one's first wait is
   * a try, since else those that wait once each would seldom try twice in a row; after one in vain,
   * of many as many try as if each waited its turn.
   */
  static int beginWith(int experience) {
    if (spinIsDue(experience)) {
      return experience;
    }
    int failures = SPINS.failures(experience);
    int turn = ThreadLocalRandom.current().nextInt() & waits(failures);
    return SPINS.with(experience, failures, turn);
  }

  private static final class Half {

    static final int TURN_BITS = 12;
    static final int TURN = (1 << TURN_BITS) - 1;
    private static final int HALF = (1 << 16) - 1;

    /** How far from the end of the int. */
    private final int shift;

    Half(int shift) {
      this.shift = shift;
    }

    int half(int known) {
      return (known >>> shift) & HALF;
    }

    int turn(int known) {
      return half(known) & TURN;
    }

    int failures(int known) {
      return half(known) >> TURN_BITS;
    }

    int failuresAfter(int known, boolean paid, int most) {
      int failures = failures(known);
      return paid ? Math.max(failures - 1, 0) : Math.min(failures + 1, most);
    }

    int with(int known, int failures, int turn) {
      int half = (failures << TURN_BITS) | (turn & TURN);
      return (known & ~(HALF << shift)) | (half << shift);
    }
  }
}
