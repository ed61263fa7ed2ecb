package io.github.atomicwaker.stress.jcstress.controls;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A copy of the waker's slot, whole and sound; each control overrides what it breaks. */
class SlotCopy {

  /** Shorter than that of the tests: here it is the rule that nobody comes. */
  static final Duration PATIENCE = Duration.ofMillis(50);

  static final VarHandle WAITER;

  static {
    try {
      WAITER = MethodHandles.lookup().findVarHandle(SlotCopy.class, "waiter", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  volatile @Nullable Thread waiter;

  void register() {
    Thread self = Thread.currentThread();
    Thread displaced = (Thread) WAITER.getAndSet(this, self);
    if (displaced != null && displaced != self) {
      LockSupport.unpark(displaced);
    }
    VarHandle.fullFence();
  }

  boolean wake() {
    VarHandle.fullFence();
    return takeAndUnpark();
  }

  final boolean takeAndUnpark() {
    Thread taken = waiter == null ? null : (Thread) WAITER.getAndSet(this, null);
    if (taken == null) {
      return false;
    }
    LockSupport.unpark(taken);
    return true;
  }
}
