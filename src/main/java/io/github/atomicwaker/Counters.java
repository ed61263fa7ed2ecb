package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What a group has counted since it was created. It extends the counters, and does not refer to
 * them: a count is so short that one more reference is measurable.
 */
final class Counters extends StripedCounters {

  /** What is counted besides the {@linkplain ParkOutcome ends of parks} and the {@link Race}s. */
  enum Event {
    DELIVERED,
    TAKEN,
    IDLE,
    /** The first park of a wait. */
    PARKED,
    /** Another park of the same wait. */
    PARKED_AGAIN,
    PARKED_TICKS,
    SPUN
  }

  // The first counter of each kind.
  private static final int EVENTS = 0;
  private static final int OUTCOMES = EVENTS + Event.values().length;
  private static final int RACES = OUTCOMES + ParkOutcome.values().length;

  /**
   * Nanoseconds would overflow in a day if a hundred thousand threads are parked. Ticks of
   * 2<sup>10</sup> nanoseconds last three years.
   */
  private static final int TICK_SHIFT = 10;

  /** How many threads may own a stripe, which takes a quarter of a kilobyte. */
  private static final int OWNED_STRIPES = 64;

  /** A plain field: if several counts are lost at once, it may count fewer. */
  private long lost;

  private final @Nullable Tracking tracking;

  /** The most ticks of parks that were read. What lasts and what has ended are read in turn. */
  private volatile long parkedTicksRead;

  private static final AtomicLongFieldUpdater<Counters> PARKED_TICKS_READ =
      AtomicLongFieldUpdater.newUpdater(Counters.class, "parkedTicksRead");

  Counters(boolean tracksWaits) {
    super(OWNED_STRIPES);
    tracking = tracksWaits ? new Tracking(this) : null;
  }

  /** Returns counters of zero that count the same things. */
  Counters fresh() {
    return new Counters(tracking != null);
  }

  /** Null unless the group tracks waits. */
  @Nullable Tracking tracking() {
    return tracking;
  }

  /** Never throws: what is counted must not fail because it is counted. */
  void count(Event event) {
    addOrLose(EVENTS, event, 1);
  }

  /** Never throws. */
  void count(ParkOutcome outcome) {
    addOrLose(OUTCOMES, outcome, 1);
  }

  /** Never throws. */
  void count(Race race) {
    addOrLose(RACES, race, 1);
  }

  /**
   * Adds the time of one park. Never throws.
   *
   * @param begin by {@link System#nanoTime}
   * @param end by the same
   */
  void addParked(long begin, long end) {
    addOrLose(EVENTS, Event.PARKED_TICKS, ticks(begin, end));
  }

  /**
   * Returns the ticks that began meanwhile. One park may get one too few or too many; the average
   * is right.
   */
  static long ticks(long begin, long end) {
    return (end >> TICK_SHIFT) - (begin >> TICK_SHIFT);
  }

  /** Returns how long these ticks take. */
  static Duration time(long ticks) {
    return Duration.ofNanos(1 << TICK_SHIFT).multipliedBy(ticks);
  }

  /** Adds a time from wake to run. Never throws. */
  void addLatency(long begin, long end) {
    try {
      requireNonNull(tracking).addLatency(begin, end);
    } catch (RuntimeException | Error failed) {
      lose();
    }
  }

  private void addOrLose(int first, Enum<?> counted, long amount) {
    try {
      add(first + ordinal(counted), amount);
    } catch (RuntimeException | Error failed) {
      lose();
    }
  }

  @SuppressWarnings("EnumOrdinal") // neither stored nor shown
  private static int ordinal(Enum<?> counted) {
    return counted.ordinal();
  }

  /** Records that something could not be counted, since memory or the stack had ended. */
  void lose() {
    lost++;
  }

  private long sum(Event event) {
    return sum(EVENTS + ordinal(event));
  }

  private long sum(ParkOutcome outcome) {
    return sum(OUTCOMES + ordinal(outcome));
  }

  private long sum(Race race) {
    return sum(RACES + ordinal(race));
  }

  WakerStats stats() {
    long parkedTicks = sum(Event.PARKED_TICKS); // before those that last: none is counted twice
    Tracking.@Nullable Lasting lasting = tracking == null ? null : tracking.lasting();
    return new WakerStats(
        new WakerStats.Wakes(sum(Event.DELIVERED), sum(Event.TAKEN), sum(Event.IDLE)),
        new WakerStats.Wakeups(
            sum(ParkOutcome.WOKEN),
            sum(ParkOutcome.SPURIOUS),
            sum(ParkOutcome.TIMEOUT),
            sum(ParkOutcome.INTERRUPTED),
            sum(ParkOutcome.DISPLACED)),
        new WakerStats.Races(sum(Race.EARLY), sum(Race.CONTENDED), sum(Race.DISPLACED)),
        sum(Event.PARKED),
        time(lasting == null ? parkedTicks : atLeastAsRead(parkedTicks + lasting.parkedTicks())),
        sum(Event.SPUN),
        lasting == null ? waiting() : lasting.parked(),
        lost,
        lasting == null ? null : Duration.ofNanos(lasting.age()),
        tracking == null ? null : tracking.latency());
  }

  /**
   * Returns what was read before, if that was more: a park that ends is no longer one that lasts, a
   * moment before its time is counted.
   */
  private long atLeastAsRead(long parkedTicks) {
    while (true) {
      long read = parkedTicksRead;
      if (parkedTicks <= read) {
        return read;
      }
      if (PARKED_TICKS_READ.compareAndSet(this, read, parkedTicks)) {
        return parkedTicks;
      }
    }
  }

  /**
   * Returns the parks that have begun, less those that have ended. The ends are read last, so the
   * result is never too large. It is exact if no park ended while the beginnings were read;
   * otherwise they are read again, a limited number of times.
   */
  private long waiting() {
    long begun;
    long before;
    long ended = ended();
    int tries = 10;
    do {
      before = ended;
      begun = sum(Event.PARKED) + sum(Event.PARKED_AGAIN);
      ended = ended();
    } while (ended != before && --tries > 0);
    return Math.max(0, begun - ended);
  }

  private long ended() {
    long sum = 0;
    for (ParkOutcome outcome : ParkOutcome.values()) {
      sum += sum(outcome);
    }
    return sum;
  }
}
