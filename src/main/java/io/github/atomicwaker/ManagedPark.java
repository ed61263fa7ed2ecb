package io.github.atomicwaker;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * A park of a worker of a {@link ForkJoinPool}, for which the pool runs another thread meanwhile:
 * the wake may have to come from a task that is queued behind the one that waits.
 *
 * <p>In {@code java.util.concurrent} untimed waits do this, and of timed ones those of {@code
 * CompletableFuture} and {@code Phaser}; those of {@code Condition} and the blocking queues do not,
 * so that a pool may stand still until their time is up. Here all do.
 */
final class ManagedPark implements ForkJoinPool.ManagedBlocker {
  private final AtomicWaker waker;
  private final ForkJoinWorkerThread worker;
  private final long nanos;
  private boolean begun;

  private ManagedPark(AtomicWaker waker, ForkJoinWorkerThread worker, long nanos) {
    this.waker = waker;
    this.worker = worker;
    this.nanos = nanos;
  }

  /**
   * Parks the current thread, a worker, if it is in the waker's slot.
   *
   * <p>The pool may have no thread to give: it is at its limit or shut down, or memory has ended.
   * Its thread factory is foreign code, which may throw anything. Whatever it is, the worker then
   * parks without compensation. That code may also have eaten the permit of a wake: so the last
   * look at the slot comes after it.
   */
  static void park(AtomicWaker waker, ForkJoinWorkerThread worker, long nanos) {
    ManagedPark park = null;
    try {
      park = new ManagedPark(waker, worker, nanos);
      ForkJoinPool.managedBlock(park);
    } catch (InterruptedException shutDown) {
      // the pool stops: it says so by this, and by an interrupt of its workers
    } catch (RuntimeException | Error refused) {
      if (park != null && park.begun) {
        throw refused;
      }
    }
    if (park == null || !park.begun) {
      waker.parkIfRegistered(worker, nanos);
    }
  }

  @Override
  public boolean isReleasable() {
    return waker.registered() != worker;
  }

  @Override
  public boolean block() {
    begun = true;
    waker.parkIfRegistered(worker, nanos);
    return true;
  }
}
