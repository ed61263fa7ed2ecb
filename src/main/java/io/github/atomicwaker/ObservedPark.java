package io.github.atomicwaker;

import io.github.atomicwaker.Counters.Event;
import org.jspecify.annotations.Nullable;

/** A park that is observed: by the group's statistics, the flight recorder, or both. */
final class ObservedPark {

  /** The latency of a park that no wake has ended, or of a wait that is not tracked. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private final @Nullable Counters counters;
  private final @Nullable ParkEvent event;
  private final @Nullable TrackedWait tracked;
  private final long begin = System.nanoTime();

  private ObservedPark(
      @Nullable Counters counters, @Nullable ParkEvent event, @Nullable TrackedWait tracked) {
    this.counters = counters;
    this.event = event;
    this.tracked = tracked;
  }

  /**
   * Begins to observe. Never throws: a park that cannot be observed goes on without.
   *
   * @param registered whether the thread is registered; if not, there is no event, whose class is
   *     loaded at its first use
   * @param again whether the wait has parked before
   * @param tracked the wait, if its group tracks waits
   * @return null if nobody observes
   */
  static @Nullable ObservedPark begin(
      SlotGroup group, boolean registered, boolean again, @Nullable TrackedWait tracked) {
    Counters counters = group.counters();
    ParkEvent event = registered ? FlightRecorder.parkBegins() : null;
    if (counters == null && event == null) {
      return null;
    }
    ObservedPark observed;
    try {
      observed = new ObservedPark(counters, event, tracked);
    } catch (Throwable noMemory) {
      group.lose();
      if (event != null) {
        FlightRecorder.lose(noMemory);
      }
      return null;
    }
    group.count(again ? Event.PARKED_AGAIN : Event.PARKED);
    if (tracked != null) {
      tracked.parks(observed.begin);
    }
    return observed;
  }

  /**
   * Records how the park of the current thread ended. Never throws.
   *
   * @param slot the blocker
   * @param end the time, by {@link System#nanoTime}
   * @param registered the thread that is in the slot, read after the time
   * @param nanos how long the thread had
   * @param bounded how long the park could last
   */
  void end(
      SlotGroup group,
      Object slot,
      long end,
      @Nullable Thread registered,
      Thread self,
      long nanos,
      long bounded) {
    ParkOutcome outcome = outcome(registered, self, end - begin, nanos, bounded);
    long wokenAt =
        tracked == null || outcome != ParkOutcome.WOKEN ? TrackedWait.NONE : tracked.wokenAt();
    if (wokenAt != TrackedWait.NONE && wokenAt - begin < 0) {
      wokenAt = begin; // the mark of a wake that was late, and is that of a park before
    }
    if (counters != null) {
      counters.count(outcome);
      counters.addParked(tracked == null ? begin : tracked.unparked(), end);
      if (wokenAt != TrackedWait.NONE) {
        counters.addLatency(wokenAt, end);
      }
    }
    if (event != null) {
      long latency = wokenAt == TrackedWait.NONE ? UNKNOWN : Math.max(0, end - wokenAt);
      FlightRecorder.parkEnds(event, group, slot, outcome, latency);
    }
  }

  /** The slot comes first: a thread that was taken was woken, whatever else ended its park. */
  static ParkOutcome outcome(
      @Nullable Thread registered, Thread self, long time, long nanos, long bounded) {
    if (registered == null) {
      return ParkOutcome.WOKEN;
    } else if (registered != self) {
      return ParkOutcome.DISPLACED;
    } else if (isInterrupted(self)) {
      return ParkOutcome.INTERRUPTED;
    } else if (time >= nanos) {
      return ParkOutcome.TIMEOUT;
    } else if (time >= bounded) {
      return ParkOutcome.BOUND;
    }
    return ParkOutcome.SPURIOUS;
  }

  private static boolean isInterrupted(Thread self) {
    try {
      return self.isInterrupted();
    } catch (RuntimeException | Error overridden) {
      return false;
    }
  }
}
