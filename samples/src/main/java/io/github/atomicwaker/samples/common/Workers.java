package io.github.atomicwaker.samples.common;

import io.github.atomicwaker.AtomicWaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that work at the same time, and the one that starts them and waits for them. Closing this
 * ends those that still run, as they do after a failure: by an interrupt.
 */
public final class Workers implements AutoCloseable {

  public interface Work {
    void run() throws Exception;
  }

  /** How often to show progress. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** How long a thread may take to heed its interrupt. */
  private static final Duration LAST_CALL = Duration.ofSeconds(10);

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger working = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicWaker waker = new AtomicWaker();

  public void start(Thread.Builder builder, Work work) {
    Thread thread =
        builder.unstarted(
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
    threads.add(thread);
    working.incrementAndGet();
    thread.start();
  }

  /** Whether all of them have ended. */
  public boolean ended() {
    return working.get() == 0;
  }

  /** Tells the one that waits to look at its condition. */
  public void wake() {
    waker.wake();
  }

  /**
   * Waits until a condition is true. Returns false if the time is up.
   *
   * @param show called now and then
   * @throws Failure if one of the threads threw
   */
  public boolean await(BooleanSupplier ready, Duration time, Runnable show)
      throws Failure, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (true) {
      long left = end - System.nanoTime();
      boolean over = look(ready, Duration.ofNanos(Math.min(left, TICK.toNanos())));
      if (over || left <= 0) {
        return over;
      }
      show.run();
    }
  }

  /**
   * Waits until a condition is true, for as long as the threads get on: a slow machine is no
   * failure. Returns false if nothing was done and no thread ended for so long.
   *
   * @param done counts what they do
   * @param show called now and then
   * @throws Failure if one of the threads threw
   */
  public boolean await(BooleanSupplier ready, LongSupplier done, Duration patience, Runnable show)
      throws Failure, InterruptedException {
    return await(ready, done, patience, TICK, show);
  }

  /** The same, and looks as often as it is told to. */
  public boolean await(
      BooleanSupplier ready, LongSupplier done, Duration patience, Duration tick, Runnable show)
      throws Failure, InterruptedException {
    // Looks are counted, not time: while this process does not run at all, nobody could get on.
    // While it gets little time, thousands may be ready to run: a look counts only when a virtual
    // thread has run that started after them.
    long looks = Math.max(1, patience.dividedBy(tick));
    long before = progress(done);
    Thread turn = Thread.startVirtualThread(() -> {});
    for (long idle = 0; !look(ready, tick); ) {
      long now = progress(done);
      if (now != before) {
        before = now;
        idle = 0;
      } else if (!turn.isAlive()) {
        if (++idle == looks) {
          return false;
        }
        turn = Thread.startVirtualThread(() -> {});
      }
      show.run();
    }
    return true;
  }

  /** Grows with what is done, and with each thread that ends. */
  private long progress(LongSupplier done) {
    return done.getAsLong() - working.get();
  }

  private boolean look(BooleanSupplier ready, Duration time) throws Failure, InterruptedException {
    boolean over = waker.await(() -> failure.get() != null || ready.getAsBoolean(), time);
    Throwable cause = failure.get();
    if (cause != null) {
      throw cause instanceof Failure known ? known : new Failure("a thread failed", cause);
    }
    return over;
  }

  /**
   * Waits until all of them have ended.
   *
   * @param done counts what they do
   * @throws Failure if one of them threw, or if they get on no longer
   */
  public void join(LongSupplier done, Duration patience, Runnable show)
      throws Failure, InterruptedException {
    if (!await(this::ended, done, patience, show)) {
      throw new Failure(
          Failure.WRONG,
          "%,d threads have not ended, and did nothing for %.1f s"
              .formatted(working.get(), patience.toMillis() / 1e3));
    }
  }

  /**
   * Interrupts those that still run, and waits for their end.
   *
   * @throws IllegalStateException if some do not end
   */
  @Override
  public void close() {
    if (ended()) {
      return;
    }
    for (Thread thread : threads) {
      thread.interrupt();
    }
    if (!waker.awaitUninterruptibly(this::ended, LAST_CALL)) {
      throw new IllegalStateException(working + " threads do not heed their interrupt");
    }
  }
}
