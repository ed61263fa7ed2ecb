package io.github.atomicwaker;

import static io.github.atomicwaker.BackoffTest.withoutWaits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What wakers of a group share: the name, how they wait, what they learn. */
@Timeout(60)
class WakerGroupTest {
  private static final WaitPolicy POLICY = WaitPolicy.ADAPTIVE;

  /** The waits from one try to the next of a waker that tries as seldom as any. */
  private static final int SELDOM = 1 << POLICY.maxFailures;

  private static final Duration LONG = Duration.ofMinutes(1);

  private final WakerGroup group = WakerGroup.named("orders");

  /** The looks after the first one and before the last are those of a spin or yields. */
  private static int looksOfWaitInVain(AtomicWaker waker) throws InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    waker.await(() -> looks.incrementAndGet() > 0 && isRegistered(waker));
    return looks.get() - 2;
  }

  private static boolean isRegistered(AtomicWaker waker) {
    return waker.registered() == Thread.currentThread();
  }

  /** Comes true at the second look: the first one of a spin, if there is one, before any clock. */
  private static BooleanSupplier trueInSpin() {
    AtomicInteger looks = new AtomicInteger();
    return () -> looks.incrementAndGet() == 2;
  }

  @Test
  void theNameShowsInTheString() {
    AtomicWaker waker = new AtomicWaker(group);
    String identity = Objects.toIdentityString(waker);
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
      assertEquals(0, looksOfWaitInVain(new AtomicWaker(parkingOnly)));
    }
  }

  /** One of them in the first wait, two in 3, three in 7, and in the end one in 1,024. */
  @Test
  void spinsThatDoNotPayDieOutWithinAFewWaits() {
    AtomicWaker waker = new AtomicWaker(group);
    assertEquals(10, triesInVain(waker, 1_023));
    assertEquals(POLICY.maxFailures - 10, triesInVain(waker, SELDOM - 1_024));
    assertEquals(3, triesInVain(waker, 3 * SELDOM), "it never tries again, or too often");
  }

  /** One of them in the first period, one in the next span of two, in one of four, and so on. */
  @Test
  void yieldsThatDoNotPayDieOutWithTime() {
    AtomicWaker waker = new AtomicWaker(group);
    triesInVain(waker, SELDOM - 1); // so that it is yields only that are learnt of
    Waiter.start(
            Kind.PLATFORM,
            () -> {
              long begin = System.nanoTime();
              long periods = 0;
              int yields = 0;
              while (yields < 2 || periods < 100) {
                int known = withoutWaits(waker.backoff());
                looksOfWaitInVain(waker);
                yields += known == withoutWaits(waker.backoff()) ? 0 : 1;
                periods = 1 + (System.nanoTime() - begin) / POLICY.yieldPeriodNanos;
              }
              long most = 65 - Long.numberOfLeadingZeros(periods) + periods / SELDOM;
              assertTrue(yields <= most, "%d in %d periods".formatted(yields, periods));
              return yields;
            })
        .result();
  }

  /** Of a virtual thread, which spins and does not yield. */
  private static int triesInVain(AtomicWaker waker, int waits) {
    return Waiter.start(
            Kind.VIRTUAL,
            () -> {
              int tries = 0;
              for (int i = 0; i < waits; i++) {
                tries += looksOfWaitInVain(waker) > 0 ? 1 : 0;
              }
              return tries;
            })
        .result();
  }

  /** Where the clock ends it, that is where it would pause. */
  @Test
  void aSpinEndsByItsTurnsOrByTheClock() {
    AtomicWaker fresh = new AtomicWaker(group);
    int turns = Waiter.start(Kind.VIRTUAL, () -> looksOfWaitInVain(fresh)).result();
    assertTrue(turns == POLICY.maxSpinTurns || turns % POLICY.turnsPerPause == 1, turns + " turns");
  }

  @ParameterizedTest
  @EnumSource
  void aSpinThatPaysIsFollowedByAnother(Kind kind) {
    AtomicWaker waker = new AtomicWaker(group);
    Waiter.start(kind, () -> waker.await(trueInSpin(), LONG)).result();
    assertEquals(0, waker.backoff());
  }

  @Test
  void spinsThatPayComeBack() {
    AtomicWaker waker = new AtomicWaker(group);
    triesInVain(waker, SELDOM - 1);
    assertTrue(withoutWaits(waker.backoff()) > 0);
    int waitsUntilTried = SELDOM;
    int triesThatForget = POLICY.maxFailures;
    Waiter.start(
            Kind.VIRTUAL,
            () -> {
              for (int i = 1; i < waitsUntilTried + triesThatForget; i++) {
                assertTrue(waker.await(trueInSpin(), LONG));
              }
              return waker;
            })
        .result();
    assertEquals(0, waker.backoff());
  }

  @Test
  void aSpinEndsByTheClockWhenTheConditionIsSlow() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    for (int i = 0; i < 20; i++) {
      waker.await(trueInSpin());
    }
    AtomicInteger looks = new AtomicInteger();
    BooleanSupplier slow =
        () -> {
          looks.incrementAndGet();
          spinFor(POLICY.maxSpinNanos);
          return isRegistered(waker);
        };
    assertTrue(Waiter.start(Kind.VIRTUAL, () -> waker.await(slow, LONG)).result());
    assertEquals(3, looks.get(), "first, one turn, registered");
  }

  /** Comes true at the first yield of a platform thread: the spin before ends by the clock. */
  private static BooleanSupplier trueInYields(long nanosOfLook) {
    AtomicInteger looks = new AtomicInteger();
    return () -> {
      int look = looks.incrementAndGet();
      if (look == 2) {
        spinFor(POLICY.maxSpinNanos);
      } else if (look == 3) {
        spinFor(nanosOfLook);
      }
      return look == 3;
    };
  }

  /** It may last for as long as the scheduler likes, and then somebody else has the processor. */
  @Test
  void aValueThatComesOfYieldsHasPaidIfItCameSoon() throws Exception {
    AtomicWaker late = new AtomicWaker(group);
    assertTrue(late.await(trueInYields(POLICY.slowYieldNanos), LONG));
    int spunInVain = Backoff.afterSpin(0, false, POLICY.maxFailures);
    assertNotEquals(spunInVain, late.backoff(), "nothing is known against yields");
    AtomicWaker soon;
    int tries = 0;
    do {
      assertTrue(tries++ < 1_000, "yields never paid");
      soon = new AtomicWaker(WakerGroup.named("soon"));
      assertTrue(soon.await(trueInYields(0), LONG));
    } while (soon.backoff() != spunInVain);
  }

  /** However long they took: a new span may have begun before they ended. */
  @Test
  void yieldsInVainAreNotFollowedByOthersAtOnce() throws Exception {
    AtomicWaker waker;
    int tries = 0;
    do {
      assertTrue(tries++ < 1_000, "a span began in each moment after yields");
      waker = new AtomicWaker(WakerGroup.named("slow"));
      assertTrue(waker.await(trueInYields(POLICY.slowYieldNanos), LONG));
    } while (Backoff.yieldIsDue(waker.backoff(), POLICY.period(System.nanoTime())));
  }

  /** Where a look takes as long as yields may, one of them is the last. */
  @Test
  void yieldsEndByTheClock() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    AtomicInteger looks = new AtomicInteger();
    BooleanSupplier slow =
        () -> {
          looks.incrementAndGet();
          spinFor(POLICY.maxYieldNanos);
          return isRegistered(waker);
        };
    assertTrue(Waiter.start(Kind.PLATFORM, () -> waker.await(slow, LONG)).result());
    assertEquals(4, looks.get(), "first, one turn, one yield, registered");
  }

  private static void spinFor(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end <= 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aFreshWakerBeginsWithTheFailuresOfTheGroup() {
    assertEquals(0, group.firstBackoff());
    AtomicWaker seldom = new AtomicWaker(group);
    triesInVain(seldom, SELDOM - 1);
    assertEquals(0, triesInVain(seldom, SELDOM - 1));
    assertFalse(
        IntStream.range(0, 10).allMatch(fresh -> Backoff.spinIsDue(group.firstBackoff())),
        "a spin that is due to one waker is taken for one that paid");
    int failures = withoutWaits(group.firstBackoff());
    assertEquals(withoutWaits(seldom.backoff()), failures);
    AtomicWaker fresh = new AtomicWaker(group);
    triesInVain(fresh, 1);
    assertEquals(failures, withoutWaits(fresh.backoff()));
    assertEquals(0, WakerGroup.named("other").firstBackoff());
    int tries = 0;
    for (int i = 0; i < 1_000; i++) {
      tries += triesInVain(new AtomicWaker(group), 1);
    }
    assertTrue(tries < 20, tries + " of 1000 try, not one in 1024");
  }

  /** Else wakers that wait once each would seldom try twice in a row. */
  @Test
  void aFreshWakerBeginsWithATryHoweverOftenTheGroupFailedBeforeOneThatPaid() {
    AtomicWaker seldom = new AtomicWaker(group);
    triesInVain(seldom, SELDOM - 1);
    int failures = withoutWaits(seldom.backoff());
    int paid = Backoff.afterSpin(failures, true, POLICY.maxFailures);
    group.learn(failures, paid);
    assertEquals(paid, group.firstBackoff());
    int tries = 0;
    for (int i = 0; i < 1_000; i++) {
      tries += triesInVain(new AtomicWaker(group), 1);
    }
    assertTrue(0 < tries && tries < 200, tries + " of 1000 try, not the first and then ever fewer");
  }

  @Test
  void aFreshWakerBeginsWithATryWhereTheGroupsLastTryPaid() {
    triesInVain(new AtomicWaker(group), 1);
    AtomicWaker paying = new AtomicWaker(group);
    do {
      Waiter.start(Kind.VIRTUAL, () -> paying.await(trueInSpin(), LONG)).result();
    } while (paying.backoff() != 0);
    assertEquals(0, group.firstBackoff());
    assertEquals(1, triesInVain(new AtomicWaker(group), 1));
  }
}
