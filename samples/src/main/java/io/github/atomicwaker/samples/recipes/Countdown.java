package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.util.concurrent.atomic.AtomicInteger;

/** One thread waits until many are done. */
final class Countdown {
  private final AtomicInteger remaining;
  private final AtomicWaker waker = new AtomicWaker();

  Countdown(int parties) {
    remaining = new AtomicInteger(parties);
  }

  void done() {
    if (remaining.decrementAndGet() == 0) {
      waker.wake();
    }
  }

  void await() throws InterruptedException {
    waker.await(() -> remaining.get() <= 0);
  }
}
