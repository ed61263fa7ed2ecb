package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitPolicyTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(1);

  private final WaitPolicy policy = new WaitPolicy(5, 2, LONG, LONG, LONG, LONG, 1, 1);
  private final AtomicInteger looks = new AtomicInteger();

  private <T> @Nullable T spin(long end, Check<AtomicInteger, T> look) {
    return policy.spin(Thread.currentThread(), looks, look, end);
  }

  private <T> @Nullable T yieldFor(Check<AtomicInteger, T> look) {
    return policy.yieldFor(Thread.currentThread(), looks, look, System.nanoTime());
  }

  private static long later() {
    return System.nanoTime() + LONG;
  }

  private static @Nullable Integer never(AtomicInteger looks) {
    return looks.incrementAndGet() < 0 ? 0 : null;
  }

  private static @Nullable Integer interrupts(AtomicInteger looks) {
    looks.incrementAndGet();
    Thread.currentThread().interrupt();
    return null;
  }

  @Test
  void aSpinLooksAtEachTurnAndEndsAfterTheLast() {
    assertNull(spin(later(), WaitPolicyTest::never));
    assertEquals(5, looks.get());
  }

  @Test
  void aSpinWhoseTimeIsUpLooksOnceMore() {
    assertNull(spin(System.nanoTime() - 1, WaitPolicyTest::never));
    assertEquals(1, looks.get());
  }

  @Test
  void anInterruptEndsASpinAndYieldsAndStaysSet() {
    assertNull(spin(later(), WaitPolicyTest::interrupts));
    assertTrue(Thread.currentThread().isInterrupted());
    assertNull(spin(later(), WaitPolicyTest::never));
    assertNull(yieldFor(WaitPolicyTest::never));
    assertTrue(Thread.interrupted());
    assertNull(yieldFor(WaitPolicyTest::interrupts));
    assertTrue(Thread.interrupted());
    assertEquals(2, looks.get());
  }

  @Test
  void aValueEndsASpinAndYields() {
    assertEquals(3, spin(later(), WaitPolicyTest::thirdLook));
    looks.set(0);
    assertEquals(3, yieldFor(WaitPolicyTest::thirdLook));
  }

  private static @Nullable Integer thirdLook(AtomicInteger looks) {
    int look = looks.incrementAndGet();
    return look == 3 ? look : null;
  }

  @Test
  void aPeriodLastsAsLongAsThePolicySays() {
    long period = 1_000;
    WaitPolicy thousand = new WaitPolicy(5, 2, LONG, LONG, LONG, LONG, period, 1);
    assertEquals(7, thousand.period(7 * period));
    assertEquals(7, thousand.period(8 * period - 1));
    assertEquals(8, thousand.period(8 * period));
  }

  @Test
  void refusesMoreFailuresThanThereIsRoomFor() {
    new WaitPolicy(5, 2, LONG, LONG, LONG, LONG, 1, Backoff.MAX_FAILURES);
    assertThrows(
        IllegalArgumentException.class,
        () -> new WaitPolicy(5, 2, LONG, LONG, LONG, LONG, 1, Backoff.MAX_FAILURES + 1));
  }

  @Test
  void onlyTheOneWithoutSpinsParksOnly() {
    assertTrue(WaitPolicy.PARKING_ONLY.parksOnly());
    assertFalse(WaitPolicy.ADAPTIVE.parksOnly());
  }
}
