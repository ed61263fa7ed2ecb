package io.github.atomicwaker.stress.jcstress;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two threads register in one slot and would wait. The displaced one must see the other one in the
 * slot, or be unparked. The subclass supplies the slot: a correct one, or one that strands a
 * thread.
 */
public abstract class TwoRegistrants extends Meeting {

  /** The slot's register. */
  protected abstract void register();

  /** Who is in the slot. */
  protected abstract @Nullable Thread registered();

  /** How long a thread waits for its permit before it counts as stranded. */
  protected abstract Duration patience();

  /**
   * Registers, and returns the result: "registered", "displaced", or "stranded" for a thread that
   * found itself in the slot, was displaced after that and has not been unparked.
   */
  protected final String enter() {
    Thread self = Thread.currentThread();
    register();
    boolean wouldPark = registered() == self;
    meet();
    if (registered() == self) {
      return "registered";
    }
    // One that saw the other in the slot needs no permit; if it has one, that goes here.
    return parked(wouldPark ? patience().toNanos() : 1) && wouldPark ? "stranded" : "displaced";
  }

  /** Parks, and returns whether the park lasted the whole time, so that there was no permit. */
  private static boolean parked(long nanos) {
    long start = System.nanoTime();
    LockSupport.parkNanos(nanos);
    return System.nanoTime() - start >= nanos;
  }
}
