package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes that are put off to the end of a batch, where nobody woken stands in the way of the rest.
 */
final class Batch implements AutoCloseable {
  private final List<Thread> taken = new ArrayList<>();

  /** In place of a wake, when the state has changed. */
  void wake(AtomicWaker waker) {
    Thread waiter = waker.take();
    if (waiter != null) {
      taken.add(waiter);
    }
  }

  /** A scheduler may reject one of them. The others must be unparked: no one else will do it. */
  @Override
  public void close() {
    RejectedExecutionException rejected = null;
    for (Thread waiter : taken) {
      try {
        LockSupport.unpark(waiter);
      } catch (RejectedExecutionException e) {
        rejected = e;
      }
    }
    taken.clear();
    if (rejected != null) {
      throw rejected;
    }
  }
}
