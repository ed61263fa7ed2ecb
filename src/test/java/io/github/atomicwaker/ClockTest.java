package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks of a condition that are slow, and checks in a thread that is interrupted. */
@Timeout(60)
class ClockTest {

  /** Slower than all that a wait does by itself before it registers. */
  private static final Duration SLOW = Duration.ofMillis(1);

  private static final Duration LONG = Duration.ofHours(1);

  /** A yield takes as long as all other programs of a busy processor run. */
  private static final WaitPolicy NO_YIELDS =
      new WaitPolicy(
          WaitPolicy.ADAPTIVE.maxSpinTurns,
          WaitPolicy.ADAPTIVE.turnsPerPause,
          WaitPolicy.ADAPTIVE.maxSpinNanos,
          WaitPolicy.ADAPTIVE.earlyTurns,
          WaitPolicy.ADAPTIVE.streamPauseNanos,
          WaitPolicy.ADAPTIVE.maxYieldNanos,
          WaitPolicy.ADAPTIVE.slowYieldNanos,
          Long.MAX_VALUE,
          WaitPolicy.ADAPTIVE.yieldPeriodNanos,
          WaitPolicy.ADAPTIVE.maxFailures);

  private final AtomicWaker waker = new AtomicWaker(WakerGroup.named("clock"));
  private int checks;

  @AfterEach
  void everyExitEmptiesTheSlotAndKeepsNoInterrupt() {
    assertFalse(Thread.interrupted());
    assertNull(waker.registered());
  }

  private boolean isRegistered() {
    return waker.registered() == Thread.currentThread();
  }

  /**
   * Waits until registered. Checks are slow from one of them on. Returns how many came after that
   * one.
   */
  private int checksAfterASlowOne(int slow, AtomicWaker on) {
    checks = 0;
    on.awaitUninterruptibly(
        () -> {
          if (on.registered() == Thread.currentThread()) {
            return true;
          }
          if (++checks >= slow) {
            Waiter.spin(SLOW);
          }
          return false;
        });
    return checks - slow;
  }

  /** The first slow check is any of them, before and after spins have paid. */
  @ParameterizedTest
  @EnumSource
  void afterASlowCheckAWaitChecksAFewTimesBeforeItRegisters(Kind kind) {
    for (int i = 0; i < 2_000; i++) { // until checks are compiled, and quick
      checksAfterASlowOne(1_000_000, new AtomicWaker(new WakerGroup("warm", NO_YIELDS, null)));
    }
    for (int from = 1; from < 520; from++) {
      int slow = from;
      AtomicWaker on = new AtomicWaker(WakerGroup.named("slow"));
      int after = Waiter.start(kind, () -> checksAfterASlowOne(slow, on)).result();
      assertTrue(after <= 4, "slow from check " + slow + " on, and then " + after + " checks");
    }
  }

  /** The guarantee of {@link WakerGroup}, with checks that take longer than the time-out. */
  @ParameterizedTest
  @CsvSource({"true,VIRTUAL", "false,VIRTUAL", "true,PLATFORM", "false,PLATFORM"})
  void aWaitThatTimesOutInACheckChecksAtMostOnceMore(boolean parkingOnly, Kind kind) {
    WakerGroup group = WakerGroup.named("slow");
    AtomicWaker on = new AtomicWaker(parkingOnly ? group.parkingOnly() : group);
    boolean seen =
        Waiter.start(
                kind,
                () ->
                    on.await(
                        () -> {
                          checks++;
                          Waiter.spin(Duration.ofMillis(20));
                          return false;
                        },
                        Duration.ofMillis(10)))
            .result();
    assertFalse(seen);
    assertTrue(checks <= 2, () -> checks + " checks");
  }

  /** The thread is interrupted at one of the checks. */
  @Nested
  class NoCheckRunsInterrupted {
    private int interruptedChecks;

    /**
     * Returns true once it is registered after the last of some checks, and counts those that begin
     * interrupted.
     */
    private boolean check(int interruptAt, int last) {
      checks++;
      if (Thread.currentThread().isInterrupted()) {
        interruptedChecks++;
      }
      if (checks == interruptAt) {
        Thread.currentThread().interrupt();
      }
      return checks > last && isRegistered();
    }

    @Test
    void ofAnUninterruptibleWaitAfterAnInterrupt() {
      Thread.currentThread().interrupt();
      waker.awaitUninterruptibly(() -> check(-1, 3));
      assertTrue(Thread.interrupted());
      assertEquals(0, interruptedChecks);
    }

    /** The condition interrupts, so that it is certain when. Its permit keeps it from parking. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 256, 257, 300})
    void ofAnUninterruptibleWait(int interruptAt) {
      waker.awaitUninterruptibly(
          () -> {
            LockSupport.unpark(Thread.currentThread());
            return check(interruptAt, Math.max(interruptAt, 2) + 600);
          });
      assertTrue(Thread.interrupted());
      assertEquals(0, interruptedChecks);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 256, 257, 300})
    void ofATimedUninterruptibleWait(int interruptAt) {
      assertTrue(
          waker.awaitUninterruptibly(
              () -> {
                LockSupport.unpark(Thread.currentThread());
                return check(interruptAt, Math.max(interruptAt, 2) + 600);
              },
              LONG));
      assertTrue(Thread.interrupted());
      assertEquals(0, interruptedChecks);
    }

    /** An interrupt ends it, and no check before that runs interrupted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 300})
    void ofAWait(int interruptAt) {
      assertThrows(
          InterruptedException.class,
          () ->
              waker.await(
                  () -> {
                    LockSupport.unpark(Thread.currentThread());
                    check(interruptAt, Integer.MAX_VALUE);
                    return false;
                  }));
      assertEquals(0, interruptedChecks);
    }

    /** Neither a value that came with the interrupt nor the interrupt is lost. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 300})
    void aValueWinsAndTheInterruptStays(int at) throws Exception {
      Supplier<@Nullable String> poll =
          () -> {
            LockSupport.unpark(Thread.currentThread());
            check(at, Integer.MAX_VALUE);
            return checks == at ? "value" : null;
          };
      assertEquals("value", waker.awaitValue(poll));
      assertTrue(Thread.interrupted());
      assertEquals(0, interruptedChecks);
    }
  }
}
