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

/** Looks that take their time, and looks of a thread that is interrupted. */
@Timeout(60)
class ClockTest {

  /** Slower than all that a wait does by itself before it registers. */
  private static final Duration SLOW = Duration.ofMillis(1);

  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicWaker waker = new AtomicWaker(WakerGroup.named("clock"));
  private int looks;

  @AfterEach
  void theTestsKeepNoInterrupt() {
    assertFalse(Thread.interrupted());
    assertNull(waker.registered());
  }

  private boolean isRegistered() {
    return waker.registered() == Thread.currentThread();
  }

  private static void beBusy(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  /**
   * Waits until registered, with looks that are slow from one on, and returns how many came after
   * that one.
   */
  private int looksAfterASlowOne(int slow, AtomicWaker on) {
    looks = 0;
    on.awaitUninterruptibly(
        () -> {
          if (on.registered() == Thread.currentThread()) {
            return true;
          }
          if (++looks >= slow) {
            beBusy(SLOW);
          }
          return false;
        });
    return looks - slow;
  }

  /** Wherever it becomes slow, and whether spins have paid before. */
  @ParameterizedTest
  @EnumSource
  void afterASlowLookAWaitLooksAFewTimesBeforeItRegisters(Kind kind) {
    Waiter.start(
            kind,
            () -> {
              for (int i = 0; i < 2_000; i++) { // until looks are compiled, and quick
                looksAfterASlowOne(1_000_000, new AtomicWaker(WakerGroup.named("warm")));
              }
              for (int slow = 1; slow < 520; slow++) {
                int after = looksAfterASlowOne(slow, new AtomicWaker(WakerGroup.named("slow")));
                assertTrue(after <= 4, "slow from look " + slow + " on, and looked at " + after);
              }
              return true;
            })
        .result();
  }

  /** As {@link WakerGroup} says it of all waits: with looks that take longer than the time-out. */
  @ParameterizedTest
  @CsvSource({"true,VIRTUAL", "false,VIRTUAL", "true,PLATFORM", "false,PLATFORM"})
  void aWaitWhoseTimeIsUpAfterALookLooksAtMostOnceMore(boolean parkingOnly, Kind kind) {
    WakerGroup group = WakerGroup.named("slow");
    AtomicWaker on = new AtomicWaker(parkingOnly ? group.parkingOnly() : group);
    boolean seen =
        Waiter.start(
                kind,
                () ->
                    on.await(
                        () -> {
                          looks++;
                          beBusy(Duration.ofMillis(20));
                          return false;
                        },
                        Duration.ofMillis(10)))
            .result();
    assertFalse(seen);
    assertTrue(looks <= 2, () -> looks + " looks");
  }

  /** The looks of one wait, of which some are interrupted. */
  @Nested
  class InterruptedLooks {
    private int interruptedLooks;

    /** True once it was registered for some looks, if ever; each look begins with a status. */
    private boolean look(int interruptAt, int last) {
      looks++;
      if (Thread.currentThread().isInterrupted()) {
        interruptedLooks++;
      }
      if (looks == interruptAt) {
        Thread.currentThread().interrupt();
      }
      return looks > last && isRegistered();
    }

    @Test
    void ofAnUninterruptibleWaitAfterAnInterrupt() {
      Thread.currentThread().interrupt();
      waker.awaitUninterruptibly(() -> look(-1, 3));
      assertTrue(Thread.interrupted());
      assertEquals(0, interruptedLooks);
    }

    /** By the condition itself, so that it is certain when. Its permit keeps it from parking. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 256, 257, 300})
    void ofAnUninterruptibleWait(int interruptAt) {
      waker.awaitUninterruptibly(
          () -> {
            LockSupport.unpark(Thread.currentThread());
            return look(interruptAt, Math.max(interruptAt, 2) + 600);
          });
      assertTrue(Thread.interrupted());
      assertEquals(0, interruptedLooks);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 256, 257, 300})
    void ofATimedUninterruptibleWait(int interruptAt) {
      assertTrue(
          waker.awaitUninterruptibly(
              () -> {
                LockSupport.unpark(Thread.currentThread());
                return look(interruptAt, Math.max(interruptAt, 2) + 600);
              },
              LONG));
      assertTrue(Thread.interrupted());
      assertEquals(0, interruptedLooks);
    }

    /** An interrupt ends it; in between no look runs interrupted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 300})
    void ofAWait(int interruptAt) {
      assertThrows(
          InterruptedException.class,
          () ->
              waker.await(
                  () -> {
                    LockSupport.unpark(Thread.currentThread());
                    look(interruptAt, Integer.MAX_VALUE);
                    return false;
                  }));
      assertEquals(0, interruptedLooks);
    }

    /** A value that came with the interrupt is not lost, nor is the interrupt. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 300})
    void aValueWinsAndTheInterruptStays(int at) throws Exception {
      Supplier<@Nullable String> poll =
          () -> {
            LockSupport.unpark(Thread.currentThread());
            look(at, Integer.MAX_VALUE);
            return looks == at ? "value" : null;
          };
      assertEquals("value", waker.awaitValue(poll));
      assertTrue(Thread.interrupted());
      assertEquals(0, interruptedLooks);
    }
  }
}
