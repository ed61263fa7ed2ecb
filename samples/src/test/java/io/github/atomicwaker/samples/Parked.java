package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A virtual thread that a test has seen parked. */
public final class Parked<T> {
  private static final long PATIENCE_SECONDS = 20;

  public final Thread thread;
  private final FutureTask<T> task;

  private Parked(Callable<T> body) {
    task = new FutureTask<>(body);
    thread = Thread.startVirtualThread(task);
  }

  public static <T> Parked<T> in(Callable<T> body) {
    Parked<T> parked = new Parked<>(body);
    parked.awaitPark();
    return parked;
  }

  /** Returns when the thread is parked. */
  public void awaitPark() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isParked()) {
      assertFalse(task.isDone(), "it did not park");
      assertTrue(System.nanoTime() - end < 0, () -> thread + " does not park");
      Thread.onSpinWait();
    }
  }

  public boolean isParked() {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING -> true;
      default -> false;
    };
  }

  /** Waits until it has ended. */
  public T result() throws ExecutionException, InterruptedException, TimeoutException {
    return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
