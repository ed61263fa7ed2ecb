package io.github.atomicwaker;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A wait that has parked, for as long as it lasts, and then the next wait of the same thread in the
 * same slot. Refers weakly to its thread: one that nobody else refers to is never woken, and must
 * not stay for being tracked. For the same reason it does not refer to the waker, whose slot refers
 * to the thread.
 *
 * <p>Times are those of {@link System#nanoTime}, within three nanoseconds.
 */
final class TrackedWait extends WeakReference<Thread> {

  /** No time. */
  static final long NONE = 0;

  /** The thread runs. Only the thread itself changes this state. */
  private static final long RUNNING = 0;

  /** The wait is over. The thread may begin another, and anyone may take its place in the table. */
  private static final long OVER = 1;

  /** The lowest bits of a state; the others are those of a time, since when the thread parks. */
  private static final long PARKED = 2;

  /** The same of a wait that is listed no more: until when its park has been counted. */
  private static final long REMOVED = 3;

  private static final long TIMELESS = 3;

  private static final AtomicLongFieldUpdater<TrackedWait> STATE =
      AtomicLongFieldUpdater.newUpdater(TrackedWait.class, "state");
  private static final AtomicLongFieldUpdater<TrackedWait> SINCE =
      AtomicLongFieldUpdater.newUpdater(TrackedWait.class, "since");
  private static final AtomicLongFieldUpdater<TrackedWait> WOKEN_AT =
      AtomicLongFieldUpdater.newUpdater(TrackedWait.class, "wokenAt");

  /** The identity hash code of the waker. */
  final int waker;

  // No initial values: each would be a store with a fence.

  private volatile long state;

  /** When it parked first. */
  private volatile long since;

  private volatile long wokenAt;

  /** Whether a scheduler refused the thread while this was running: it may never run again. */
  private volatile boolean stopped;

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

  private static long state(long kind, long time) {
    return (time & ~TIMELESS) | kind;
  }

  private static long kind(long state) {
    return state & TIMELESS;
  }

  /** Returns the time, made different from none. */
  private static long time(long nanos) {
    return nanos | 1;
  }

  // What the thread itself does. It writes without fences where it can, since each takes as long as
  // all of this. At worst the mark of a wake is lost that came just before the park.

  /** Begins another wait. Returns false if this is not over, or was removed. */
  boolean begin() {
    return state == OVER && STATE.compareAndSet(this, OVER, RUNNING);
  }

  /** Notes that the thread is about to park. */
  void parks(long now) {
    if (since == NONE) {
      SINCE.lazySet(this, time(now));
    }
    if (stopped) {
      stopped = false;
    }
    WOKEN_AT.lazySet(this, NONE);
    STATE.lazySet(this, state(PARKED, now));
  }

  /** Notes that the park has ended, and returns from when on its time has not been counted. */
  long unparked() {
    long found = state;
    return kind(found) == PARKED && STATE.compareAndSet(this, found, RUNNING) ? found : state;
  }

  /**
   * Notes that the wait is over. Returns false if the end of its last park has not been noted,
   * since the stack ended there: the time of that park is lost.
   */
  boolean end() {
    boolean noted = kind(state) != PARKED;
    if (!noted) {
      unparked();
    }
    if (state == RUNNING) {
      SINCE.lazySet(this, NONE);
      STATE.lazySet(this, OVER);
    }
    return noted;
  }

  // What other threads do.

  /** Notes that a wake took the thread. The unpark that follows makes this visible to it. */
  void woken(long now) {
    WOKEN_AT.lazySet(this, time(now));
  }

  /**
   * Takes it out of the list, since the thread may never run again. The time of a park is counted
   * until now. If the thread runs after all, it counts the rest, and is listed when it parks again.
   */
  void remove(Counters counters) {
    long found = state;
    long now = System.nanoTime(); // later than what it found
    if (found == RUNNING) {
      stopped = true;
    } else if (kind(found) == PARKED && STATE.compareAndSet(this, found, state(REMOVED, now))) {
      counters.addParked(found, now);
    }
  }

  /** Removes a wait that is over. Returns whether this, too, is removed then. */
  boolean removeIfOver() {
    return isRemoved() || (state == OVER && STATE.compareAndSet(this, OVER, REMOVED));
  }

  boolean isRemoved() {
    return kind(state) == REMOVED;
  }

  /** Returns when it parked first, or {@link #NONE} if it has not, is over, or is not listed. */
  long since() {
    return stopped || isRemoved() ? NONE : since;
  }

  /** Returns since when it is parked, or {@link #NONE} if it is not. */
  long parkedSince() {
    long found = state;
    return kind(found) == PARKED ? found : NONE;
  }

  /** Returns when a wake took its thread, or {@link #NONE} if none did since it parked. */
  long wokenAt() {
    return wokenAt;
  }
}
