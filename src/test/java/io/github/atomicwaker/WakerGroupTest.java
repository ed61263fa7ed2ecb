package io.github.atomicwaker;

import static io.github.atomicwaker.BackoffTest.withoutWaits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What wakers of a group share: the name, how they wait, and what they learn. */
@Timeout(60)
class WakerGroupTest {
  private static final WaitPolicy POLICY = WaitPolicy.ADAPTIVE;

  /** The most waits between two spins of a waker. */
  private static final int MOST_WAITS = 1 << POLICY.maxFailures;

  private static final Duration LONG = Duration.ofMinutes(1);

  private final WakerGroup group = WakerGroup.named("orders");

  /** Waits until registered. Between the first check and the last, a spin or yields check. */
  private static int checksOfFailedSpinAndYields(AtomicWaker waker) throws InterruptedException {
    AtomicInteger checks = new AtomicInteger();
    waker.await(() -> checks.incrementAndGet() > 0 && isRegistered(waker));
    return checks.get() - 2;
  }

  private static boolean isRegistered(AtomicWaker waker) {
    return waker.registered() == Thread.currentThread();
  }

  /** Is true at the second check: the first one of a spin, if there is one, before any clock. */
  private static BooleanSupplier trueInSpin() {
    AtomicInteger checks = new AtomicInteger();
    return () -> checks.incrementAndGet() == 2;
  }

  @Test
  void theNameShowsInTheString() {
    AtomicWaker waker = new AtomicWaker(group);
    String identity = WaitLoop.identity(waker);
    assertEquals(identity + "[orders]", waker.toString());
    waker.register();
    assertEquals(identity + "[orders, waiter=" + Thread.currentThread() + "]", waker.toString());
    assertEquals("orders", group.name());
    assertEquals("orders", group.parkingOnly().name());
    assertEquals("WakerGroup[orders]", group.toString());
    assertEquals("WakerGroup[orders, parking only]", group.parkingOnly().toString());
  }

  @Test
  @SuppressWarnings("NullAway") // null is what they are given
  void refusesNull() {
    assertThrows(NullPointerException.class, () -> WakerGroup.named(null));
    assertThrows(NullPointerException.class, () -> new AtomicWaker(null));
  }

  @Test
  void aParkingOnlyWaiterNeitherSpinsNorYields() throws Exception {
    WakerGroup parkingOnly = group.parkingOnly();
    for (int i = 0; i < 10_000; i++) {
      assertEquals(0, checksOfFailedSpinAndYields(new AtomicWaker(parkingOnly)));
    }
  }

  /** One spin in the first wait, two in 3, three in 7, and in the end one in 1,024. */
  @Tag("not-on-17") // a platform thread yields as well
  @Test
  void spinsThatDoNotPayDieOutWithinAFewWaits() {
    AtomicWaker waker = new AtomicWaker(group);
    assertEquals(10, failedSpins(waker, 1_023));
    assertEquals(POLICY.maxFailures - 10, failedSpins(waker, MOST_WAITS - 1_024));
    assertEquals(3, failedSpins(waker, 3 * MOST_WAITS), "it never spins again, or too often");
  }

  /** One yield in the first period, one in the next span of two, in one of four, and so on. */
  @Tag("not-on-17") // a platform thread yields as well
  @Test
  void yieldsThatDoNotPayDieOutWithTime() {
    AtomicWaker waker = new AtomicWaker(group);
    failedSpins(waker, MOST_WAITS - 1); // so that only yields teach it
    Waiter.start(
            Kind.PLATFORM,
            () -> {
              long begin = System.nanoTime();
              long periods = 0;
              int yields = 0;
              while (yields < 2 || periods < 100) {
                int known = withoutWaits(waker.backoff());
                checksOfFailedSpinAndYields(waker);
                yields += known == withoutWaits(waker.backoff()) ? 0 : 1;
                periods = 1 + (System.nanoTime() - begin) / POLICY.yieldPeriodNanos;
              }
              long most = 65 - Long.numberOfLeadingZeros(periods) + periods / MOST_WAITS;
              assertTrue(yields <= most, "%d in %d periods".formatted(yields, periods));
              return yields;
            })
        .result();
  }

