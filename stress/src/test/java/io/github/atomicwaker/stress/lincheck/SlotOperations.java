package io.github.atomicwaker.stress.lincheck;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What a race uses of a waker, so that it runs on the waker and on a broken copy alike. */
interface SlotOperations {

  /**
   * Parks at once: a spin is more of the same looks, at which Lincheck would spend its
   * interleavings, and goes by a clock and by chance, which would not repeat.
   */
  WakerGroup PARKING = WakerGroup.named("lincheck").parkingOnly();

  void register(Thread thread);

  boolean deregister(Thread thread);

  Thread take();

  boolean wake();

  Thread registered();

  /** Waits; returns false if another thread was found in this one's place. */
  boolean await(BooleanSupplier ready);

  /** The waker. */
  final class Real implements SlotOperations {

    private final AtomicWaker waker = new AtomicWaker(PARKING);

    @Override
    public void register(Thread thread) {
      waker.register(thread);
    }

    @Override
    public boolean deregister(Thread thread) {
      return waker.deregister(thread);
    }

    @Override
    public Thread take() {
      return waker.take();
    }

    @Override
    public boolean wake() {
      return waker.wake();
    }

    @Override
    public Thread registered() {
      return waker.registered();
    }

    @Override
    public boolean await(BooleanSupplier ready) {
      try {
        waker.awaitUninterruptibly(ready);
        return true;
      } catch (IllegalStateException displaced) {
        return false;
      }
    }
  }

  /** A copy, whole and sound but for the fences; each control overrides what it breaks. */
  class Copy implements SlotOperations {

    final AtomicReference<Thread> waiter = new AtomicReference<>();

    @Override
    public void register(Thread thread) {
      Thread displaced = waiter.getAndSet(thread);
      if (displaced != null && displaced != thread) {
        LockSupport.unpark(displaced);
      }
    }

    @Override
    public boolean deregister(Thread thread) {
      return waiter.compareAndSet(thread, null);
    }

    @Override
    public Thread take() {
      return waiter.getAndSet(null);
    }

    @Override
    public boolean wake() {
      Thread taken = take();
      if (taken == null) {
        return false;
      }
      LockSupport.unpark(taken);
      return true;
    }

    @Override
    public Thread registered() {
      return waiter.get();
    }

    @Override
    public boolean await(BooleanSupplier ready) {
      Thread self = Thread.currentThread();
      register(self);
      try {
        while (!ready.getAsBoolean()) {
          Thread found = registered();
          if (found == self) {
            park();
          } else if (found == null) {
            register(self);
          } else {
            return false;
          }
        }
        return true;
      } finally {
        deregister(self);
      }
    }

    void park() {
      LockSupport.park(this);
    }
  }
}
