package io.github.atomicwaker.samples;

import io.github.atomicwaker.AtomicWaker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Threads that work at the same time, and the one that waits for them. */
final class Workers {

  interface Work {
    void run() throws Exception;
  }

  /** How often to show progress. */
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

  private final AtomicInteger working = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicWaker waker = new AtomicWaker();

  void start(Thread.Builder thread, Work work) {
    working.incrementAndGet();
    thread.start(
        () -> {
          try {
            work.run();
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          } finally {
            if (working.decrementAndGet() == 0 || failure.get() != null) {
              waker.wake();
            }
          }
        });
  }

  /** Whether all of them have ended. */
  boolean ended() {
    return working.get() == 0;
  }

  /** Tells the one that waits to look at its condition. */
  void wake() {
    waker.wake();
  }

  /**
   * Waits until a condition is true. Returns false if the time is up.
   *
   * @param progress called now and then
   * @throws Failure if one of the threads threw
   */
  boolean await(BooleanSupplier ready, Duration time, Runnable progress)
      throws Failure, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (true) {
      long left = end - System.nanoTime();
      boolean over =
          waker.await(
              () -> failure.get() != null || ready.getAsBoolean(),
              Duration.ofNanos(Math.min(left, TICK)));
      Throwable cause = failure.get();
      if (cause != null) {
        throw cause instanceof Failure known ? known : new Failure("a thread failed", cause);
      }
      if (over || left <= 0) {
        return over;
      }
      progress.run();
    }
  }

  /**
   * Waits until all of them have ended.
   *
   * @throws Failure if one of them threw, or if the time is up
   */
  void join(Duration patience, Runnable progress) throws Failure, InterruptedException {
    if (!await(this::ended, patience, progress)) {
      throw new Failure(
          Failure.WRONG,
          "%,d threads have not ended after %.1f s"
              .formatted(working.get(), patience.toMillis() / 1e3));
    }
  }
}
