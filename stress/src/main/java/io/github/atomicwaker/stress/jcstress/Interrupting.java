package io.github.atomicwaker.stress.jcstress;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.WakerGroup;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Interrupts the waiter before or after it wakes it. */
public abstract class Interrupting extends Meeting {

  private volatile @Nullable Thread waiter;

  protected Interrupting() {}

  protected Interrupting(WakerGroup group) {
    super(group);
  }

  /** To be called by the waiter. */
  protected final void meetInterrupter() {
    waiter = Thread.currentThread();
    meet();
  }

  /** To be called by the waiter, with its result: meets again, and adds a pending interrupt. */
  protected final String withInterrupt(String word) {
    meet();
    return Thread.interrupted() ? word + " and interrupt" : word;
  }

  /** Meets the waiter, interrupts and wakes it, and meets it again. */
  protected final void interruptAnd(Runnable wake) {
    boolean interruptFirst = ThreadLocalRandom.current().nextBoolean();
    meet();
    Thread interrupted = requireNonNull(waiter);
    if (interruptFirst) {
      interrupted.interrupt();
    }
    wake.run();
    if (!interruptFirst) {
      interrupted.interrupt();
    }
    meet();
  }
}