  /** Returns how many waits of a virtual thread spin. It does not yield. */
  private static int failedSpins(AtomicWaker waker, int waits) {
    return Waiter.start(
            Kind.VIRTUAL,
            () -> {
              int spins = 0;
              for (int i = 0; i < waits; i++) {
                spins += checksOfFailedSpinAndYields(waker) > 0 ? 1 : 0;
              }
              return spins;
            })
        .result();
  }

  /** The clock ends it only where it would pause. */
  @Tag("not-on-17") // a platform thread yields as well
  @Test
  void aSpinEndsByItsTurnsOrByTheClock() {
    AtomicWaker fresh = new AtomicWaker(group);
    int turns = Waiter.start(Kind.VIRTUAL, () -> checksOfFailedSpinAndYields(fresh)).result();
    boolean byTheClock = turns % POLICY.turnsPerPause == 1 || turns == POLICY.earlyTurns;
    assertTrue(turns == POLICY.maxSpinTurns || byTheClock, turns + " turns");
  }

  @ParameterizedTest
  @EnumSource
  void aSpinThatPaysIsFollowedByAnother(Kind kind) {
    AtomicWaker waker = new AtomicWaker(group);
    Waiter.start(kind, () -> waker.await(trueInSpin(), LONG)).result();
    assertEquals(Backoff.afterPaidSpin(0, true, POLICY.maxFailures), waker.backoff());
  }

  @Tag("not-on-17") // a platform thread yields as well
  @Test
  void spinsThatPayComeBack() {
    AtomicWaker waker = new AtomicWaker(group);
    failedSpins(waker, MOST_WAITS - 1);
    assertTrue(withoutWaits(waker.backoff()) > 0);
    int waitsUntilSpin = MOST_WAITS;
    int spinsThatForget = POLICY.maxFailures;
    Waiter.start(
            Kind.VIRTUAL,
            () -> {
              for (int i = 1; i < waitsUntilSpin + spinsThatForget; i++) {
                assertTrue(waker.await(trueInSpin(), LONG));
              }
              return waker;
            })
        .result();
    assertEquals(0, waker.backoff());
  }

