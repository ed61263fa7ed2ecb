package io.github.atomicwaker;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How seldom a way to wait is tried that does not pay. After n tries in vain the next one comes
 * with the 2<sup>n</sup>th wait from there; a try that pays halves n, and the next wait is a try.
 *
 * <p>What is known of it, the tries in vain and the waits still to pass, is half an int, so that
 * what is known of spins and of yields fits into a waker.
 *
 * @param shift where in the int its half begins
 */
record Backoff(int shift) {

  static final Backoff OF_SPINS = new Backoff(0);
  static final Backoff OF_YIELDS = new Backoff(16);

  /** Nothing is known yet: no backoff has so many failures. */
  static final int UNKNOWN = -1;

  private static final int WAITS_BITS = 12;
  private static final int WAITS = (1 << WAITS_BITS) - 1;
  private static final int HALF = (1 << 16) - 1;

  /** The most failures whose waits fit. */
  static final int MOST_FAILURES = WAITS_BITS;

  boolean isDue(int known) {
    return ((known >>> shift) & WAITS) == 0;
  }

  /** Of a wait without a try. */
  int passed(int known) {
    return known - (1 << shift);
  }

  /**
   * Of a try.
   *
   * @param inVain how many tries in vain it counts as; none if it paid
   * @param most how many failures there may be
   */
  int tried(int known, int inVain, int most) {
    int before = failures(known);
    int failures = inVain == 0 ? before >> 1 : Math.min(before + inVain, most);
    return with(known, failures, inVain == 0 ? 0 : waits(failures));
  }

  private int failures(int known) {
    return ((known >>> shift) & HALF) >> WAITS_BITS;
  }

  private static int waits(int failures) {
    return (1 << failures) - 1;
  }

  private int with(int known, int failures, int waits) {
    int half = (failures << WAITS_BITS) | waits;
    return (known & ~(HALF << shift)) | (half << shift);
  }

  /** The failures of both, without the waits until the next try. */
  static int failuresOf(int known) {
    return known & ~((WAITS << OF_SPINS.shift) | (WAITS << OF_YIELDS.shift));
  }

  /** What others may begin with: the failures of both, and for each whether a try is due. */
  static int experienceOf(int known) {
    return OF_SPINS.experience(known) | OF_YIELDS.experience(known);
  }

  private int experience(int known) {
    return with(0, failures(known), isDue(known) ? 0 : 1);
  }

  /**
   * Begins with the experience of others. After a try of theirs that paid this one's first wait is
   * a try, since else those that wait once each would seldom try twice in a row; after one in vain,
   * of many as many try as if each waited its turn.
   */
  static int beginWith(int experience) {
    return OF_SPINS.anyTurn(OF_YIELDS.anyTurn(experience));
  }

  private int anyTurn(int known) {
    if (isDue(known)) {
      return known;
    }
    int failures = failures(known);
    return with(known, failures, ThreadLocalRandom.current().nextInt() & waits(failures));
  }
}
