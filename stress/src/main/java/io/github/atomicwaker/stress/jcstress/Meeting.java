package io.github.atomicwaker.stress.jcstress;

import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A race with a common start. jcstress lets both actors run through thousands of samples, each at
 * its own pace; where one is much slower than the other, they would not meet by themselves.
 */
public abstract class Meeting extends Race {

  /**
   * Longer than a busy machine keeps a thread from running: one that waits this long is stranded.
   */
  protected static final Duration PATIENCE = Duration.ofSeconds(2);

  private final AtomicInteger arrived = new AtomicInteger();

  protected Meeting() {}

  protected Meeting(WakerGroup group) {
    super(group);
  }

  /**
   * Waits for a condition, and returns whether a wake ended the wait. A wait that nobody wakes
   * looks once more when its time is up: it returns true, too, but late.
   */
  protected final boolean woken(BooleanSupplier ready) {
    long start = System.nanoTime();
    return waker.awaitUninterruptibly(ready, PATIENCE) && inTime(start);
  }

  /** Around the time that the wait needs to register, since a park takes longer than the race. */
  protected static Duration instant() {
    return Duration.ofNanos(ThreadLocalRandom.current().nextInt(1_000));
  }

  /** Returns whether a wait that began then is not stranded. */
  protected static boolean inTime(long start) {
    return System.nanoTime() - start < PATIENCE.toNanos();
  }

  /** Holds the actor that comes first until the other one is here, each time that both call it. */
  protected final void meet() {
    int both = (arrived.incrementAndGet() + 1) & ~1;
    while (arrived.get() < both) {
      Thread.onSpinWait();
    }
  }
}
