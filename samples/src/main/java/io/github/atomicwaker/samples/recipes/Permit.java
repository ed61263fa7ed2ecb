package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A wake that is remembered: of any number of releases before an acquire, one. */
final class Permit {
  private final AtomicBoolean released = new AtomicBoolean();
  private final AtomicWaker waker = new AtomicWaker();

  void release() {
    released.set(true);
    waker.wake();
  }

  void acquire() throws InterruptedException {
    waker.await(this::take);
  }

  /** Returns false if the time is up; the permit of a later release stays. */
  boolean acquire(Duration timeout) throws InterruptedException {
    return waker.await(this::take, timeout);
  }

  private boolean take() {
    return released.get() && released.getAndSet(false); // the read first: a spin writes nothing
  }
}
