package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What wakers of a group share: the name, how they wait, what they learn. */
@Timeout(60)
class WakerGroupTest {
  private static final WaitPolicy POLICY = WaitPolicy.ADAPTIVE;

  /** What a waker has learnt that tries to spin as seldom as any. */
  private static final int SELDOM = POLICY.lastRound() * POLICY.spinsPerRound();

  private static final int WAITS_PER_LAST_ROUND =
      POLICY.waitsPerRound() << (POLICY.lastRound() - 1);

  private static final Duration BRIEF = Duration.ofNanos(1);

  private final WakerGroup group = WakerGroup.named("orders");

  /** The looks after the first one and before the last are those of a spin or yields. */
  private static int looksOfWaitInVain(AtomicWaker waker) throws InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    assertFalse(waker.await(() -> looks.incrementAndGet() < 0, BRIEF));
    return looks.get() - 2;
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

  /** A try now and then is all that is left of spins that do not pay. */
  @Test
  void spinsThatDoNotPayDieOutWithinAFewWaits() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    assertTrue(waker.await(trueInSpin(), BRIEF));
    assertEquals(0, waker.learnt(), "a spin that pays lasts");
    for (int waits = 0; waits < POLICY.spinsPerRound(); waits++) {
      looksOfWaitInVain(waker);
    }
    assertEquals(POLICY.spinsPerRound(), waker.learnt(), "did not die out within a few waits");
    int spins = 0;
    while (waker.learnt() < SELDOM) {
      assertTrue(spins <= SELDOM, "rounds did not get seldom");
      spins += looksOfWaitsInVain(Kind.VIRTUAL, 1, waker) > 0 ? 1 : 0;
    }
    int rounds = 100;
    int waitsInVain = rounds * WAITS_PER_LAST_ROUND;
    int looks = looksOfWaitsInVain(Kind.VIRTUAL, waitsInVain, waker);
    int looksOfARound = 2 * POLICY.mostSpins();
    assertTrue(looks < 2 * rounds * looksOfARound, looks + "");
    assertTrue(looks > 0, "it never tried again");
  }

  private static int looksOfWaitsInVain(Kind kind, int waits, AtomicWaker waker) {
    return Waiter.start(
            kind,
            () -> {
              int looks = 0;
              for (int i = 0; i < waits; i++) {
                looks += looksOfWaitInVain(waker);
              }
              return looks;
            })
        .result();
  }

  /** Of a virtual thread, which does not yield: unless the clock ends them, at turn 1, 2, 4, ... */
  @Test
  void aFirstWaitSpinsTheFewestTurns() {
    int fewest = POLICY.turnsToSpin(POLICY.firstGuess());
    int turns = 0;
    for (int i = 0; turns < fewest; i++) {
      assertTrue(i < 100_000, "the clock ended every spin");
      turns = looksOfWaitsInVain(Kind.VIRTUAL, 1, new AtomicWaker(WakerGroup.named("fresh")));
      assertEquals(1, Integer.bitCount(turns), turns + " turns");
    }
    assertEquals(fewest, turns);
  }

  @ParameterizedTest
  @EnumSource
  void aSpinThatPaysMakesTheNextOneAsLongAsAny(Kind kind) {
    AtomicWaker waker = new AtomicWaker(group);
    Waiter.start(kind, () -> waker.await(trueInSpin(), BRIEF)).result();
    assertEquals(0, waker.learnt());
    assertEquals(0, new AtomicWaker(group).learnt());
  }

  @Test
  void spinsThatPayComeBack() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    while (waker.learnt() < SELDOM) {
      looksOfWaitInVain(waker);
    }
    for (int i = 0; waker.learnt() > 0; i++) {
      assertTrue(i < 1_000 * WAITS_PER_LAST_ROUND, "no spin was ever tried again");
      waker.await(trueInSpin());
    }
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
          spinFor(POLICY.longestSpin());
          return false;
        };
    assertFalse(Waiter.start(Kind.VIRTUAL, () -> waker.await(slow, BRIEF)).result());
    assertEquals(3, looks.get(), "first, one turn, registered");
  }

  /** Comes true at the first yield of a platform thread: the spin before ends by the clock. */
  private static BooleanSupplier trueInYields(long nanosOfLook) {
    AtomicInteger looks = new AtomicInteger();
    return () -> {
      int look = looks.incrementAndGet();
      if (look == 2) {
        spinFor(POLICY.longestSpin());
      } else if (look == 3) {
        spinFor(nanosOfLook);
      }
      return look == 3;
    };
  }

  /** It may last for as long as the scheduler likes, and then somebody else has the processor. */
  @Test
  void aValueThatComesOfYieldsHasPaidIfItCameSoon() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    for (int i = 0; i == 0 || waker.learnt() > 0; i++) {
      assertTrue(i < 1_000, "yields never paid");
      assertTrue(waker.await(trueInSpin(), BRIEF));
      assertTrue(waker.await(trueInYields(POLICY.longestYield()), BRIEF));
      assertEquals(1, waker.learnt());
      assertTrue(waker.await(trueInSpin(), BRIEF));
      assertTrue(waker.await(trueInYields(0), BRIEF));
    }
  }

  /** Where a look takes as long as yields may, one of them is the last. */
  @Test
  void yieldsEndByTheClock() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    AtomicInteger looks = new AtomicInteger();
    BooleanSupplier slow =
        () -> {
          looks.incrementAndGet();
          spinFor(POLICY.longestYield());
          return false;
        };
    assertTrue(waker.await(trueInSpin(), BRIEF));
    assertFalse(Waiter.start(Kind.PLATFORM, () -> waker.await(slow, BRIEF)).result());
    assertEquals(4, looks.get(), "first, one turn, one yield, registered");
    assertFalse(Waiter.start(Kind.PLATFORM, () -> waker.await(slow, BRIEF)).result());
    assertEquals(4 + 3, looks.get(), "yields are for the first spin of a round");
  }

  private static void spinFor(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end <= 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aFreshWakerStartsFromWhatTheGroupHasLearnt() throws Exception {
    for (int i = 0; i < 20; i++) {
      new AtomicWaker(group).await(trueInSpin());
    }
    int paid = new AtomicWaker(group).learnt();
    for (int i = 0; i < 20; i++) {
      looksOfWaitInVain(new AtomicWaker(group));
    }
    assertTrue(new AtomicWaker(group).learnt() > 0);
    assertEquals(0, paid);
    assertEquals(POLICY.firstGuess(), new AtomicWaker(WakerGroup.named("other")).learnt());
  }
}
