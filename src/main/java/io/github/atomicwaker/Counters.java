package io.github.atomicwaker;

import java.time.Duration;
import java.util.Locale;

/**
 * What a group has counted since it was made. It is these adders, and does not refer to them: a
 * count is so short that a reference shows. Nothing here is static, so that no first count can fail
 * for good.
 */
final class Counters extends BiasedAdders {

  /** What is counted; {@link WakerStats} says when. */
  enum Event {
    DELIVERED,
    TAKEN,
    IDLE,
    WOKEN,
    SPURIOUS,
    TIMEOUT,
    INTERRUPTED,
    DISPLACED,
    /** A park that ended by a bound of the library's own: in no statistics. */
    BOUND,
    EARLY,
    CONTENDED,
    /** A registration that displaced another thread, parked or not. */
    REPLACED("displaced"),
    /** The first park of a wait. */
    PARKED,
    /** Another park of the same wait. */
    PARKED_AGAIN,
    PARKED_TICKS,
    SPUN;

    /** What it is called where people read it. */
    final String label;

    Event() {
      this.label = name().toLowerCase(Locale.ROOT);
    }

    Event(String label) {
      this.label = label;
    }
  }

  /**
   * Nanoseconds of all threads would overflow in a day, if a hundred thousand are parked. Ticks of
   * 2<sup>10</sup> of them last three years.
   */
  private static final int TICK_SHIFT = 10;

  /**
   * How many threads may have a stripe, of a quarter of a kilobyte each. With 256 of them, two
   * hundred threads that park were no faster (by hand).
   */
  private static final int STRIPES = 64;

  Counters() {
    super(STRIPES);
  }

  /** A plain field: where several are lost at once, some may not be counted. */
  private long lost;

  /** Never throws: what counts must not fail since it is counted. */
  void count(Event event) {
    add(event, 1);
  }

  /** Never throws. */
  void add(Event event, long amount) {
    try {
      add(adder(event), amount);
    } catch (RuntimeException | Error failed) {
      lose();
    }
  }

  /** Something could not be counted, for want of memory or stack. */
  void lose() {
    lost++;
  }

  /**
   * Adds the time of one park.
   *
   * @param begin by {@link System#nanoTime}
   * @param end by the same
   */
  void addParked(long begin, long end) {
    // The ticks that came meanwhile: of short parks too few or one too many, and right on average.
    add(Event.PARKED_TICKS, (end >> TICK_SHIFT) - (begin >> TICK_SHIFT));
  }

  @SuppressWarnings("EnumOrdinal") // neither stored nor shown
  private static int adder(Event event) {
    return event.ordinal();
  }

  private long sum(Event... events) {
    long sum = 0;
    for (Event event : events) {
      sum += sum(adder(event));
    }
    return sum;
  }

  WakerStats stats() {
    return new WakerStats(
        new WakerStats.Wakes(sum(Event.DELIVERED), sum(Event.TAKEN), sum(Event.IDLE)),
        new WakerStats.Wakeups(
            sum(Event.WOKEN),
            sum(Event.SPURIOUS),
            sum(Event.TIMEOUT),
            sum(Event.INTERRUPTED),
            sum(Event.DISPLACED)),
        new WakerStats.Races(sum(Event.EARLY), sum(Event.CONTENDED), sum(Event.REPLACED)),
        sum(Event.PARKED),
        Duration.ofNanos(1 << TICK_SHIFT).multipliedBy(sum(Event.PARKED_TICKS)),
        sum(Event.SPUN),
        waiting(),
        lost);
  }

  /**
   * Parks that have begun, less those that have ended. The ends are read last, so that this is
   * never more than there are; it is as many if none ended while the beginnings were read, or else
   * it is tried again, though not for ever.
   */
  private long waiting() {
    long begun;
    long before;
    long ended = ended();
    int tries = 10;
    do {
      before = ended;
      begun = sum(Event.PARKED, Event.PARKED_AGAIN);
      ended = ended();
    } while (ended != before && --tries > 0);
    return Math.max(0, begun - ended);
  }

  private long ended() {
    return sum(
        Event.WOKEN,
        Event.SPURIOUS,
        Event.TIMEOUT,
        Event.INTERRUPTED,
        Event.DISPLACED,
        Event.BOUND);
  }
}
