package io.github.atomicwaker.bench;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.Handoff;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One place for a value, and both sides may wait. */
final class Slots {

  private Slots() {}

  record Place(Handoff<Object> handoff) implements Link {
    @Override
    public void send(Object message) throws InterruptedException {
      handoff.put(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return handoff.take();
    }
  }

  /** The floor of a hand-off: a volatile slot, and each side parks at once. */
  static class RawSlot implements Link {
    private volatile @Nullable Thread sender;
    private volatile @Nullable Thread receiver;
    private volatile @Nullable Object slot;

    @Override
    public final void send(Object message) {
      if (sender == null) {
        sender = Thread.currentThread();
      }
      while (slot != null) {
        park();
      }
      slot = message;
      LockSupport.unpark(receiver);
    }

    @Override
    public final Object receive() {
      if (receiver == null) {
        receiver = Thread.currentThread();
      }
      Object message;
      while ((message = slot) == null) {
        park();
      }
      slot = null;
      LockSupport.unpark(sender);
      return message;
    }

    void park() {
      LockSupport.park(this);
    }
  }

  /** And the least that a park costs whose time is known: two readings of the clock. */
  static final class TimedRawSlot extends RawSlot {
    @Override
    void park() {
      long begin = System.nanoTime();
      super.park();
      if (System.nanoTime() - begin < 0) { // else nothing would need the readings
        throw new IllegalStateException("the clock went back");
      }
    }
  }

  static final class NotifySlot implements Link {
    private @Nullable Object slot;

    @Override
    public synchronized void send(Object message) throws InterruptedException {
      while (slot != null) {
        wait();
      }
      slot = message;
      notify();
    }

    @Override
    public synchronized Object receive() throws InterruptedException {
      Object message;
      while ((message = slot) == null) {
        wait();
      }
      slot = null;
      notify();
      return message;
    }
  }

  static final class PermitSlot implements Link {
    private final Semaphore free = new Semaphore(1);
    private final Semaphore full = new Semaphore(0);
    private @Nullable Object slot;

    @Override
    public void send(Object message) throws InterruptedException {
      free.acquire();
      slot = message;
      full.release();
    }

    @Override
    public Object receive() throws InterruptedException {
      full.acquire();
      Object message = requireNonNull(slot);
      free.release();
      return message;
    }
  }
}
