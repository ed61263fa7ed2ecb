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
    assertEquals(POLICY.mostSpins(), waker.learnt(), "a spin that pays lasts");
    int waits = 0;
    while (waker.learnt() > 0) {
      looksOfWaitInVain(waker);
      waits++;
    }
    assertTrue(waits <= 6, "did not die out within a few waits");
    for (int tries = 0; waker.learnt() > -POLICY.waitsPerTry(); ) {
      assertTrue(tries < 10, "tries did not get seldom");
      tries += looksOfWaitsInVain(Kind.VIRTUAL, 1, waker) > 0 ? 1 : 0;
    }
    int waitsInVain = 100 * POLICY.waitsPerTry();
    int looks = looksOfWaitsInVain(Kind.VIRTUAL, waitsInVain, waker);
    assertTrue(looks < 2 * waitsInVain / POLICY.waitsPerTry() * POLICY.mostSpins(), looks + "");
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
    int fewest = POLICY.fewestSpins();
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
    assertEquals(POLICY.mostSpins(), waker.learnt());
    assertEquals(POLICY.mostSpins(), new AtomicWaker(group).learnt());
  }

  @Test
  void spinsThatPayComeBack() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    while (waker.learnt() > -POLICY.waitsPerTry()) {
      looksOfWaitInVain(waker);
    }
    for (int i = 0; waker.learnt() < 0; i++) {
      assertTrue(i < 1_000 * POLICY.waitsPerTry(), "no spin was ever tried again");
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
    AtomicWaker late = new AtomicWaker(WakerGroup.named("late"));
    assertTrue(late.await(trueInYields(POLICY.longestYield()), BRIEF));
    assertTrue(late.learnt() < 0);
    for (int i = 0; ; i++) {
      AtomicWaker soon = new AtomicWaker(WakerGroup.named("soon"));
      assertTrue(soon.await(trueInYields(0), BRIEF));
      if (soon.learnt() > 0) {
        assertEquals(POLICY.mostSpins(), soon.learnt());
        return;
      }
      assertTrue(i < 1_000, "yields never paid");
    }
  }

  /** Where a look takes as long as yields may, one of them is the last. */
  @Test
  void yieldsEndByTheClock() {
    AtomicWaker waker = new AtomicWaker(group);
    AtomicInteger looks = new AtomicInteger();
    BooleanSupplier slow =
        () -> {
          looks.incrementAndGet();
          spinFor(POLICY.longestYield());
          return false;
        };
    assertFalse(Waiter.start(Kind.PLATFORM, () -> waker.await(slow, BRIEF)).result());
    assertEquals(4, looks.get(), "first, one turn, one yield, registered");
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
    assertTrue(new AtomicWaker(group).learnt() < 0);
    assertEquals(POLICY.mostSpins(), paid);
    assertEquals(POLICY.fewestSpins(), new AtomicWaker(WakerGroup.named("other")).learnt());
  }
}
