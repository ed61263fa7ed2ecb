package io.github.atomicwaker.stress.jcstress;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A race with a common start. jcstress lets both actors run through thousands of samples, each at
 * its own pace; where one is much slower than the other, they would not meet by themselves.
 */
public abstract class Meeting extends Race {

  /** Longer than any machine keeps a thread from running: who has parked for so long is lost. */
  protected static final long PATIENCE_NANOS = 2_000_000_000L;

  private final AtomicInteger arrived = new AtomicInteger();

  /** Holds the actor that comes first until the other one is here, each time that both call it. */
  protected final void meet() {
    int both = (arrived.incrementAndGet() + 1) & ~1;
    while (arrived.get() < both) {
      Thread.onSpinWait();
    }
  }
}
