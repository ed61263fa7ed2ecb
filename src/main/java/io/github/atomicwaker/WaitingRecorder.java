package io.github.atomicwaker;

import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

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

  /** The thread that adds the listener to JFR. */
  private volatile @Nullable Thread adding;

  private WaitingRecorder() {}

  static void add(WakerGroup group) throws ReflectiveOperationException {
    INSTANCE.groups.removeIf(reference -> reference.refersTo(null));
    INSTANCE.groups.add(new WeakReference<>(group));
    if (INSTANCE.listens.compareAndSet(false, true)) {
      INSTANCE.listen();
    }
  }

  private void listen() throws ReflectiveOperationException {
    adding = Thread.currentThread();
    try {
      RecordingListener.add(this);
    } catch (Throwable failed) {
      listens.set(false);
      throw failed;
    } finally {
      adding = null;
    }
    if (jdk.jfr.FlightRecorder.isInitialized()) {
      run();
    }
  }

  /** A recording has begun or ended, or JFR has been initialized. */
  @Override
  public void run() {
    if (adding == Thread.currentThread()) {
      return; // JFR holds a lock that a thread which closes a recording may wait for, with another
    }
    try {
      boolean recording;
      do { // JFR may call at once for two changes
        recording = isRecording();
        record(recording);
      } while (recording != isRecording());
    } catch (Throwable failed) { // the user who begins a recording must not get it
      FlightRecorder.lose(failed);
    }
  }

  private static boolean isRecording() {
    return jdk.jfr.FlightRecorder.getFlightRecorder().getRecordings().stream()
        .filter(Objects::nonNull)
        .anyMatch(recording -> recording.getState() == RecordingState.RUNNING);
  }

  private synchronized void record(boolean recording) {
    boolean before = records;
    records = recording;
    if (recording && !before) {
      jdk.jfr.FlightRecorder.addPeriodicEvent(WaitingEvent.class, everyPeriod);
      jdk.jfr.FlightRecorder.addPeriodicEvent(WaitingChunkEvent.class, everyChunk);
    } else if (before && !recording) {
      jdk.jfr.FlightRecorder.removePeriodicEvent(everyPeriod);
      jdk.jfr.FlightRecorder.removePeriodicEvent(everyChunk);
    }
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
