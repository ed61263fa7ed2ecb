package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;

/** Raised and lowered by any thread, awaited by one at a time. */
final class Flag {
  private final AtomicWaker waker = new AtomicWaker();
  private volatile boolean raised;

  void raise() {
    raised = true;
    waker.wake();
  }

  void lower() {
    raised = false;
  }

  void awaitRaised() throws InterruptedException {
    waker.await(() -> raised);
  }
}
