package io.github.atomicwaker;

import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Delays wakes to the end of a batch: until a lock is released, for example, or until the last of
 * many messages is in its queue. A waiter that is woken several times in a batch is unparked once.
 *
 * {@snippet class="io.github.atomicwaker.SnippetsTest" region=batch :
 * try (WakeBatch batch = new WakeBatch()) {
 *   for (Reply reply : replies) {
 *     Call call = calls.remove(reply.number());
 *     call.reply = reply; // first the state,
 *     batch.wake(call.waker); // then the wake
 *   }
 * } // here they are unparked
 * }
 *
 * <p>From its wake to the end of the batch a waiter may be parked, and no other wake finds it. So
 * close the batch in any case, and do nothing before that waits for a waiter. A batch belongs to
 * one thread at a time.
 *
 * <p>The idea is that of tokio's {@code WakeList}.
 *
 * @since 0.1.0
 */
public final class WakeBatch implements AutoCloseable {

  /** With a capacity: a list without one does not grow before the first is added. */
  private final ArrayList<Thread> taken = new ArrayList<>(8);

  /** Creates an empty batch. */
  public WakeBatch() {}

  /**
   * Takes the thread that is registered with the waker, if there is one. The end of the batch
   * unparks it. Never blocks.
   *
   * <p>Memory effects: those of {@link AtomicWaker#wake}.
   *
   * @param waker the waker whose thread may wait for the change made before
   * @return true if a thread was taken
   */
  public boolean wake(AtomicWaker waker) {
    StackReserve.ensure();
    taken.ensureCapacity(taken.size() + 1); // nothing may fail between the take and the add
    Thread waiter = waker.take();
    if (waiter == null) {
      return false;
    }
    taken.add(waiter);
    return true;
  }

  /**
   * Ends the batch: unparks all that were taken, in that order. Then the next batch may begin. If
   * an {@code unpark} throws (see the package description), all others are still unparked, and the
   * first exception is thrown at the end, with the rest suppressed in it. The threads that were not
   * unparked stay in the batch, where no wake will find them: close it again. Never blocks.
   */
  @Override
  public void close() {
    StackReserve.ensure();
    Throwable thrown = null;
    int count = taken.size();
    int kept = 0;
    for (int i = 0; i < count; i++) { // an iterator would be allocated
      Thread waiter = taken.get(i);
      try {
        LockSupport.unpark(waiter);
      } catch (RuntimeException | Error e) {
        taken.set(kept++, waiter);
        refused(waiter);
        thrown = thrown == null ? e : suppressed(e, thrown);
      }
    }
    while (taken.size() > kept) {
      taken.remove(taken.size() - 1);
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  /** The blocker of a thread that is parked in a slot is the waker. */
  private static void refused(Thread waiter) {
    if (LockSupport.getBlocker(waiter) instanceof AtomicWaker waker) {
      waker.group().refused(waiter);
    }
  }

  @SuppressWarnings("ReferenceEquality") // no throwable can be suppressed in itself
  private static Throwable suppressed(Throwable thrown, Throwable in) {
    if (thrown != in) {
      try {
        in.addSuppressed(thrown);
      } catch (RuntimeException | Error noMemory) {
        // a lost message matters less than a waiter
      }
    }
    return in;
  }
}
