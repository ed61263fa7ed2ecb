package io.github.atomicwaker.stress.jcstress;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two threads register in one slot and would wait; whoever is displaced must get to know. The slot
 * is left to the subclass: a sound one, or one that strands a thread.
 */
public abstract class TwoRegistrants extends Meeting {

  /** The slot's register. */
  protected abstract void register();

  /** Who is in the slot. */
  protected abstract @Nullable Thread registered();

  /** How long a thread waits for its permit before it counts as stranded. */
  protected abstract Duration patience();

  /**
   * Registers, and says what came of it: "registered", or "displaced", or "stranded" for a thread
   * that found itself in the slot, was displaced after that and has not been unparked.
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

  /** Parks, and says whether that was for the whole time, for want of a permit. */
  private static boolean parked(long nanos) {
    long start = System.nanoTime();
    LockSupport.parkNanos(nanos);
    return System.nanoTime() - start >= nanos;
  }
}