  @Tag("not-on-17") // a platform thread yields as well
  @Test
  void aSpinEndsByTheClockWhenTheConditionIsSlow() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    for (int i = 0; i < 20; i++) {
      waker.await(trueInSpin());
    }
    AtomicInteger checks = new AtomicInteger();
    BooleanSupplier slow =
        () -> {
          checks.incrementAndGet();
          Waiter.spin(Duration.ofNanos(POLICY.maxSpinNanos));
          return isRegistered(waker);
        };
    assertTrue(Waiter.start(Kind.VIRTUAL, () -> waker.await(slow, LONG)).result());
    assertEquals(3, checks.get(), "first, one turn, registered");
  }

  /** Is true at the first yield of a platform thread: the spin before ends by the clock. */
  private static BooleanSupplier trueInYields(long nanosOfCheck) {
    AtomicInteger checks = new AtomicInteger();
    return () -> {
      int check = checks.incrementAndGet();
      if (check == 2) {
        Waiter.spin(Duration.ofNanos(POLICY.maxSpinNanos));
      } else if (check == 3) {
        Waiter.spin(Duration.ofNanos(nanosOfCheck));
      }
      return check == 3;
    };
  }

  /** A yield lasts as long as the scheduler likes, and another thread has the processor then. */
  @Test
  void yieldsHavePaidIfTheirValueCameSoon() throws Exception {
    AtomicWaker late = new AtomicWaker(group);
    assertTrue(late.await(trueInYields(POLICY.slowYieldNanos), LONG));
    int failedSpin = Backoff.afterFailedSpin(0, POLICY.maxFailures);
    assertNotEquals(failedSpin, late.backoff(), "nothing is known against yields");
    AtomicWaker soon;
    int tries = 0;
    do {
      assertTrue(tries++ < 1_000, "yields never paid");
      soon = new AtomicWaker(WakerGroup.named("soon"));
      assertTrue(soon.await(trueInYields(0), LONG));
    } while (soon.backoff() != failedSpin);
  }

  /** Even if a new span has begun before they ended. */
  @Test
  void failedYieldsAreNotFollowedByOthersAtOnce() throws Exception {
    AtomicWaker waker;
    int tries = 0;
    do {
      assertTrue(tries++ < 1_000, "a span began in each moment after yields");
      waker = new AtomicWaker(WakerGroup.named("slow"));
      assertTrue(waker.await(trueInYields(POLICY.slowYieldNanos), LONG));
    } while (Backoff.yieldIsDue(waker.backoff(), POLICY.period(System.nanoTime())));
  }

  /** Where a check takes as long as yields may, the first of them is the last. */
  @Test
  void yieldsEndByTheClock() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    AtomicInteger checks = new AtomicInteger();
    BooleanSupplier slow =
        () -> {
          checks.incrementAndGet();
          Waiter.spin(Duration.ofNanos(POLICY.maxYieldNanos));
          return isRegistered(waker);
        };
    assertTrue(Waiter.start(Kind.PLATFORM, () -> waker.await(slow, LONG)).result());
    assertEquals(4, checks.get(), "first, one turn, one yield, registered");
  }

  @Tag("not-on-17") // a platform thread yields as well
  @Test
  void aFreshWakerBeginsWithTheFailuresOfTheGroup() {
    assertEquals(0, group.firstBackoff());
    AtomicWaker failing = new AtomicWaker(group);
    failedSpins(failing, MOST_WAITS - 1);
    assertEquals(0, failedSpins(failing, MOST_WAITS - 1));
    assertFalse(
        IntStream.range(0, 10).allMatch(fresh -> Backoff.spinIsDue(group.firstBackoff())),
        "a spin that is due to one waker is taken for one that paid");
    int failures = withoutWaits(group.firstBackoff());
    assertEquals(withoutWaits(failing.backoff()), failures);
    AtomicWaker fresh = new AtomicWaker(group);
    failedSpins(fresh, 1);
    assertEquals(failures, withoutWaits(fresh.backoff()));
    assertEquals(0, WakerGroup.named("other").firstBackoff());
    int spins = 0;
    for (int i = 0; i < 1_000; i++) {
      spins += failedSpins(new AtomicWaker(group), 1);
    }
    assertTrue(spins < 20, spins + " of 1000 spin, not one in 1024");
  }

  /** Otherwise wakers that wait once each would rarely spin twice in a row. */
  @Tag("not-on-17") // a platform thread yields as well
  @Test
  void aFreshWakerBeginsWithASpinIfTheLastOnePaidAfterManyFailures() {
    AtomicWaker failing = new AtomicWaker(group);
    failedSpins(failing, MOST_WAITS - 1);
    int failures = withoutWaits(failing.backoff());
    int paid = Backoff.afterPaidSpin(failures, false, POLICY.maxFailures);
    group.learn(failures, paid);
    assertEquals(paid, group.firstBackoff());
    int spins = 0;
    for (int i = 0; i < 1_000; i++) {
      spins += failedSpins(new AtomicWaker(group), 1);
    }
    assertTrue(
        0 < spins && spins < 200, spins + " of 1000 spin, not the first and then ever fewer");
  }

  @Tag("not-on-17") // a platform thread yields as well
  @Test
  void aFreshWakerBeginsWithASpinIfTheLastOneOfTheGroupPaid() {
    failedSpins(new AtomicWaker(group), 1);
    AtomicWaker paying = new AtomicWaker(group);
    do {
      Waiter.start(Kind.VIRTUAL, () -> paying.await(trueInSpin(), LONG)).result();
    } while (paying.backoff() != 0);
    assertEquals(0, group.firstBackoff());
    assertEquals(1, failedSpins(new AtomicWaker(group), 1));
  }
}
