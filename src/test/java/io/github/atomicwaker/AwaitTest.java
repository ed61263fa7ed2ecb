package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The {@code await} methods of one waiter. */
@Timeout(60)
class AwaitTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  /** Parking only, so that checks of the condition can be counted: see {@link WakerGroupTest}. */
  private final AtomicWaker waker = new AtomicWaker(WakerGroup.named("test").parkingOnly());

  private final Thread self = Thread.currentThread();
  private final AtomicInteger evaluations = new AtomicInteger();

  @AfterEach
  void everyExitEmptiesTheSlotAndKeepsNoInterrupt() {
    assertNull(waker.registered());
    assertFalse(Thread.interrupted());
  }

  private BooleanSupplier counted(BooleanSupplier ready) {
    return () -> {
      evaluations.incrementAndGet();
      return ready.getAsBoolean();
    };
  }

  private static void parkUntilPermit() {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  @SuppressWarnings("NullAway") // null is what they are given
  void nullIsRefusedAndLeavesTheSlotAlone() {
    waker.register();
    assertThrows(NullPointerException.class, () -> waker.await(null));
    assertThrows(NullPointerException.class, () -> waker.await(null, SHORT));
    assertThrows(NullPointerException.class, () -> waker.await(() -> true, null));
    assertThrows(NullPointerException.class, () -> waker.awaitUninterruptibly(null));
    assertThrows(NullPointerException.class, () -> waker.awaitUninterruptibly(null, SHORT));
    assertThrows(NullPointerException.class, () -> waker.awaitUninterruptibly(() -> true, null));
    assertThrows(NullPointerException.class, () -> waker.awaitValue(null));
    assertThrows(NullPointerException.class, () -> waker.awaitValue(null, SHORT));
    assertThrows(
        NullPointerException.class, () -> waker.awaitValue(() -> "value", (Duration) null));
    assertThrows(NullPointerException.class, () -> waker.await(() -> true, 1, null));
    assertThrows(NullPointerException.class, () -> waker.await(null, 1, TimeUnit.DAYS));
    assertThrows(NullPointerException.class, () -> waker.awaitUninterruptibly(() -> true, 1, null));
    assertThrows(NullPointerException.class, () -> waker.awaitValue(() -> "value", 1, null));
    assertThrows(NullPointerException.class, () -> waker.awaitValue(null, () -> true));
    assertThrows(
        NullPointerException.class, () -> waker.awaitValue(() -> "value", (BooleanSupplier) null));
    assertThrows(
        NullPointerException.class, () -> waker.awaitValue(() -> "value", () -> true, 1, null));
    assertThrows(NullPointerException.class, () -> waker.awaitChecked(null));
    assertThrows(NullPointerException.class, () -> waker.awaitChecked(() -> "value", 1, null));
    assertTrue(waker.deregister());
  }

  @Nested
  class WhenTheConditionIsTrueAlready {
    @ParameterizedTest
    @EnumSource
    void theConditionIsEvaluatedOnceAndNothingRegisters(AwaitMethod await) throws Exception {
      assertTrue(await.on(waker, counted(() -> waker.registered() == null)));
      assertEquals(1, evaluations.get());
    }

    @ParameterizedTest
    @EnumSource
    void aThreadThatWasRegisteredBeforeIsOutOfTheSlotAfterwards(AwaitMethod await)
        throws Exception {
      waker.register();
      assertTrue(await.on(waker, () -> true));
      assertNull(waker.registered());
    }

    @ParameterizedTest
    @EnumSource
    void aRegistrationOfAnotherThreadBeforeTheWaitIsDisplaced(AwaitMethod await) throws Exception {
      waker.register(new Thread());
      assertTrue(await.on(waker, () -> waker.registered() == self));
    }

    @Test
    void valuesComeFromPoll() throws Exception {
      assertEquals("a", waker.awaitValue(() -> "a"));
      assertEquals("b", waker.awaitValue(() -> "b", Duration.ZERO));
      assertNull(waker.awaitValue(() -> null, Duration.ZERO));
    }
  }

  @Nested
  class WhenWoken {
    @ParameterizedTest
    @EnumSource
    void aWakeEndsTheWaitOfAVirtualThread(AwaitMethod await) {
      aWakeEndsTheWait(Kind.VIRTUAL, await);
    }

    @ParameterizedTest
    @EnumSource
    void aWakeEndsTheWaitOfAPlatformThread(AwaitMethod await) {
      aWakeEndsTheWait(Kind.PLATFORM, await);
    }

    private void aWakeEndsTheWait(Kind kind, AwaitMethod await) {
      AtomicBoolean ready = new AtomicBoolean();
      Waiter<Boolean> waiter = Waiter.start(kind, () -> await.on(waker, ready::get));
      waiter.awaitParkedOn(waker);
      assertSame(waiter.thread, waker.registered());
      assertEquals(
          await.timed ? Thread.State.TIMED_WAITING : Thread.State.WAITING,
          waiter.thread.getState());
      ready.set(true);
      assertTrue(waker.wake());
      assertTrue(waiter.result());
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheConditionEndsAWait(AwaitMethod await) {
      AtomicBoolean ready = new AtomicBoolean();
      for (Kind kind : Kind.values()) {
        ready.set(false);
        evaluations.set(0);
        Waiter<Boolean> waiter =
            Waiter.start(
                kind,
                () -> {
                  LockSupport.unpark(Thread.currentThread()); // a permit left over
                  return await.on(waker, counted(ready::get));
                });
        for (int i = 0; i < 100; i++) {
          waiter.awaitParkedOn(waker);
          int before = evaluations.get();
          if (i % 2 == 0) {
            LockSupport.unpark(waiter.thread); // a stray unpark
          } else {
            assertTrue(waker.wake()); // with the condition still false
          }
          Waiter.awaitState(() -> evaluations.get() > before, "evaluated again");
        }
        waiter.awaitParkedOn(waker);
        assertFalse(waiter.isDone());
        ready.set(true);
        assertTrue(waker.wake());
        assertTrue(waiter.result());
      }
    }

    /** The predicate consumes the wake's permit; it was false before the wake came. */
    @ParameterizedTest
    @EnumSource
    void aWakeWhosePermitThePredicateAteIsNotLost(AwaitMethod await) throws Exception {
      AtomicBoolean ready = new AtomicBoolean();
      assertTrue(
          await.on(
              waker,
              () -> {
                boolean seen = ready.get();
                if (waker.registered() == self) {
                  ready.set(true);
                  assertTrue(waker.wake());
                  parkUntilPermit();
                }
                return seen;
              }));
    }

    @Tag("not-on-17") // needs the id of a thread
    @ParameterizedTest
    @EnumSource
    void aParkedWaiterUsesNoProcessorTime(AwaitMethod await) {
      AtomicBoolean ready = new AtomicBoolean();
      Waiter<Boolean> waiter =
          Waiter.start(Kind.PLATFORM, () -> await.on(waker, counted(ready::get)));
      waiter.awaitParkedOn(waker);
      var threads = ManagementFactory.getThreadMXBean();
      int before = evaluations.get();
      long used = threads.getThreadCpuTime(waiter.thread.threadId());
      Waiter.spin(Duration.ofMillis(100));
      used = threads.getThreadCpuTime(waiter.thread.threadId()) - used;
      assertTrue(used < TimeUnit.MILLISECONDS.toNanos(2), () -> "parked, but used CPU");
      assertEquals(before, evaluations.get());
      ready.set(true);
      waker.wake();
      waiter.result();
    }

    @Test
    void theWaiterCanBeAnotherThreadEachTime() {
      Queue<Integer> queue = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < 1000; i++) {
        Waiter<Integer> waiter =
            Waiter.start(
                i % 2 == 0 ? Kind.VIRTUAL : Kind.PLATFORM, () -> waker.awaitValue(queue::poll));
        if (i % 3 == 0) {
          waiter.awaitParkedOn(waker);
        }
        queue.add(i);
        waker.wake();
        assertEquals(i, waiter.result());
      }
    }
  }

  @Nested
  class WhenInterrupted {
    @ParameterizedTest
    @EnumSource
    void anInterruptOnEntryThrowsBeforeTheConditionIsEvaluated(AwaitMethod await) throws Exception {
      waker.register();
      self.interrupt();
      BooleanSupplier ready = counted(() -> true);
      if (await.interruptible) {
        assertThrows(InterruptedException.class, () -> await.on(waker, ready));
        assertFalse(self.isInterrupted());
        assertEquals(0, evaluations.get());
      } else {
        assertTrue(await.on(waker, ready));
        assertTrue(Thread.interrupted());
      }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptWhileParkedThrowsOrIsRemembered(AwaitMethod await) {
      for (Kind kind : Kind.values()) {
        AtomicBoolean ready = new AtomicBoolean();
        AtomicBoolean interruptedAfter = new AtomicBoolean();
        evaluations.set(0);
        Waiter<Boolean> waiter =
            Waiter.start(
                kind,
                () -> {
                  try {
                    return await.on(waker, counted(ready::get));
                  } finally {
                    interruptedAfter.set(Thread.currentThread().isInterrupted());
                  }
                });
        waiter.awaitParkedOn(waker);
        waiter.thread.interrupt();
        if (await.interruptible) {
          assertEquals(InterruptedException.class, waiter.thrown().getClass());
          assertFalse(interruptedAfter.get());
        } else {
          Waiter.awaitState(() -> evaluations.get() == 3, "evaluated after the interrupt");
          waiter.awaitParkedOn(waker);
          Waiter.spin(SHORT);
          assertEquals(3, evaluations.get(), "an interrupted wait must not spin");
          ready.set(true);
          waker.wake();
          assertTrue(waiter.result());
          assertTrue(interruptedAfter.get());
        }
      }
    }

    @ParameterizedTest
    @EnumSource
    void aStatusSetOnEntryIsRestoredAndDoesNotSpin(AwaitMethod await) {
      if (!await.interruptible) {
        AtomicBoolean ready = new AtomicBoolean();
        Waiter<Boolean> waiter =
            Waiter.start(
                Kind.VIRTUAL,
                () -> {
                  Thread.currentThread().interrupt();
                  await.on(waker, ready::get);
                  return Thread.currentThread().isInterrupted();
                });
        waiter.awaitParkedOn(waker);
        ready.set(true);
        waker.wake();
        assertTrue(waiter.result());
      }
    }

    @ParameterizedTest
    @EnumSource
    void aConditionSeenTrueWinsOverAnInterrupt(AwaitMethod await) throws Exception {
      for (int atEvaluation : new int[] {1, 2}) {
        evaluations.set(0);
        assertTrue(
            await.on(
                waker,
                counted(
                    () -> {
                      boolean ready = evaluations.get() == atEvaluation;
                      if (ready) {
                        self.interrupt();
                      }
                      return ready;
                    })));
        assertTrue(Thread.interrupted());
      }
    }

    @Test
    void anInterruptThatTheConditionSetsEndsTheWaitWithoutAPark() {
      assertThrows(
          InterruptedException.class,
          () ->
              waker.await(
                  () -> {
                    self.interrupt();
                    return false;
                  }));
    }

    @Test
    void aWakeAtEachCheckHidesNoInterruptAndNoTimeout() throws Exception {
      AtomicInteger checks = new AtomicInteger();
      BooleanSupplier wokenAtEachCheck =
          () -> {
            if (checks.incrementAndGet() == 1_000) {
              self.interrupt();
            }
            waker.wake();
            return false;
          };
      assertThrows(InterruptedException.class, () -> waker.await(wokenAtEachCheck));
      assertFalse(waker.await(wokenAtEachCheck, SHORT));
    }
  }

  @Nested
  class WithATimeout {
    @Test
    void aTimeoutOfZeroOrLessChecksOnce() throws Exception {
      for (Duration none :
          new Duration[] {
            Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE, 0)
          }) {
        evaluations.set(0);
        assertFalse(waker.await(counted(() -> waker.registered() != null), none));
        assertFalse(waker.awaitUninterruptibly(counted(() -> waker.registered() != null), none));
        assertEquals(2, evaluations.get());
        assertTrue(waker.await(() -> true, none));
        assertTrue(waker.awaitUninterruptibly(() -> true, none));
        assertEquals("value", waker.awaitValue(() -> "value", none));
      }
    }

    @Test
    void aHugeDurationDoesNotOverflow() {
      for (Duration huge :
          new Duration[] {
            Duration.ofSeconds(Long.MAX_VALUE),
            ChronoUnit.FOREVER.getDuration(),
            Duration.ofNanos(Long.MAX_VALUE),
            Duration.ofNanos(Long.MAX_VALUE - 1)
          }) {
        AtomicBoolean ready = new AtomicBoolean();
        Waiter<Boolean> waiter = Waiter.start(Kind.VIRTUAL, () -> waker.await(ready::get, huge));
        waiter.awaitParkedOn(waker);
        ready.set(true);
        waker.wake();
        assertTrue(waiter.result());
      }
    }

    @ParameterizedTest
    @EnumSource
    void falseIsNeverReturnedBeforeTheTimeout(Kind kind) {
      for (int i = 0; i < 20; i++) {
        boolean rogue = i % 2 == 0;
        Waiter<Long> waiter =
            Waiter.start(
                kind,
                () -> {
                  long start = System.nanoTime();
                  assertFalse(waker.await(() -> false, SHORT));
                  return System.nanoTime() - start;
                });
        while (rogue && !waiter.isDone()) {
          LockSupport.unpark(waiter.thread);
        }
        assertTrue(waiter.result() >= SHORT.toNanos());
      }
    }

    @Test
    void anAmountOfAUnitThatIsTooLargeIsForEver() {
      for (TimeUnit unit : TimeUnit.values()) {
        AtomicBoolean ready = new AtomicBoolean();
        Waiter<Boolean> waiter =
            Waiter.start(Kind.VIRTUAL, () -> waker.await(ready::get, Long.MAX_VALUE, unit));
        waiter.awaitParkedOn(waker);
        ready.set(true);
        waker.wake();
        assertTrue(waiter.result());
        assertFalse(waker.awaitUninterruptibly(() -> false, Long.MIN_VALUE, unit));
      }
    }

    @Test
    void everyTimedMethodTimesOut() throws Exception {
      assertFalse(waker.await(() -> false, SHORT));
      assertFalse(waker.awaitUninterruptibly(() -> false, SHORT));
      assertNull(waker.awaitValue(() -> null, SHORT));
      assertFalse(waker.await(() -> false, 5, TimeUnit.MILLISECONDS));
      assertFalse(waker.awaitUninterruptibly(() -> false, 5, TimeUnit.MILLISECONDS));
      assertNull(waker.awaitValue(() -> null, 5, TimeUnit.MILLISECONDS));
      assertNull(waker.awaitValue(() -> null, () -> true, 5, TimeUnit.MILLISECONDS));
      assertNull(waker.awaitChecked(() -> null, 5, TimeUnit.MILLISECONDS));
    }

    @Test
    void anInterruptedWaitThatTimesOutRestoresTheStatus() {
      self.interrupt();
      assertFalse(waker.awaitUninterruptibly(() -> false, SHORT));
      assertTrue(Thread.interrupted());
    }

    @Test
    void aConditionSeenTrueWinsOverTheDeadline() throws Exception {
      for (int atEvaluation : new int[] {1, 2}) {
        evaluations.set(0);
        BooleanSupplier late =
            counted(
                () -> {
                  if (evaluations.get() == atEvaluation) {
                    Waiter.spin(SHORT);
                    return true;
                  }
                  return false;
                });
        assertTrue(waker.await(late, SHORT));
      }
    }

    @Test
    void aWaitThatTimesOutWhileItIsTakenChecksOnceMore() throws Exception {
      AtomicBoolean ready = new AtomicBoolean();
      BooleanSupplier takenAtTheDeadline =
          counted(
              () -> {
                boolean seen = ready.get();
                if (evaluations.get() == 2) {
                  Waiter.spin(SHORT);
                  ready.set(true);
                  assertSame(self, waker.take());
                }
                return seen;
              });
      assertTrue(waker.await(takenAtTheDeadline, SHORT));
      assertEquals(3, evaluations.get());
    }

    @Test
    void aWaitThatTimesOutUndisturbedDoesNotCheckAgain() throws Exception {
      BooleanSupplier slow =
          counted(
              () -> {
                if (evaluations.get() == 2) {
                  Waiter.spin(SHORT);
                }
                return false;
              });
      assertFalse(waker.await(slow, SHORT));
      assertEquals(2, evaluations.get());
    }
  }

  @Nested
  class WhenTheConditionWaits {
    private final AtomicBoolean inner = new AtomicBoolean();
    private final AtomicBoolean outer = new AtomicBoolean();

    /** Waits for the outer condition, which itself waits as long as the thread is registered. */
    private Waiter<Boolean> start(Kind kind, Runnable innerWait) {
      return Waiter.start(
          kind,
          () -> {
            waker.await(
                () -> {
                  if (waker.registered() == Thread.currentThread()) {
                    innerWait.run();
                  }
                  return outer.get();
                });
            return true;
          });
    }

    @ParameterizedTest
    @EnumSource
    void itCanBeOnTheSameWaker(Kind kind) {
      Waiter<Boolean> waiter =
          start(
              kind,
              () -> {
                waker.awaitUninterruptibly(inner::get);
                assertNull(waker.registered());
                inner.set(false);
              });
      for (int i = 0; i < 10; i++) {
        waiter.awaitParkedOn(waker);
        inner.set(true);
        waker.wake();
        Waiter.awaitState(() -> !inner.get(), "the inner wait is over");
      }
      waiter.awaitParkedOn(waker);
      outer.set(true);
      inner.set(true);
      waker.wake();
      assertTrue(waiter.result());
    }

    @ParameterizedTest
    @EnumSource
    void itCanBeOnAnotherWaker(Kind kind) {
      AtomicWaker other = new AtomicWaker();
      Waiter<Boolean> waiter = start(kind, () -> other.awaitUninterruptibly(inner::get));
      waiter.awaitParkedOn(other);
      outer.set(true);
      assertTrue(waker.wake()); // the inner park consumes its permit
      waiter.awaitParkedOn(other);
      inner.set(true);
      assertTrue(other.wake());
      assertTrue(waiter.result());
      assertNull(other.registered());
    }
  }

  /** An adaptive wait that announces itself once it is registered, and takes that back. */
  @Nested
  class WhenTheWaitIsAnnounced {
    private static final String ANNOUNCED = "announced";

    private final AtomicWaker adaptive = new AtomicWaker();
    private final AtomicReference<@Nullable String> place = new AtomicReference<>();
    private final AtomicInteger announcements = new AtomicInteger();
    private final AtomicInteger withdrawals = new AtomicInteger();
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();

    private @Nullable String poll() {
      String found = place.get();
      if (found != null && !found.equals(ANNOUNCED)) {
        return found;
      }
      if (found == null && adaptive.registered() == Thread.currentThread()) {
        announcements.incrementAndGet();
        place.set(ANNOUNCED);
      }
      return null;
    }

    private boolean withdraw() {
      withdrawals.incrementAndGet();
      return place.compareAndSet(ANNOUNCED, null) || place.get() == null;
    }

    private Waiter<String> startAnnounced() {
      Waiter<String> waiter =
          Waiter.start(
              Kind.VIRTUAL,
              () -> {
                String value = adaptive.awaitValue(this::poll, this::withdraw);
                return Thread.interrupted() ? value + " and interrupt" : value;
              });
      return waiter.awaitParkedOn(adaptive);
    }

    @Test
    void itIsSoOnceAndOnlyToPark() throws Exception {
      Waiter<String> waiter = startAnnounced();
      assertEquals(1, announcements.get());
      assertTrue(place.compareAndSet(ANNOUNCED, "value"));
      adaptive.wake();
      assertEquals("value", waiter.result());
      assertEquals("value", adaptive.awaitValue(this::poll, this::withdraw));
      assertEquals(1, announcements.get());
      assertEquals(0, withdrawals.get());
    }

    @Test
    void aTimeoutWithdraws() throws Exception {
      assertNull(adaptive.awaitValue(this::poll, this::withdraw, 20, TimeUnit.MILLISECONDS));
      assertNull(place.get());
      assertEquals(1, announcements.get());
      assertEquals(1, withdrawals.get());
    }

    @Test
    void anInterruptWithdraws() {
      Waiter<String> waiter = startAnnounced();
      waiter.thread.interrupt();
      assertEquals(InterruptedException.class, waiter.thrown().getClass());
      assertNull(place.get());
      assertEquals(1, withdrawals.get());
    }

    @Test
    void aDisplacementWithdraws() {
      Waiter<String> waiter = startAnnounced();
      adaptive.register();
      assertEquals(DisplacedException.class, waiter.thrown().getClass());
      assertNull(place.get());
      assertEquals(1, withdrawals.get());
    }

    private void report(Thread waiting) {
      waiting.setUncaughtExceptionHandler((thread, thrown) -> reported.add(thrown));
    }

    @AfterEach
    void reportNoMore() {
      self.setUncaughtExceptionHandler(null);
    }

    /** The value is given between the last poll and the withdrawal. */
    private boolean giveAndWithdraw() {
      assertTrue(place.compareAndSet(ANNOUNCED, "given"));
      return withdraw();
    }

    private Waiter<String> startGivenLate() {
      Waiter<String> waiter =
          Waiter.start(
              Kind.VIRTUAL,
              () -> {
                report(Thread.currentThread());
                String value = adaptive.awaitValue(this::poll, this::giveAndWithdraw);
                return Thread.interrupted() ? value + " and interrupt" : value;
              });
      return waiter.awaitParkedOn(adaptive);
    }

    @Test
    void aValueThatWasGivenOutlastsATimeout() throws Exception {
      assertEquals(
          "given",
          adaptive.awaitValue(this::poll, this::giveAndWithdraw, 20, TimeUnit.MILLISECONDS));
      assertEquals(1, withdrawals.get());
      assertNull(adaptive.registered());
    }

    @Test
    void aValueThatWasGivenOutlastsAnInterrupt() {
      Waiter<String> waiter = startGivenLate();
      waiter.thread.interrupt();
      assertEquals("given and interrupt", waiter.result());
      assertEquals(List.of(), reported);
    }

    @Test
    void aValueThatWasGivenOutlastsADisplacement() {
      Waiter<String> waiter = startGivenLate();
      adaptive.register();
      assertEquals("given", waiter.result());
      assertEquals(List.of(), reported);
      assertTrue(adaptive.deregister());
    }

    /** As at all checks of a wait, it is clear, and set again afterwards. */
    @Test
    void theInterruptStatusOutlastsTheLastPoll() throws Exception {
      report(self);
      for (boolean throwing : new boolean[] {false, true}) {
        place.set(null);
        Supplier<@Nullable String> clear =
            () -> {
              assertFalse(self.isInterrupted());
              String found = poll();
              if (throwing && ANNOUNCED.equals(place.get())) {
                self.interrupt();
                throw new Mistake();
              }
              return found;
            };
        BooleanSupplier interrupting =
            () -> {
              assertFalse(self.isInterrupted());
              self.interrupt();
              return giveAndWithdraw();
            };
        assertEquals("given", adaptive.awaitValue(clear, interrupting, 20, TimeUnit.MILLISECONDS));
        assertTrue(Thread.interrupted());
      }
    }

    /** A displacement of the poll's own, on the same waker, is one as well. */
    @Test
    void aValueThatWasGivenOutlastsAnException() throws Exception {
      Waiter<String> displaced = startAnnounced();
      adaptive.register();
      DisplacedException displacement = (DisplacedException) displaced.thrown();
      assertTrue(adaptive.deregister());
      report(self);
      for (RuntimeException mistake :
          List.of(new Mistake(), new IllegalStateException(), displacement)) {
        place.set(null);
        reported.clear();
        Supplier<@Nullable String> throwing =
            () -> {
              String found = poll();
              if (ANNOUNCED.equals(place.get())) {
                throw mistake;
              }
              return found;
            };
        assertEquals("given", adaptive.awaitValue(throwing, this::giveAndWithdraw));
        assertEquals(List.of(mistake), reported);
      }
    }

    @Test
    void anExceptionOfThePollWithdraws() {
      Mistake mistake = new Mistake();
      assertSame(
          mistake,
          assertThrows(
              Mistake.class,
              () ->
                  adaptive.awaitValue(
                      () -> {
                        poll();
                        if (ANNOUNCED.equals(place.get())) {
                          throw mistake;
                        }
                        return null;
                      },
                      this::withdraw)));
      assertNull(place.get());
      assertEquals(1, withdrawals.get());
    }

    @Test
    void aWithdrawalThatRegistersLeavesTheSlot() throws Exception {
      assertEquals(
          "given",
          adaptive.awaitValue(
              this::poll,
              () -> {
                adaptive.register();
                return giveAndWithdraw();
              },
              20,
              TimeUnit.MILLISECONDS));
      assertNull(adaptive.registered());
    }

    @Test
    void aWithdrawalThatThrowsLosesNoInterrupt() {
      Mistake mistake = new Mistake();
      Waiter<Boolean> waiter =
          Waiter.start(
              Kind.VIRTUAL,
              () -> {
                assertSame(
                    mistake,
                    assertThrows(
                        Mistake.class,
                        () ->
                            adaptive.awaitValue(
                                this::poll,
                                () -> {
                                  throw mistake;
                                })));
                return Thread.interrupted();
              });
      waiter.awaitParkedOn(adaptive);
      waiter.thread.interrupt();
      assertTrue(waiter.result());
    }

    @Test
    void aValueThatIsMissingIsAMistake() {
      report(self);
      assertThrows(
          IllegalStateException.class,
          () ->
              adaptive.awaitValue(
                  () -> null,
                  () -> {
                    self.interrupt();
                    return false;
                  },
                  20,
                  TimeUnit.MILLISECONDS));
      assertTrue(Thread.interrupted());
      assertEquals(List.of(), reported);
      assertNull(adaptive.registered());
    }
  }

  @Nested
  class WhenTheConditionThrows {
    @Test
    void aCheckedExceptionEndsTheWaitAsItIs() {
      IOException thrown = new IOException("closed");
      for (int last : new int[] {1, 2, 5}) {
        evaluations.set(0);
        CheckedSupplier<@Nullable String, IOException> throwing =
            () -> {
              LockSupport.unpark(self);
              if (evaluations.incrementAndGet() == last) {
                throw thrown;
              }
              return null;
            };
        assertSame(thrown, assertThrows(IOException.class, () -> waker.awaitChecked(throwing)));
        assertNull(waker.registered());
      }
      Thread.interrupted();
      LockSupport.unpark(self);
      LockSupport.park(this);
    }

    @ParameterizedTest
    @EnumSource
    void theThrowableEndsTheWait(AwaitMethod await) throws Exception {
      for (int atEvaluation : new int[] {1, 2}) {
        evaluations.set(0);
        Mistake mistake = new Mistake();
        BooleanSupplier throwing =
            counted(
                () -> {
                  if (evaluations.get() == atEvaluation) {
                    throw mistake;
                  }
                  return false;
                });
        waker.register();
        assertSame(mistake, assertThrows(Mistake.class, () -> await.on(waker, throwing)));
        assertNull(waker.registered());
        assertTrue(await.on(waker, () -> waker.registered() == self));
      }
    }

    @Test
    void theInterruptStatusIsRestored() {
      assertThrows(
          Mistake.class,
          () ->
              waker.awaitUninterruptibly(
                  counted(
                      () -> {
                        if (evaluations.get() == 3) {
                          throw new Mistake();
                        }
                        self.interrupt();
                        return false;
                      })));
      assertTrue(Thread.interrupted());
    }
  }

  private static final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
