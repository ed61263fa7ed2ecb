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

  private final WaitPolicy policy = new WaitPolicy(5, 2, LONG, 0, 0, LONG, LONG, LONG, 1, 1);
  private final AtomicInteger checks = new AtomicInteger();

  private <T> @Nullable T spin(long end, Check<AtomicInteger, T> check) {
    return policy.spin(Thread.currentThread(), checks, check, end, policy.maxSpinTurns);
  }

  private <T> @Nullable T yieldFor(Check<AtomicInteger, T> check) {
    return policy.yieldFor(Thread.currentThread(), checks, check, System.nanoTime());
  }

  private static long later() {
    return System.nanoTime() + LONG;
  }

  private static @Nullable Integer never(AtomicInteger checks) {
    return checks.incrementAndGet() < 0 ? 0 : null;
  }

  private static @Nullable Integer interrupts(AtomicInteger checks) {
    checks.incrementAndGet();
    Thread.currentThread().interrupt();
    return null;
  }

  @Test
  void aSpinChecksAtEachTurnAndEndsAfterTheLast() {
    assertNull(spin(later(), WaitPolicyTest::never));
    assertEquals(5, checks.get());
  }

  @Test
  void aSpinWhoseTimeIsUpChecksOnceMore() {
    assertNull(spin(System.nanoTime() - 1, WaitPolicyTest::never));
    assertEquals(1, checks.get());
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
    assertEquals(2, checks.get());
  }

  @Test
  void aValueEndsASpinAndYields() {
    assertEquals(3, spin(later(), WaitPolicyTest::thirdCheck));
    checks.set(0);
    assertEquals(3, yieldFor(WaitPolicyTest::thirdCheck));
  }

  private static @Nullable Integer thirdCheck(AtomicInteger checks) {
    int check = checks.incrementAndGet();
    return check == 3 ? check : null;
  }

  @Test
  void aPeriodLastsAsLongAsThePolicySays() {
    long period = 1_000;
    WaitPolicy thousand = new WaitPolicy(5, 2, LONG, 0, 0, LONG, LONG, LONG, period, 1);
    assertEquals(7, thousand.period(7 * period));
    assertEquals(7, thousand.period(8 * period - 1));
    assertEquals(8, thousand.period(8 * period));
  }

  @Test
  void refusesMoreFailuresThanThereIsRoomFor() {
    new WaitPolicy(5, 2, LONG, 0, 0, LONG, LONG, LONG, 1, Backoff.MAX_FAILURES);
    assertThrows(
        IllegalArgumentException.class,
        () -> new WaitPolicy(5, 2, LONG, 0, 0, LONG, LONG, LONG, 1, Backoff.MAX_FAILURES + 1));
  }

  @Test
  void onlyThePolicyWithoutSpinsParksOnly() {
    assertTrue(WaitPolicy.PARKING_ONLY.parksOnly());
    assertFalse(WaitPolicy.ADAPTIVE.parksOnly());
  }
}
