package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A queue that ends: the consumer still gets what was put before, and then null. */
final class ClosableQueue<T> {
  private final Queue<T> items = new ConcurrentLinkedQueue<>();
  private final AtomicWaker waker = new AtomicWaker();
  private volatile boolean closed;

  /** The caller must know that this is not closed yet: one producer, for example. */
  void put(T item) {
    items.add(item);
    waker.wake();
  }

  void close() {
    closed = true;
    waker.wake();
  }

  /** Returns null at the end. */
  @Nullable T take() throws InterruptedException {
    waker.await(() -> !items.isEmpty() || closed);
    return items.poll(); // after the look at closed: what was put before the end is there by now
  }
}
