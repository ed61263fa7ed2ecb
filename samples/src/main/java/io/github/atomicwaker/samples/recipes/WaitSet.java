package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Any number of threads wait at once, each with a waker of its own. */
final class WaitSet {
  /** There is a waker per wait: each starts with what earlier ones learnt about waiting. */
  private static final WakerGroup WAITS = WakerGroup.named("wait set");

  private final Collection<AtomicWaker> wakers = new CopyOnWriteArrayList<>();

  /** Call this after the change of the state. */
  void wakeAll() {
    VarHandle.fullFence(); // an empty set has no wake(), and so no fence
    for (AtomicWaker waker : wakers) {
      waker.wake();
    }
  }

  void await(BooleanSupplier condition) throws InterruptedException {
    AtomicWaker waker = new AtomicWaker(WAITS);
    wakers.add(waker); // before the wait registers and looks
    try {
      waker.await(condition);
    } finally {
      wakers.remove(waker);
    }
  }
}
