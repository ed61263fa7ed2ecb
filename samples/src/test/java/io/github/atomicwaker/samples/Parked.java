package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A thread of its own that was seen to wait. */
final class Parked<T> {
  final Thread thread;
  private final FutureTask<T> task;

  Parked(Callable<T> body) throws InterruptedException {
    task = new FutureTask<>(body);
    thread = Thread.ofVirtual().start(task);
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      assertFalse(task.isDone(), "it did not wait");
      Thread.sleep(1);
    }
  }

  /** Waits until it has ended. */
  T get() throws ExecutionException, InterruptedException {
    return task.get();
  }
}
