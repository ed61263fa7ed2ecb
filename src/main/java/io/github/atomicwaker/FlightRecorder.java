package io.github.atomicwaker;

import io.github.atomicwaker.Counters.Event;
import org.jspecify.annotations.Nullable;

/**
 * The events for JFR; nothing where the loader of this library sees no {@code jdk.jfr}, and nothing
 * before JFR is initialized: as long as nobody records, that is not for us to do. It takes hundreds
 * of milliseconds.
 *
 * <p>Only the methods touch the classes of events. What goes wrong with an event never reaches the
 * thread that it is about.
 */
final class FlightRecorder {

  private static final boolean PRESENT = isPresent();

  /** False once the classes of events turned out to be unusable. */
  private static volatile boolean usable = true;

  /** A plain field: where several events are lost at once, some may not be counted. */
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

  /** Returns an event that has begun, or null if no recording wants it. */
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

  static void parkEnds(ParkEvent event, AtomicWaker waker, Event outcome) {
    try {
      event.end(waker, outcome);
    } catch (Throwable failed) {
      lose(failed);
    }
  }

  static void race(AtomicWaker waker, Event race) {
    if (isRecording()) {
      try {
        RaceEvent.commit(waker, race);
      } catch (Throwable failed) {
        lose(failed);
      }
    }
  }

  /** An event is lost. */
  static void lose(Throwable failed) {
    lost++;
    if (failed instanceof LinkageError) { // an initializer that failed has failed for good
      usable = false;
    }
  }

  /** How many events were lost, for want of memory or stack mostly. */
  static long lost() {
    return lost;
  }
}
