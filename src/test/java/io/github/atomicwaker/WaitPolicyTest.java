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

  private final WaitPolicy policy = new WaitPolicy(5, 2, LONG, LONG, LONG, 1, 1);
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void aSpinLooksAtEachTurnAndEndsAfterTheLast() {
    assertNull(policy.spin(looks, state -> state.incrementAndGet() < 0 ? state : null));
    assertEquals(5, looks.get());
  }

  @Test
  void aValueEndsASpinAndYields() {
    assertEquals(3, policy.spin(looks, WaitPolicyTest::thirdLook));
    looks.set(0);
    assertEquals(3, policy.yieldFor(looks, WaitPolicyTest::thirdLook, System.nanoTime()));
  }

  private static @Nullable Integer thirdLook(AtomicInteger looks) {
    int look = looks.incrementAndGet();
    return look == 3 ? look : null;
  }

  @Test
  void aPeriodLastsAsLongAsThePolicySays() {
    long period = 1_000;
    WaitPolicy thousand = new WaitPolicy(5, 2, LONG, LONG, LONG, period, 1);
    assertEquals(7, thousand.period(7 * period));
    assertEquals(7, thousand.period(8 * period - 1));
    assertEquals(8, thousand.period(8 * period));
  }

  @Test
  void refusesMoreFailuresThanThereIsRoomFor() {
    new WaitPolicy(5, 2, LONG, LONG, LONG, 1, Backoff.MOST_FAILURES);
    assertThrows(
        IllegalArgumentException.class,
        () -> new WaitPolicy(5, 2, LONG, LONG, LONG, 1, Backoff.MOST_FAILURES + 1));
  }

  @Test
  void onlyTheOneWithoutSpinsParksOnly() {
    assertTrue(WaitPolicy.PARKING_ONLY.parksOnly());
    assertFalse(WaitPolicy.ADAPTIVE.parksOnly());
  }
}
