package io.github.atomicwaker;

/**
 * Whether values arrive in a stream: one right after another, many at a time. A waiter that looks
 * for each of them fetches its cache line from the producers each time. It is faster to pause, and
 * to find many at once.
 *
 * <p>A stream begins with a wait that finds its value early in its spin, if the next {@value #MANY}
 * waits find theirs ready, at their first check. An early value alone is none, nor are a few that
 * come together: replies do, and a pause would delay each round of them. Then waits that find no
 * value at their first check pause before they spin. What comes meanwhile looks early, even if it
 * came late in the pause, so one of these waits in eight does not pause. A late value ends the
 * stream, and so does an early one with too few ready ones after it.
 *
 * <p>Arrivals are an int below {@value #END}, to fit beside the rest of a {@link Backoff}: the
 * number of waits of the stream since one did not pause, and below it how many ready values the
 * last early one still lacks.
 */
final class Arrivals {

  static final int UNKNOWN = 0;

  /**
   * How many values have to be ready after an early one: more than the replies of a round, few
   * enough to be ready before there are pauses. Each of them is a write.
   */
  static final int MANY = 8;

  private static final int WAIT = 16;

  /** The first wait of a stream. */
  private static final int STREAM = WAIT;

  /** The wait that does not pause. */
  private static final int LOOK = 8 * WAIT;

  static final int END = LOOK + WAIT;

  private Arrivals() {}

  static boolean areInStream(int arrivals) {
    return arrivals >= STREAM;
  }

  static boolean callForPause(int arrivals) {
    return areInStream(arrivals) && arrivals < LOOK && !lackReady(arrivals);
  }

  /** Returns whether a wait that finds its value ready changes them. */
  static boolean lackReady(int arrivals) {
    return arrivals % WAIT > 0;
  }

  /**
   * After a wait that found no value at its first check, and one in its spin. Where there is no
   * stream, a late value changes nothing: replies that come now early, now late would be a write
   * each, to the cache line that their wakes read.
   */
  static int afterSpin(int arrivals, boolean early) {
    if (early) {
      return (lackReady(arrivals) ? UNKNOWN : arrivals) + MANY;
    }
    return areInStream(arrivals) ? UNKNOWN : arrivals;
  }

  /** After a wait that found its value ready, where one was lacking. */
  static int afterReady(int arrivals) {
    int fewer = arrivals - 1;
    if (lackReady(fewer)) {
      return fewer;
    }
    return fewer < LOOK ? fewer + WAIT : STREAM;
  }
}
