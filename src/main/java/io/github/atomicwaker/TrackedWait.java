package io.github.atomicwaker;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A wait that has parked, for as long as it lasts. Refers weakly to its thread: one that nobody
 * else refers to is never woken, and must not stay for being tracked. For the same reason it does
 * not refer to the waker, whose slot refers to the thread.
 *
 * <p>Times are those of {@link System#nanoTime}.
 */
final class TrackedWait extends WeakReference<Thread> {

  /** No time. */
  static final long NONE = 0;

  private static final AtomicLongFieldUpdater<TrackedWait> SINCE =
      AtomicLongFieldUpdater.newUpdater(TrackedWait.class, "since");
  private static final AtomicLongFieldUpdater<TrackedWait> PARKED_SINCE =
      AtomicLongFieldUpdater.newUpdater(TrackedWait.class, "parkedSince");
  private static final AtomicLongFieldUpdater<TrackedWait> WOKEN_AT =
      AtomicLongFieldUpdater.newUpdater(TrackedWait.class, "wokenAt");

  /** The identity hash code of the waker. */
  final int waker;

  // Where it is in the WaitTable, which writes these only before it publishes this.
  @Nullable AtomicReferenceArray<@Nullable TrackedWait> places;
  int place;

  /** When it parked first. */
  private volatile long since = NONE;

  private volatile long parkedSince = NONE;

  private volatile long wokenAt = NONE;

  /**
   * Creates a wait of a thread.
   *
   * @param before the same wait, if it was removed because its thread seemed lost
   */
  TrackedWait(Thread thread, int waker, @Nullable TrackedWait before) {
    super(thread);
    this.waker = waker;
    if (before != null) {
      SINCE.lazySet(this, before.since);
    }
  }

  private static long time(long nanos) {
    return nanos == NONE ? 1 : nanos;
  }

  /** Notes that the thread is about to park. */
  void parks(long now) {
    // Without fences, each of which takes as long as all of this: the wait does not depend on it.
    if (since == NONE) {
      SINCE.lazySet(this, time(now));
    }
    WOKEN_AT.lazySet(this, NONE);
    PARKED_SINCE.lazySet(this, time(now));
  }

  /** Notes that the park has ended, and returns from when on its time has not been counted. */
  long unparked() {
    return PARKED_SINCE.getAndSet(this, NONE);
  }

  /** Notes that a wake took the thread. */
  void woken(long now) {
    wokenAt = time(now);
  }

  /**
   * Counts the time of the park until now: the thread may never run again. If it does, it counts
   * the rest.
   */
  void settle(Counters counters, long now) {
    long begin = parkedSince;
    if (begin != NONE && PARKED_SINCE.compareAndSet(this, begin, time(now))) {
      counters.addParked(begin, now);
    }
  }

  boolean hasParked() {
    return since != NONE;
  }

  /** Returns when it parked first. */
  long since() {
    return since;
  }

  /** Returns since when it is parked, or {@link #NONE} if it is not. */
  long parkedSince() {
    return parkedSince;
  }

  /** Returns when a wake took its thread, or {@link #NONE} if none did since it parked. */
  long wokenAt() {
    return wokenAt;
  }
}
