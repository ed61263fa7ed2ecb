package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The raw operations, each by itself. The tests of jcstress have the races between them. */
@Timeout(60)
class SlotTest {
  private final AtomicWaker waker = new AtomicWaker();
  private final Thread self = Thread.currentThread();
  private final SteppedScheduler scheduler = new SteppedScheduler();

  @Test
  void startsEmpty() {
    assertNull(waker.registered());
    assertNull(waker.take());
    assertFalse(waker.wake());
    assertFalse(waker.deregister());
  }

  @Test
  @SuppressWarnings("NullAway") // null is what they are given
  void refusesNullAndLeavesTheSlotAlone() {
    waker.register();
    assertThrows(NullPointerException.class, () -> waker.register(null));
    assertThrows(NullPointerException.class, () -> waker.deregister(null));
    assertSame(self, waker.registered());
    waker.deregister();
    assertThrows(NullPointerException.class, () -> waker.deregister(null));
  }

  @Nested
  class Register {

    @Test
    void putsTheCurrentThreadInTheSlot() {
      waker.register();
      assertSame(self, waker.registered());
    }

    @Test
    void putsAnotherThreadInTheSlot() {
      Thread other = new Thread();
      waker.register(other);
      assertSame(other, waker.registered());
    }

    @Test
    void displacesAndUnparksTheThreadBefore() {
      startParked();
      waker.register();
      assertSame(self, waker.registered());
      assertTrue(scheduler.hasRunnable());
    }

    @Test
    void unparksNothingIfTheThreadIsRegisteredAlready() {
      Thread parked = startParked();
      waker.register(parked);
      assertSame(parked, waker.registered());
      assertFalse(scheduler.hasRunnable());
    }
  }

  @Nested
  class Wake {

    @Test
    void isNotStoredForARegistrationToCome() {
      assertFalse(waker.wake());
      waker.register();
      assertSame(self, waker.registered());
    }

    @Test
    void takesTheThreadOnce() {
      waker.register();
      assertTrue(waker.wake());
      assertNull(waker.registered());
      assertFalse(waker.wake());
    }

    @Test
    void unparksTheThread() {
      Thread parked = startParked();
      assertTrue(waker.wake());
      assertTrue(scheduler.hasRunnable());
      scheduler.run();
      assertEquals(Thread.State.TERMINATED, parked.getState());
    }
  }

  @Nested
  class Take {

    @Test
    void returnsTheThreadAndDoesNotUnparkIt() {
      Thread parked = startParked();
      assertSame(parked, waker.take());
      assertFalse(scheduler.hasRunnable());
      assertNull(waker.registered());
      assertFalse(waker.wake());
      LockSupport.unpark(parked);
      scheduler.run();
      assertEquals(Thread.State.TERMINATED, parked.getState());
    }
  }

  @Nested
  class Deregister {

    @Test
    void emptiesTheSlotAndDoesNotUnpark() {
      Thread parked = startParked();
      assertTrue(waker.deregister(parked));
      assertFalse(scheduler.hasRunnable());
      assertNull(waker.registered());
      assertFalse(waker.deregister(parked));
    }

    @Test
    void leavesAnotherThreadInTheSlot() {
      Thread other = new Thread();
      waker.register(other);
      assertFalse(waker.deregister());
      assertSame(other, waker.registered());
      waker.register();
      assertFalse(waker.deregister(other));
      assertTrue(waker.deregister());
      assertNull(waker.registered());
    }
  }

  @Nested
  class Park {

    @ParameterizedTest
    @EnumSource
    void hasTheWakerAsBlocker(Waiter.Kind kind) {
      Waiter<Void> untimed = Waiter.start(kind, () -> parkUntilTaken(Long.MAX_VALUE));
      untimed.awaitParkedOn(waker);
      assertTrue(waker.wake());
      untimed.result();

      Waiter<Void> timed = Waiter.start(kind, () -> parkUntilTaken(TimeUnit.HOURS.toNanos(1)));
      timed.awaitParkedOn(waker);
      assertTrue(waker.wake());
      timed.result();
    }

    @Test
    void dependsOnThePermitAndNotOnTheSlot() {
      LockSupport.unpark(self);
      waker.register();
      waker.park();
      assertSame(self, waker.registered());
      Thread parked = scheduler.start(waker::park);
      waker.deregister();
      scheduler.run();
      assertTrue(Waiter.isParked(parked));
    }

    @Test
    void endsByItselfIfTimed() {
      long start = System.nanoTime();
      waker.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      waker.parkNanos(0);
      waker.parkNanos(Long.MIN_VALUE);
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
    }
  }

