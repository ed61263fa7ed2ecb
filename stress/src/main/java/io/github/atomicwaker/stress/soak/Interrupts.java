package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The interrupts of one thread. One is under way at a time, so that they can be counted. */
final class Interrupts {
  private final Thread thread;
  private final Tally tally;

  /** Sent, and not yet received. */
  private final AtomicBoolean underWay = new AtomicBoolean();

  Interrupts(Thread thread, Tally tally) {
    this.thread = thread;
    this.tally = tally;
  }

  /** Interrupts the thread, unless an earlier interrupt is still under way. */
  void send() {
    if (underWay.compareAndSet(false, true)) {
      thread.interrupt();
      tally.add(Count.INTERRUPTS);
    }
  }

  // For the thread itself.

  /** It was interrupted by an exception. */
  void receivedException() {
    received(Count.INTERRUPTS_THROWN);
  }

  /** It found its interrupt status set, and cleared it. */
  void receivedStatus() {
    received(Count.INTERRUPTS_SET);
  }

  private void received(Count how) {
    Fault.unless(underWay.getAndSet(false), "interrupted by nobody");
    tally.add(how);
  }

  /** Waits for the end of the thread that sends interrupts, and receives what is under way. */
  void receiveLast(@Nullable Thread sender) {
    while (sender != null) {
      try {
        sender.join();
        break;
      } catch (InterruptedException e) {
        receivedException();
      }
    }
    if (Thread.interrupted()) {
      receivedStatus();
    }
    Fault.unless(!underWay.get(), "an interrupt was lost");
  }
}
