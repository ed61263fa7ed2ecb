package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/**
 * Wakes that a batch delays. The test steps the schedulers of the waiters, to see which one runs.
 */
class WakeBatchTest {
  private final WakerGroup group = WakerGroup.named("batch").parkingOnly();
  private final SteppedScheduler scheduler = new SteppedScheduler();
  private final List<String> woken = new ArrayList<>();
  private final WakeBatch batch = new WakeBatch();
  private boolean ready;

  /** Starts a thread that waits until all is ready, and then adds its name. */
  private AtomicWaker waiter(String name, SteppedScheduler scheduler) {
    AtomicWaker waker = new AtomicWaker(group);
    scheduler.start(
        () -> {
          waker.awaitUninterruptibly(() -> ready);
          woken.add(name);
        });
    scheduler.run();
    return waker;
  }

  private AtomicWaker waiter(String name) {
    return waiter(name, scheduler);
  }

  @Test
  void waitersAreWokenAtTheEndInTheOrderInWhichTheyWereTaken() {
    List<AtomicWaker> wakers = List.of(waiter("one"), waiter("two"), waiter("three"));
    ready = true;
    for (AtomicWaker waker : wakers) {
      assertTrue(batch.wake(waker));
      assertNull(waker.registered());
    }
    assertFalse(scheduler.hasRunnable(), "woken before the end");
    batch.close();
    scheduler.run();
    assertEquals(List.of("one", "two", "three"), woken);
  }

  @Test
  void aWaiterWithSeveralWakesIsUnparkedOnce() {
    AtomicWaker waker = waiter("one");
    ready = true;
    assertTrue(batch.wake(waker));
    assertFalse(batch.wake(waker));
    batch.close();
    scheduler.run();
    assertEquals(List.of("one"), woken);
  }

  @Test
  void nothingIsTakenWhereNoThreadWaits() {
    assertFalse(batch.wake(new AtomicWaker()));
    batch.close();
  }

  @Test
  void theNextBatchBeginsEmpty() {
    AtomicWaker waker = waiter("one");
    batch.wake(waker);
    batch.close();
    scheduler.run();
    batch.close();
    assertFalse(scheduler.hasRunnable(), "unparked again");
    ready = true;
    batch.wake(waker);
    batch.close();
    scheduler.run();
    assertEquals(List.of("one"), woken);
  }

  @Test
  void aWaiterThatIsRejectedDoesNotKeepTheOthersFromTheirWakes() {
    SteppedScheduler rejecting = new SteppedScheduler();
    batch.wake(waiter("rejected", rejecting));
    batch.wake(waiter("one"));
    batch.wake(waiter("rejected", rejecting));
    batch.wake(waiter("two"));
    rejecting.reject();
    ready = true;
    assertThrows(RejectedExecutionException.class, batch::close);
    scheduler.run();
    assertEquals(List.of("one", "two"), woken);
    batch.close();
  }

  @Test
  void waitersThatCouldNotBeUnparkedStayInTheBatch() {
    SteppedScheduler failing = new SteppedScheduler();
    batch.wake(waiter("one"));
    batch.wake(waiter("late", failing));
    batch.wake(waiter("two"));
    failing.reject(
        () -> {
          throw new AssertionError("of the test");
        });
    ready = true;
    assertThrows(AssertionError.class, batch::close);
    scheduler.run();
    assertEquals(List.of("one", "two"), woken);
    batch.close();
    assertFalse(scheduler.hasRunnable(), "a thread that was unparked stayed as well");
    batch.close();
  }

  @Test
  void theFirstErrorIsThrownWhenAllIsDone() {
    SteppedScheduler failing = new SteppedScheduler();
    SteppedScheduler rejecting = new SteppedScheduler();
    batch.wake(waiter("failing", failing));
    batch.wake(waiter("rejected", rejecting));
    batch.wake(waiter("one"));
    Error error = new AssertionError("of the test");
    failing.reject(
        () -> {
          throw error;
        });
    rejecting.reject();
    ready = true;
    assertSame(error, assertThrows(AssertionError.class, batch::close));
    assertInstanceOf(RejectedExecutionException.class, error.getSuppressed()[0]);
    scheduler.run();
    assertEquals(List.of("one"), woken);
  }

  @Test
  void anErrorThatIsThrownTwiceIsNotSuppressedInItself() {
    SteppedScheduler failing = new SteppedScheduler();
    batch.wake(waiter("failing", failing));
    batch.wake(waiter("failing", failing));
    Error error = new AssertionError("of the test");
    failing.reject(
        () -> {
          throw error;
        });
    ready = true;
    assertSame(error, assertThrows(AssertionError.class, batch::close));
    assertEquals(0, error.getSuppressed().length);
  }
}
