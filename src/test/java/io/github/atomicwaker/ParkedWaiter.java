package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that was parked when an {@link Operation} began. If it is virtual, it runs when this
 * asks it to: what it does not do then, it never does. And a stack that ends cannot break the
 * scheduler of all virtual threads.
 */
record ParkedWaiter<T>(Waiter<T> waiter, @Nullable SteppedScheduler scheduler) {

  static <T> ParkedWaiter<T> start(Kind kind, Callable<T> body) {
    ParkedWaiter<T> parked;
    if (kind == Kind.VIRTUAL) {
      SteppedScheduler scheduler = new SteppedScheduler();
      parked = new ParkedWaiter<>(Waiter.start(scheduler, body), scheduler);
    } else {
      parked = new ParkedWaiter<>(Waiter.start(kind, body), null);
    }
    assertTrue(parked.reaches(() -> Waiter.isParked(parked.waiter.thread)), "parked");
    return parked;
  }

  /** Returns true when the thread has brought about the state, and false if it does not. */
  boolean reaches(BooleanSupplier state) {
    if (scheduler == null) {
      return Waiter.reaches(state);
    }
    scheduler.run();
    return state.getAsBoolean();
  }

  void assertThrew(Class<? extends Throwable> expected) {
    Throwable thrown = waiter.thrown();
    if (!(thrown instanceof OutOfMemoryError)) { // to make the expected one fails on a full heap
      assertInstanceOf(expected, thrown);
    }
  }
}
