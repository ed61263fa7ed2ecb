package io.github.atomicwaker.stress.jcstress;

import io.github.atomicwaker.AtomicWaker;
import java.util.Collection;
import java.util.concurrent.CopyOnWriteArrayList;

/** A set of wakers, as in the recipes, at its first waiter; and a publisher, as in a Disruptor. */
public abstract class WakerSet extends Race {

  private static final int INTS_PER_LINE = 16;
  private static final int LINES = 16;

  private final Collection<AtomicWaker> wakers = new CopyOnWriteArrayList<>();

  /** Its lines are in the other processor's cache, which holds up the stores behind it. */
  private final int[] event = new int[LINES * INTS_PER_LINE];

  /** Enters the set, registers, and looks at the condition. */
  protected final boolean enterAndLook() {
    for (int i = 1; i < event.length; i += INTS_PER_LINE) {
      event[i] = 1;
    }
    wakers.add(waker);
    waker.register();
    return (boolean) CONDITION.getAcquire(this);
  }

  /** Writes an event, and sets the condition by a release store. */
  protected final void publish() {
    for (int i = 0; i < event.length; i += INTS_PER_LINE) {
      event[i] = 1;
    }
    CONDITION.setRelease(this, true);
  }

  /** Wakes all that are in the set, and returns whether there was one. */
  protected final boolean wakeAll() {
    boolean woken = false;
    for (AtomicWaker each : wakers) {
      woken |= each.wake();
    }
    return woken;
  }
}
