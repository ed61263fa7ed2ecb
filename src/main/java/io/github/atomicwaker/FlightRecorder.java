package io.github.atomicwaker;

import org.jspecify.annotations.Nullable;

/**
 * The events for JFR. There are none if the loader of this library does not see {@code jdk.jfr},
 * and none before JFR is initialized: that takes hundreds of milliseconds, so no event starts it.
 *
 * <p>Only methods refer to the event classes. A failure to record an event never reaches the thread
 * that the event is about.
 */
final class FlightRecorder {

  private static final boolean PRESENT = isPresent();

  /** False once an event class has failed to initialize. */
  private static volatile boolean usable = true;

  /** A plain field: if several events are lost at once, some may not be counted. */
  private static long lost;

  private FlightRecorder() {}

  private static boolean isPresent() {
    try {
      jdk.jfr.FlightRecorder.isInitialized();
      return true;
    } catch (LinkageError | RuntimeException hidden) {
      return false;
    }
  }

  private static boolean isRecording() {
    return PRESENT && jdk.jfr.FlightRecorder.isInitialized() && usable;
  }

  /** Returns an event that has begun, or null if no recording has it enabled. */
  static @Nullable ParkEvent parkBegins() {
    if (isRecording()) {
      try {
        return ParkEvent.begun();
      } catch (Throwable failed) {
        lose(failed);
      }
    }
    return null;
  }

  static void parkEnds(
      ParkEvent event, SlotGroup group, Object slot, ParkOutcome outcome, long latency) {
    try {
      event.end(group, slot, outcome, latency, lost);
    } catch (Throwable failed) {
      lose(failed);
    }
  }

  static void race(SlotGroup group, Object slot, Race race) {
    if (isRecording()) {
      try {
        RaceEvent.commit(group, slot, race, lost);
      } catch (Throwable failed) {
        lose(failed);
      }
    }
  }

  /** Shows the waits of a group in recordings, whether one runs already or begins later. */
  static void showWaits(WakerGroup group) {
    if (PRESENT) {
      try {
        WaitingRecorder.add(group);
      } catch (Throwable failed) {
        lose(failed);
      }
    }
  }

  /** Counts an event that is lost. */
  static void lose(Throwable failed) {
    lost++;
    if (failed instanceof LinkageError) { // an initializer that failed has failed for good
      usable = false;
    }
  }
}
