package io.github.atomicwaker;

import io.github.atomicwaker.Counters.Event;
import org.jspecify.annotations.Nullable;

/**
 * The events for JFR, or nothing where there is no module {@code jdk.jfr}. Only the methods touch
 * the classes of events, which cannot be loaded there.
 */
final class FlightRecorder {

  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private FlightRecorder() {}

  /** Returns an event that has begun, or null if no recording wants it. */
  static @Nullable ParkEvent parkBegins() {
    return PRESENT ? ParkEvent.begun() : null;
  }

  static void race(AtomicWaker waker, Event race) {
    if (PRESENT) {
      RaceEvent.commit(waker, race);
    }
  }
}
