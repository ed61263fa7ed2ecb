package io.github.atomicwaker;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A slot on which a thread parks: how it parks once.
 *
 * <p>Before a thread parks, foreign code may run: a class is loaded, the flight recorder begins an
 * event, a pool starts a thread. If that code parks, it may consume the permit of a wake. But that
 * wake has emptied the slot. So the slot is read last, and nothing comes between that read and the
 * park: no allocation, no statistics, no class that is not loaded yet.
 */
abstract class ParkingSlot {

  /** The time, in nanoseconds (292 years), of a park or a wait without a time-out. */
  static final long FOREVER = Long.MAX_VALUE;

  private final SlotGroup group;

  ParkingSlot(WakerGroup group) {
    this.group = group.ofSlot();
  }

  abstract @Nullable Thread registered();

  final SlotGroup group() {
    return group;
  }

  /**
   * Parks the current thread once. A thread that is not registered may have been taken just now,
   * and have the permit of that wake. The slot does not show this, so nothing that may consume the
   * permit comes before its park.
   *
   * @param registered whether the thread was registered when it last checked its condition
   * @param again whether the wait has parked before
   * @param tracked the wait, if its group tracks waits
   */
  final void parkOnce(
      Thread self, boolean registered, long nanos, boolean again, @Nullable TrackedWait tracked) {
    long bounded = Math.min(nanos, Jdk8369227.LONGEST_PARK);
    ObservedPark observed = ObservedPark.begin(group, registered, again, tracked);
    try {
      if (!registered) {
        parkNow(bounded);
      } else if (self instanceof ForkJoinWorkerThread worker) {
        ManagedPark.park(this, worker, bounded);
      } else {
        parkIfRegistered(self, bounded);
      }
    } finally {
      if (observed != null) {
        observed.end(group, this, System.nanoTime(), registered(), self, nanos, bounded);
      }
    }
  }

  private void parkIfRegistered(Thread self, long nanos) {
    if (registered() == self) {
      parkNow(nanos);
    }
  }

  private void parkNow(long nanos) {
    if (nanos == FOREVER) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /**
   * A park of a worker of a {@link ForkJoinPool}. The pool runs another thread meanwhile, since the
   * wake may come from a task that is queued behind the one that waits.
   *
   * <p>In {@code java.util.concurrent}, untimed waits of {@code Condition}, the blocking queues,
   * {@code CompletableFuture} and {@code Phaser} do the same; those of {@code CountDownLatch} and
   * {@code Semaphore} do not. Of the timed ones, those of {@code CompletableFuture} and {@code
   * Phaser} do; the pool of the others may stand still until the time is up. In this library all
   * waits do.
   */
  static final class ManagedPark implements ForkJoinPool.ManagedBlocker {
    private final ParkingSlot slot;
    private final ForkJoinWorkerThread worker;
    private final long nanos;
    private boolean begun;

    private ManagedPark(ParkingSlot slot, ForkJoinWorkerThread worker, long nanos) {
      this.slot = slot;
      this.worker = worker;
      this.nanos = nanos;
    }

    /**
     * Parks the current thread, a worker, if it is in the slot. The pool may refuse: it is at its
     * limit, it is shut down, memory has ended, or its thread factory throws. Then the worker parks
     * without compensation.
     */
    static void park(ParkingSlot slot, ForkJoinWorkerThread worker, long nanos) {
      ManagedPark park = null;
      try {
        park = new ManagedPark(slot, worker, nanos);
        ForkJoinPool.managedBlock(park);
      } catch (InterruptedException poolStops) {
        // it interrupts its workers as well
      } catch (RuntimeException | Error refused) {
        if (park != null && park.begun) {
          throw refused;
        }
      }
      if (park == null || !park.begun) {
        slot.parkIfRegistered(worker, nanos);
      }
    }

    @Override
    public boolean isReleasable() {
      return slot.registered() != worker;
    }

    @Override
    public boolean block() {
      begun = true;
      slot.parkIfRegistered(worker, nanos);
      return true;
    }
  }
}
