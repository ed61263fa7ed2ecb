package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** One waker for two things: whichever comes, urgent ones first. */
final class TwoQueues<T> {
  private final Queue<T> urgent = new ConcurrentLinkedQueue<>();
  private final Queue<T> usual = new ConcurrentLinkedQueue<>();
  private final AtomicWaker waker = new AtomicWaker();

  void putUrgent(T item) {
    urgent.add(item);
    waker.wake();
  }

  void put(T item) {
    usual.add(item);
    waker.wake();
  }

  T take() throws InterruptedException {
    return waker.awaitValue(this::poll);
  }

  private @Nullable T poll() {
    T item = urgent.poll();
    return item != null ? item : usual.poll();
  }
}
