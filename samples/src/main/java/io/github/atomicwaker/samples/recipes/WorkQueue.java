package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Any number of producers, one consumer at a time. */
final class WorkQueue<T> {
  private final Queue<T> items = new ConcurrentLinkedQueue<>();
  private final AtomicWaker waker = new AtomicWaker();

  void put(T item) {
    items.add(item);
    waker.wake();
  }

  T take() throws InterruptedException {
    return waker.awaitValue(items::poll);
  }

  /** Returns null if nothing came in time. */
  @Nullable T take(Duration timeout) throws InterruptedException {
    return waker.awaitValue(items::poll, timeout);
  }
}
