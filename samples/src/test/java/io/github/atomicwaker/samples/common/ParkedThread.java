package io.github.atomicwaker.samples.common;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A virtual thread that a test has seen parked. It ends with the test's class at the latest. */
public final class ParkedThread<T> {
  private static final long PATIENCE_SECONDS = 20;

  /** How often to look without a pause; then there is one, since others need the processor. */
  private static final int LOOKS = 1_000;

  private static final long PAUSE_NANOS = 100_000;

  private static final Queue<Thread> THREADS = new ConcurrentLinkedQueue<>();

  public final Thread thread;
  private final FutureTask<T> task;

  private ParkedThread(Callable<T> body) {
    task = new FutureTask<>(body);
    thread = Thread.ofVirtual().unstarted(task);
    THREADS.add(thread);
    thread.start();
  }

  public static <T> ParkedThread<T> in(Callable<T> body) {
    ParkedThread<T> parked = new ParkedThread<>(body);
    parked.awaitPark();
    return parked;
  }

  /** Returns when the thread is parked. */
  public void awaitPark() {
    await(
        () -> {
          assertFalse(task.isDone(), "it did not park");
          return isParked();
        },
        thread + " is parked");
  }

  public boolean isParked() {
    return isParked(thread);
  }

  public static boolean isParked(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING -> true;
      default -> false;
    };
  }

  /** Waits until it has ended. */
  public T result() throws ExecutionException, InterruptedException, TimeoutException {
    return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Returns when a state that another thread brings about has come; fails if it does not. */
  public static void await(BooleanSupplier state, String description) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (int looks = 0; !state.getAsBoolean(); looks++) {
      assertTrue(System.nanoTime() - end < 0, () -> "not reached: " + description);
      assertFalse(Thread.currentThread().isInterrupted(), "interrupted");
      if (looks < LOOKS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Interrupts those that are left over from a test that failed. */
  static void endAll() {
    for (Thread thread; (thread = THREADS.poll()) != null; ) {
      thread.interrupt();
    }
  }
}
