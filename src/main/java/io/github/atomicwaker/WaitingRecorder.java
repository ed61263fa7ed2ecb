package io.github.atomicwaker;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * Records the waits of the groups that track them, while the flight recorder records. A listener,
 * since nothing of JFR may be initialized before somebody records: a periodic event alone loads 228
 * classes. JFR refers to the listener, and so to this library, until all of these groups are
 * garbage and a recording has found that out.
 */
final class WaitingRecorder implements FlightRecorderListener {

  private static final WaitingRecorder INSTANCE = new WaitingRecorder();

  private final List<WeakReference<WakerGroup>> groups = new ArrayList<>();

  // Two, since JFR refuses to add one twice.
  private final Runnable everyPeriod = this::record;
  private final Runnable everyChunk = this::record;

  private WaitingRecorder() {}

  static void add(WakerGroup group) {
    INSTANCE.addGroup(group);
  }

  private synchronized void addGroup(WakerGroup group) {
    boolean first = groups.isEmpty();
    groups.removeIf(reference -> reference.refersTo(null));
    groups.add(new WeakReference<>(group));
    if (first) {
      FlightRecorder.addListener(this);
    }
  }

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    FlightRecorder.addPeriodicEvent(WaitingEvent.class, everyPeriod);
    FlightRecorder.addPeriodicEvent(WaitingChunkEvent.class, everyChunk);
  }

  private void record() {
    for (WeakReference<WakerGroup> reference : groups()) {
      WakerGroup group = reference.get();
      if (group != null) {
        WaitingEvent.commit(group);
      }
    }
  }

  private synchronized List<WeakReference<WakerGroup>> groups() {
    groups.removeIf(reference -> reference.refersTo(null));
    if (groups.isEmpty()) {
      FlightRecorder.removePeriodicEvent(everyPeriod);
      FlightRecorder.removePeriodicEvent(everyChunk);
      FlightRecorder.removeListener(this);
    }
    return List.copyOf(groups);
  }
}
