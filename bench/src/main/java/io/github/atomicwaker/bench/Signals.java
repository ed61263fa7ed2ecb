package io.github.atomicwaker.bench;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.AtomicWaker;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Signals: a message in a field, and something that wakes the thread that waits for it. */
final class Signals {

  private Signals() {}

  /**
   * A message in a plain field, and a volatile count of the messages. The sender sends no second
   * one before the first has been answered.
   */
  abstract static class Signal implements Link {
    private @Nullable Object message;
    private long sends; // of the sender
    private long receives; // of the receiver
    private volatile long sent;

    @Override
    public final void send(Object sending) {
      message = sending;
      sent = ++sends;
      wake();
    }

    @Override
    public final Object receive() throws InterruptedException {
      await();
      receives++;
      return requireNonNull(message);
    }

    final boolean arrived() {
      return sent != receives;
    }

    abstract void wake();

    abstract void await() throws InterruptedException;
  }

  static class Waker extends Signal {
    private final AtomicWaker waker;

    Waker(AtomicWaker waker) {
      this.waker = waker;
    }

    @Override
    void wake() {
      waker.wake();
    }

    @Override
    void await() throws InterruptedException {
      waker.await(this::arrived);
    }
  }

  static final class WakerBesideFresh extends Waker {
    private final AtomicWaker fresh;

    WakerBesideFresh(AtomicWaker waker, AtomicWaker fresh) {
      super(waker);
      this.fresh = fresh;
    }

    @Override
    void wake() {
      if (fresh.registered() == null) {
        super.wake();
      }
    }
  }

  static final class KeptPredicate extends Signal {
    private final AtomicWaker waker = new AtomicWaker();
    private final BooleanSupplier arrived = this::arrived;

    @Override
    void wake() {
      waker.wake();
    }

    @Override
    void await() throws InterruptedException {
      waker.await(arrived);
    }
  }

  static final class Spin extends Signal {
    @Override
    void wake() {}

    @Override
    void await() {
      while (!arrived()) {
        Thread.onSpinWait();
      }
    }
  }

  /** The floor: parks at once, and unparks always. */
  static class Raw extends Signal {
    private volatile @Nullable Thread receiver;

    @Override
    final void wake() {
      LockSupport.unpark(receiver);
    }

    @Override
    void await() {
      if (receiver == null) {
        receiver = Thread.currentThread();
      }
      while (!arrived()) {
        LockSupport.park(this);
      }
    }
  }

  /** The floor of a slot: the shortest loop that registers, checks and parks, and loses no wake. */
  static final class BareSlot extends Signal {
    private static final AtomicReferenceFieldUpdater<BareSlot, @Nullable Thread> SLOT =
        AtomicReferenceFieldUpdater.newUpdater(BareSlot.class, Thread.class, "slot");

    private volatile @Nullable Thread slot;

    @Override
    void wake() {
      VarHandle.fullFence();
      if (slot != null) {
        LockSupport.unpark(SLOT.getAndSet(this, null));
      }
    }

    @Override
    void await() {
      if (arrived()) {
        return;
      }
      Thread self = Thread.currentThread();
      SLOT.set(this, self);
      while (!arrived()) {
        if (slot == self) {
          LockSupport.park(this);
        } else {
          SLOT.set(this, self);
        }
      }
      if (slot == self) {
        SLOT.compareAndSet(this, self, null);
      }
    }
  }

  static final class SpinPark extends Raw {
    @Override
    void await() {
      for (int i = 0; i < 100 && !arrived(); i++) {
        Thread.onSpinWait();
      }
      super.await();
    }
  }

  static final class YieldPark extends Raw {
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // the yields are what is measured
    void await() {
      for (int i = 0; i < 2 && !arrived(); i++) {
        Thread.yield();
      }
      super.await();
    }
  }

  static final class Conditional extends Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sent = lock.newCondition();

    @Override
    void wake() {
      lock.lock();
      try {
        sent.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    void await() throws InterruptedException {
      lock.lock();
      try {
        while (!arrived()) {
          sent.await();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  static final class Notify extends Signal {
    @Override
    synchronized void wake() {
      notify();
    }

    @Override
    synchronized void await() throws InterruptedException {
      while (!arrived()) {
        wait();
      }
    }
  }

  static final class Permit implements Link {
    private final Semaphore sent = new Semaphore(0);
    private @Nullable Object message;

    @Override
    public void send(Object sending) {
      message = sending;
      sent.release();
    }

    @Override
    public Object receive() throws InterruptedException {
      sent.acquire();
      return requireNonNull(message);
    }
  }
}
