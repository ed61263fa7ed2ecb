package io.github.atomicwaker;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One park of a thread on a slot.
 *
 * <p>Before a thread parks, foreign code may run: a class is loaded, the flight recorder begins an
 * event, a pool starts a thread. If that code parks, it may consume the permit of a wake. But that
 * wake has emptied the slot. So the slot is read last, and nothing comes between that read and the
 * park: no allocation, no statistics, no class that is not loaded yet.
 */
final class Park {

  /** The time, in nanoseconds (292 years), of a park or a wait without a time-out. */
  static final long FOREVER = Long.MAX_VALUE;

  private Park() {}

  /** Where a thread is registered. It is the blocker that thread dumps show. */
  interface Slot {
    @Nullable Thread registered();
  }

  /**
   * Parks the current thread once. A thread that is not registered may have been taken just now,
   * and have the permit of that wake. The slot does not show this, so nothing that may consume the
   * permit comes before its park.
   *
   * @param registered whether the thread was registered when it last checked its condition
   * @param again whether the wait has parked before
   */
  static void once(
      Slot slot, WakerGroup group, Thread self, boolean registered, long nanos, boolean again) {
    long bounded = Math.min(nanos, Jdk8369227.LONGEST_PARK);
    ObservedPark observed = ObservedPark.begin(group, registered, again);
    try {
      if (!registered) {
        now(slot, bounded);
      } else if (self instanceof ForkJoinWorkerThread worker) {
        Managed.park(slot, worker, bounded);
      } else {
        ifRegistered(slot, self, bounded);
      }
    } finally {
      if (observed != null) {
        observed.end(group, slot, slot.registered(), self, nanos, bounded);
      }
    }
  }

  private static void ifRegistered(Slot slot, Thread self, long nanos) {
    if (slot.registered() == self) {
      now(slot, nanos);
    }
  }

  private static void now(Slot slot, long nanos) {
    if (nanos == FOREVER) {
      LockSupport.park(slot);
    } else {
      LockSupport.parkNanos(slot, nanos);
    }
  }

  /**
   * A park of a worker of a {@link ForkJoinPool}. The pool runs another thread meanwhile, since the
   * wake may come from a task that is queued behind the one that waits.
   *
   * <p>In {@code java.util.concurrent}, untimed waits do the same. Of the timed ones, those of
   * {@code CompletableFuture} and {@code Phaser} do. Those of {@code Condition} and the blocking
   * queues do not, and their pool may stand still until the time is up. In this library all waits
   * do.
   */
  static final class Managed implements ForkJoinPool.ManagedBlocker {
    private final Slot slot;
    private final ForkJoinWorkerThread worker;
    private final long nanos;
    private boolean begun;

    private Managed(Slot slot, ForkJoinWorkerThread worker, long nanos) {
      this.slot = slot;
      this.worker = worker;
      this.nanos = nanos;
    }

    /**
     * Parks the current thread, a worker, if it is in the slot. The pool may refuse: it is at its
     * limit, it is shut down, memory has ended, or its thread factory throws. Then the worker parks
     * without compensation.
     */
    static void park(Slot slot, ForkJoinWorkerThread worker, long nanos) {
      Managed park = null;
      try {
        park = new Managed(slot, worker, nanos);
        ForkJoinPool.managedBlock(park);
      } catch (InterruptedException poolStops) {
        // it interrupts its workers as well
      } catch (RuntimeException | Error refused) {
        if (park != null && park.begun) {
          throw refused;
        }
      }
      if (park == null || !park.begun) {
        ifRegistered(slot, worker, nanos);
      }
    }

    @Override
    public boolean isReleasable() {
      return slot.registered() != worker;
    }

    @Override
    public boolean block() {
      begun = true;
      ifRegistered(slot, worker, nanos);
      return true;
    }
  }
}
