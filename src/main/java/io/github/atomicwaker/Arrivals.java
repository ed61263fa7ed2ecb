package io.github.atomicwaker;

/**
 * Whether values arrive in a stream: one after another, sooner than a waiter takes them. A waiter
 * that looks for each of them fetches its cache line from the producers each time. It is faster to
 * pause until there are many.
 *
 * <p>A value is evidence of a stream if a wait found it early in its spin, and the wait after that
 * found one ready at its first check. The first alone is not: a reply may come as early. But it
 * comes alone, since it answers what was sent right before the wait. After enough evidence waits
 * pause before they look, and a value that comes meanwhile is found late by the rest of the pause.
 * So once in a while a wait looks at once, and pauses end if its value does not come early.
 *
 * <p>Arrivals are an int below {@value #END}, to fit beside the rest of a {@link Backoff}.
 */
final class Arrivals {

  /** No evidence. */
  static final int UNKNOWN = 0;

  /** Set by a wait that found its value early; the next value that is ready makes it evidence. */
  private static final int EARLY = 1;

  private static final int EVIDENCE = 2;

  /** Enough evidence; after one value that is not, one more is needed. */
  private static final int STREAM = 3 * EVIDENCE;

  /** Where a wait looks at once, after seven that paused. */
  private static final int LOOK = STREAM + 7 * EVIDENCE;

  static final int END = LOOK + EVIDENCE;

  private Arrivals() {}

  static boolean areInStream(int arrivals) {
    return arrivals >= STREAM && arrivals < LOOK && !lastWasEarly(arrivals);
  }

  static boolean lastWasEarly(int arrivals) {
    return (arrivals & EARLY) != 0;
  }

  /**
   * After a wait that found no value at its first check, and one in its spin. Without evidence one
   * early value is enough for good, since replies that come now early, now late would otherwise be
   * a write each, to the cache line that their wakes read.
   */
  static int afterSpin(int arrivals, boolean early) {
    if (arrivals <= EARLY) {
      return early ? EARLY : arrivals;
    }
    int evidence = lastWasEarly(arrivals) ? UNKNOWN : arrivals;
    return early ? evidence | EARLY : Math.max(Math.min(evidence, STREAM) - EVIDENCE, UNKNOWN);
  }

  /** After a wait that found a value at its first check, where the last one was early. */
  static int afterReady(int arrivals) {
    int evidence = arrivals & ~EARLY;
    return evidence < LOOK ? evidence + EVIDENCE : STREAM;
  }
}
