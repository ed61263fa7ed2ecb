package io.github.atomicwaker.stress.jcstress;

import java.util.concurrent.locks.LockSupport;

/**
 * A condition that parks between its look at the state and its result, as a condition does that
 * takes a contended lock. That park may consume the permit of a wake that came meanwhile.
 */
public abstract class ParkingCondition extends Meeting {

  private static final long PARK_NANOS = 20_000;

  private int looks;

  /** The condition, for the wait. The second look is the first one after the registration. */
  protected final boolean look() {
    boolean seen = condition;
    if (++looks == 2 && !seen) {
      LockSupport.parkNanos(PARK_NANOS);
    }
    return seen;
  }

  /** Wakes the waiter as soon as it has registered, which is while it looks. */
  protected final void wakeDuringLook() {
    while (waker.registered() == null) {
      Thread.onSpinWait();
    }
    condition = true;
    waker.wake();
  }
}
