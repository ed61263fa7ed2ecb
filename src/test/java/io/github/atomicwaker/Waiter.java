package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A thread of a test that waits, and its outcome. */
public final class Waiter<T> {

  /** Java 17 has none: there the tests that do not depend on it run with platform threads. */
  static final boolean VIRTUAL_THREADS = Runtime.version().feature() >= 21;

  /** The two kinds of threads that a waker serves. */
  public enum Kind {
    VIRTUAL,
    PLATFORM;

    public Thread unstarted(Runnable task) {
      if (this == VIRTUAL && VIRTUAL_THREADS) {
        return Thread.ofVirtual().unstarted(task);
      }
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      return thread;
    }
  }

  private static final long PATIENCE_SECONDS = 20;
  private static final int SPINS = 1_000;
  private static final int PAUSE_NANOS = 50_000;

  final Thread thread;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  private Waiter(Function<Runnable, Thread> unstarted, Callable<T> body) {
    thread =
        unstarted.apply(
            () -> {
              try {
                result.complete(body.call());
              } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
              }
            });
  }

  static <T> Waiter<T> start(Kind kind, Callable<T> body) {
    return start(kind::unstarted, body);
  }

  /** Starts a virtual thread of the scheduler, and runs it until it is parked or has ended. */
  static <T> Waiter<T> start(SteppedScheduler scheduler, Callable<T> body) {
    Waiter<T> waiter = start(scheduler::unstarted, body);
    scheduler.run();
    return waiter;
  }

  static <T> Waiter<T> start(Function<Runnable, Thread> unstarted, Callable<T> body) {
    Waiter<T> waiter = new Waiter<>(unstarted, body);
    waiter.thread.start();
    return waiter;
  }

  /** Returns when the thread is parked on the waker. */
  Waiter<T> awaitParkedOn(AtomicWaker waker) {
    awaitState(() -> isParkedOn(waker), "parked on " + waker);
    return this;
  }

  boolean isParkedOn(AtomicWaker waker) {
    return LockSupport.getBlocker(thread) == waker && isParked(thread);
  }

  public static boolean isParked(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  boolean isDone() {
    return result.isDone();
  }

  /** Returns true also if the thread ended without an outcome: on a full heap it cannot set one. */
  boolean hasEnded() {
    return isDone() || !thread.isAlive();
  }

  /** The value that the thread returned; what it threw comes wrapped in {@link AssertionError}. */
  T result() {
    try {
      return outcome();
    } catch (ExecutionException e) {
      throw new AssertionError(thread + " threw", e.getCause());
    }
  }

  /** What the thread threw. */
  Throwable thrown() {
    try {
      return fail("returned " + outcome());
    } catch (ExecutionException e) {
      return requireNonNull(e.getCause());
    }
  }

  private T outcome() throws ExecutionException {
    try {
      return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (CancellationException e) { // the future does not wrap this one
      throw new ExecutionException(e);
    } catch (TimeoutException e) {
      return fail(thread + " still waits: " + Arrays.toString(thread.getStackTrace()));
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  /** Returns when another thread has brought about the state; fails if none does. */
  public static void awaitState(BooleanSupplier state, String description) {
    if (!reaches(state)) {
      fail("not reached: " + description);
    }
  }

  /** Returns true when another thread has brought about the state, and false if none does. */
  static boolean reaches(BooleanSupplier state) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (int checks = 1; !state.getAsBoolean(); checks++) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      pause(checks);
    }
    return true;
  }

  /**
   * Comes between two checks of a platform thread. It spins at first, and then leaves the processor
   * to the other thread, which may have no other. It does not park, since that would take a permit
   * of the test's.
   */
  static void pause(int checks) {
    if (checks < SPINS) {
      Thread.onSpinWait();
      return;
    }
    try {
      Thread.sleep(0, PAUSE_NANOS);
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  /**
   * Leaves the processor to another thread, and does not wait: a sleep shows as a wait, and of a
   * pinned virtual thread it takes the permit.
   */
  @SuppressWarnings("ThreadPriorityCheck") // the other thread may need this processor
  static void giveWay() {
    Thread.yield();
  }

  /** Keeps the processor until more than the time has passed. */
  public static void spin(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end <= 0) {
      Thread.onSpinWait();
    }
  }
}
