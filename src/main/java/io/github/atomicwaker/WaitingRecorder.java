package io.github.atomicwaker;

import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.FlightRecorder;
import jdk.jfr.RecordingState;

/**
 * Records the waits of the groups that track them, while a recording runs. Only then does JFR have
 * periodic events of this library: one alone initializes JFR, with 228 classes, and JFR refers to
 * the class of an event. Groups are held weakly.
 */
final class WaitingRecorder implements Runnable {

  private static final WaitingRecorder INSTANCE = new WaitingRecorder();

  private final Queue<WeakReference<WakerGroup>> groups = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean listens = new AtomicBoolean();

  // Two, since JFR refuses to add one twice.
  private final Runnable everyPeriod = this::recordAll;
  private final Runnable everyChunk = this::recordAll;

  private boolean records;

  private WaitingRecorder() {}

  static void add(WakerGroup group) throws ReflectiveOperationException {
    INSTANCE.groups.removeIf(reference -> reference.refersTo(null));
    INSTANCE.groups.add(new WeakReference<>(group));
    if (INSTANCE.listens.compareAndSet(false, true)) {
      RecordingListener.add(INSTANCE);
    }
  }

  /** A recording has begun or ended, or JFR has been initialized. */
  @Override
  public void run() {
    boolean recording;
    do { // JFR may call at once for two changes
      recording = isRecording();
      record(recording);
    } while (recording != isRecording());
  }

  private static boolean isRecording() {
    return FlightRecorder.getFlightRecorder().getRecordings().stream()
        .anyMatch(recording -> recording.getState() == RecordingState.RUNNING);
  }

  /** Asks JFR for nothing that takes the lock in which it may call this. */
  private synchronized void record(boolean recording) {
    if (recording && !records) {
      FlightRecorder.addPeriodicEvent(WaitingEvent.class, everyPeriod);
      FlightRecorder.addPeriodicEvent(WaitingChunkEvent.class, everyChunk);
    } else if (records && !recording) {
      FlightRecorder.removePeriodicEvent(everyPeriod);
      FlightRecorder.removePeriodicEvent(everyChunk);
    }
    records = recording;
  }

  private void recordAll() {
    for (WeakReference<WakerGroup> reference : groups) {
      WakerGroup group = reference.get();
      if (group != null) {
        WaitingEvent.commit(group);
      }
    }
  }
}