  @Nested
  class TheString {

    @Test
    void beginsWithTheIdentityAndNamesTheWaiter() {
      String identity = WaitLoop.identity(waker);
      assertEquals(identity, waker.toString());
      assertEquals(
          "io.github.atomicwaker.AtomicWaker@"
              + Integer.toHexString(System.identityHashCode(waker)),
          identity);
      waker.register();
      assertEquals(identity + "[waiter=" + self + "]", waker.toString());
    }
  }

  @Nested
  class AForgottenThread {

    @ParameterizedTest
    @EnumSource
    void doesNoHarmIfItEndedWhileRegistered(Waiter.Kind kind) throws Exception {
      Waiter<Void> ended =
          Waiter.start(
              kind,
              () -> {
                waker.register();
                return null;
              });
      ended.result();
      ended.thread.join();
      assertSame(ended.thread, waker.registered());

      Waiter<Boolean> next = Waiter.start(kind, this::awaitTaken);
      next.awaitParkedOn(waker);
      assertTrue(waker.wake());
      assertTrue(next.result());
    }

    @ParameterizedTest
    @EnumSource
    void doesNoHarmIfItWasTakenAndNotUnparked(Waiter.Kind kind) {
      Waiter<Void> forgotten = Waiter.start(kind, () -> parkUntilTaken(Long.MAX_VALUE));
      forgotten.awaitParkedOn(waker);
      assertSame(forgotten.thread, waker.take());

      Waiter<Boolean> next = Waiter.start(kind, this::awaitTaken);
      next.awaitParkedOn(waker);
      assertTrue(waker.wake());
      assertTrue(next.result());
      assertTrue(forgotten.isParkedOn(waker));
      LockSupport.unpark(forgotten.thread);
      forgotten.result();
    }

    /** An await that ends when a wake has come after it was registered. */
    private boolean awaitTaken() throws InterruptedException {
      Thread thread = Thread.currentThread();
      boolean[] registered = {false};
      waker.await(
          () -> {
            boolean now = waker.registered() == thread;
            boolean taken = registered[0] && !now;
            registered[0] |= now;
            return taken;
          });
      return true;
    }
  }

  @Nested
  class AnUnparkThatThrows {

    @Test
    void leavesTheThreadOfAWakeInTheSlot() {
      Thread thread = startParked();
      scheduler.reject();
      assertThrows(RejectedExecutionException.class, waker::wake);
      assertSame(thread, waker.registered());
      assertTrue(waker.wake(), "the next one finds it");
    }

    @Test
    void leavesTheThreadOfARegistrationInTheSlot() {
      Thread thread = startParked();
      scheduler.reject();
      assertThrows(RejectedExecutionException.class, waker::register);
      assertSame(thread, waker.registered());
      waker.register();
      assertTrue(waker.wake());
    }

    @Test
    void leavesTheThreadOfAWaitInTheSlot() throws Exception {
      Thread thread = startParked();
      scheduler.reject();
      assertThrows(RejectedExecutionException.class, () -> waker.await(() -> false));
      assertSame(thread, waker.registered());
      waker.await(() -> waker.wake());
    }

    /** A wake may come while a registration is about to unpark the thread before it. */
    @Test
    void putsTheThreadBackAlthoughATakeCameMeanwhile() {
      Thread thread = startParked();
      scheduler.reject(
          () -> {
            assertSame(Thread.currentThread(), waker.take());
            throw new RejectedExecutionException("after a take");
          });
      assertThrows(RejectedExecutionException.class, waker::register);
      assertSame(thread, waker.registered());
      assertTrue(waker.wake());
    }

    @Test
    void putsNoThreadBackIfAnotherHasRegisteredMeanwhile() {
      startParked();
      Thread other = new Thread();
      scheduler.reject(
          () -> {
            waker.register(other);
            throw new RejectedExecutionException("after a registration");
          });
      assertThrows(RejectedExecutionException.class, waker::wake);
      assertSame(other, waker.registered());
      assertTrue(waker.deregister(other));
    }
  }

  /** A thread that is registered and parked, and ends when it is unparked. */
  private Thread startParked() {
    Thread thread =
        scheduler.start(
            () -> {
              waker.register();
              waker.park();
            });
    scheduler.run();
    assertSame(thread, waker.registered());
    assertTrue(Waiter.isParked(thread));
    return thread;
  }

  private Void parkUntilTaken(long nanos) {
    waker.register();
    while (waker.registered() == Thread.currentThread()) {
      if (nanos == Long.MAX_VALUE) {
        waker.park();
      } else {
        waker.parkNanos(nanos);
      }
    }
    return null;
  }
}
