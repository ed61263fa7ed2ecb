package io.github.atomicwaker;

import io.github.atomicwaker.Counters.Event;
import org.jspecify.annotations.Nullable;

/** A park that is observed: by the group's statistics, the flight recorder, or both. */
final class ObservedPark {

  private final @Nullable Counters counters;
  private final @Nullable ParkEvent event;
  private final long begin = System.nanoTime();

  private ObservedPark(@Nullable Counters counters, @Nullable ParkEvent event) {
    this.counters = counters;
    this.event = event;
  }

  /**
   * Begins to observe. Never throws: a park that cannot be observed goes on without.
   *
   * @param registered whether the thread is registered; if not, there is no event, whose class is
   *     loaded at its first use
   * @param again whether the wait has parked before
   * @return null if nobody observes
   */
  static @Nullable ObservedPark begin(WakerGroup group, boolean registered, boolean again) {
    Counters counters = group.counters();
    ParkEvent event = registered ? FlightRecorder.parkBegins() : null;
    if (counters == null && event == null) {
      return null;
    }
    ObservedPark observed;
    try {
      observed = new ObservedPark(counters, event);
    } catch (Throwable noMemory) {
      group.lose();
      if (event != null) {
        FlightRecorder.lose(noMemory);
      }
      return null;
    }
    group.count(again ? Event.PARKED_AGAIN : Event.PARKED);
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
      WakerGroup group,
      Object slot,
      long end,
      @Nullable Thread registered,
      Thread self,
      long nanos,
      long bounded) {
    ParkOutcome outcome = outcome(registered, self, end - begin, nanos, bounded);
    if (counters != null) {
      counters.count(outcome);
      counters.addParked(begin, end);
    }
    if (event != null) {
      FlightRecorder.parkEnds(event, group, slot, outcome);
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
