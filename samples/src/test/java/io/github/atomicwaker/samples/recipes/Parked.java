package io.github.atomicwaker.samples.recipes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A virtual thread that a test has seen parked. */
final class Parked<T> {
  private static final long PATIENCE_SECONDS = 20;

  private final FutureTask<T> result;
  final Thread thread;

  private Parked(Callable<T> body) {
    result = new FutureTask<>(body);
    thread = Thread.startVirtualThread(result);
  }

  static <T> Parked<T> in(Callable<T> body) {
    Parked<T> parked = new Parked<>(body);
    parked.awaitPark();
    return parked;
  }

  /** Returns when the thread is parked for something. */
  void awaitPark() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isParked()) {
      assertTrue(System.nanoTime() - end < 0, () -> thread + " does not park");
      Thread.onSpinWait();
    }
  }

  boolean isParked() {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING -> LockSupport.getBlocker(thread) != null;
      default -> false;
    };
  }

  T result() throws Exception {
    return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
