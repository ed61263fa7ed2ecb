package io.github.atomicwaker.samples.recipes;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code docs/mistakes.md} says of each mistake, happening. */
@Timeout(60)
class MistakesTest {

  private final AtomicWaker waker = new AtomicWaker(WakerGroup.named("mistakes"));
  private volatile boolean ready;

  @Test
  void ofTwoWaitersTheFirstThrowsAndTheSecondGoesOnWaiting() throws Exception {
    ParkedThread<Object> first = ParkedThread.in(this::awaitReady);
    ParkedThread<Object> second = ParkedThread.in(this::awaitReady);
    Throwable thrown = assertThrows(ExecutionException.class, first::result).getCause();
    String message =
        requireNonNull(assertInstanceOf(IllegalStateException.class, thrown).getMessage());
    assertTrue(message.contains("#" + first.thread.threadId() + "]"), message);
    assertTrue(message.contains("#" + second.thread.threadId() + "]"), message);
    ready = true;
    waker.wake();
    assertEquals("ready", second.result());
  }

  private Object awaitReady() throws InterruptedException {
    waker.await(() -> ready);
    return "ready";
  }

  @Test
  void aConditionWithSideEffectsHasThemAtEveryLook() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    ParkedThread<Object> waiter =
        ParkedThread.in(
            () -> {
              waker.await(() -> attempts.incrementAndGet() > 0 && ready); // counts looks, not waits
              return attempts.get();
            });
    int before = attempts.get();
    waker.wake();
    ParkedThread.await(() -> attempts.get() > before, "it looks once more");
    waiter.awaitPark();
    ready = true;
    waker.wake();
    assertTrue((int) waiter.result() >= 3, "the first look, one for nothing, the last");
  }

  @Test
  void aValueThatTheConditionTakesAndDropsIsLost() throws Exception {
    Queue<String> queue = new ConcurrentLinkedQueue<>();
    queue.add("one");
    waker.await(() -> queue.poll() != null); // takes the message, and drops it
    assertNull(queue.poll());
    queue.add("two");
    assertEquals("two", waker.awaitValue(queue::poll)); // this keeps it
  }

  @Test
  void aStateWrittenAfterTheWakeIsNotSeen() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    ParkedThread<Object> waiter =
        ParkedThread.in(
            () -> {
              waker.await(
                  () -> {
                    looks.incrementAndGet();
                    return ready;
                  });
              return "ready";
            });
    int before = looks.get();
    waker.wake(); // the wrong order:
    while (looks.get() == before) {
      Thread.onSpinWait(); // the waiter looks in between,
    }
    waiter.awaitPark(); // parks again,
    ready = true; // and no wake follows
    assertTrue(waiter.isParked());
    assertSame(waiter.thread, waker.registered());
    waker.wake();
    assertEquals("ready", waiter.result());
  }

  @Test
  void aRegisterWithoutASecondLookMissesAWake() throws Exception {
    if (!ready) { // looked at before the thread is in the slot:
      ready = true;
      assertFalse(waker.wake()); // so this wake finds nobody,
      waker.register();
      // and a park here would last for ever
    }
    assertSame(Thread.currentThread(), waker.registered());
    waker.await(() -> ready); // this looks again after it has registered
    assertNull(waker.registered());
  }

  @Test
  void aParkWithoutALoopReturnsForNothing() throws Exception {
    ParkedThread<Boolean> waiter =
        ParkedThread.in(
            () -> {
              waker.register();
              if (!ready) {
                waker.park();
              }
              return ready; // whatever the park returned for
            });
    LockSupport.unpark(waiter.thread); // by other code, or a permit left over
    assertFalse(waiter.result());
  }

  @Test
  void anAwaitThatHoldsTheLockOfTheWakingSideKeepsItAndAnInterruptEndsIt() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    ParkedThread<Object> waiter =
        ParkedThread.in(
            () -> {
              lock.lock();
              try {
                waker.await(() -> ready); // a Condition would release the lock here
              } finally {
                lock.unlock();
              }
              return "ready";
            });
    assertFalse(lock.tryLock()); // lock() would wait here for ever, and the waiter for us
    waker.wake(); // without the state no help either
    waiter.awaitPark();
    assertFalse(lock.tryLock());
    waiter.thread.interrupt();
    Throwable thrown = assertThrows(ExecutionException.class, waiter::result).getCause();
    assertInstanceOf(InterruptedException.class, thrown);
    assertTrue(lock.tryLock());
    lock.unlock();
  }

  private String guarded = "nothing yet"; // by the lock

  @Test
  void anAwaitBeforeTheLockEndsThoughTheWakingSideNeedsTheLock() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    ParkedThread<String> waiter =
        ParkedThread.in(
            () -> {
              waker.await(() -> ready); // first the wait, which holds nothing,
              lock.lock(); // then the lock
              try {
                return guarded;
              } finally {
                lock.unlock();
              }
            });
    lock.lock();
    try {
      guarded = "what the lock guards";
      ready = true;
    } finally {
      lock.unlock();
    }
    waker.wake();
    assertEquals("what the lock guards", waiter.result());
  }

  @Test
  void aThreadThatEndsWhileItIsRegisteredStaysInTheSlot() throws Exception {
    Thread ended = Thread.startVirtualThread(waker::register); // and no deregister
    ended.join();
    assertSame(ended, waker.registered()); // the slot keeps it
    assertTrue(waker.wake()); // until the next wake,
    assertNull(waker.registered());

    Thread another = Thread.startVirtualThread(waker::register);
    another.join();
    assertTrue(waker.deregister(another)); // deregister,
    assertNull(waker.registered());

    Thread.startVirtualThread(waker::register).join();
    waker.register(); // or register; and an await leaves the slot itself
    assertSame(Thread.currentThread(), waker.registered());
    waker.await(() -> true);
    assertNull(waker.registered());
  }
}
