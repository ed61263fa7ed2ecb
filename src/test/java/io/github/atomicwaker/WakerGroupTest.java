package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What wakers of a group share: the name, how they wait, what they learn. */
@Timeout(60)
class WakerGroupTest {
  private static final Duration BRIEF = Duration.ofNanos(1);

  private final WakerGroup group = WakerGroup.named("orders");

  /** The looks before the first one and after the last are those of a spin or yields. */
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

  /** A try now and then, of the fewest turns, is all that is left of spins that do not pay. */
  @Test
  void spinsThatDoNotPayDieOutWithinAFewWaits() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    for (int i = 0; i < 20; i++) {
      waker.await(trueInSpin());
    }
    assertTrue(waker.spins() > 0, "spins that pay last");
    int waits = 0;
    while (waker.spins() > 0) {
      looksOfWaitInVain(waker);
      waits++;
    }
    assertTrue(waits <= 6, () -> "did not die out within a few waits");
    int looks = 0;
    for (int i = 0; i < 10_000; i++) {
      looks += looksOfWaitInVain(waker);
    }
    int yields = 10_000 * WaitPolicy.ADAPTIVE.yields();
    assertTrue(
        looks
            < yields
                + 2
                    * 10_000
                    / WaitPolicy.ADAPTIVE.waitsPerTry()
                    * WaitPolicy.ADAPTIVE.fewestSpins(),
        looks + " looks");
    assertTrue(looks > yields, "it never tried again");
  }

  @Test
  void spinsThatPayComeBack() throws Exception {
    AtomicWaker waker = new AtomicWaker(group);
    while (waker.spins() > 0) {
      looksOfWaitInVain(waker);
    }
    for (int i = 0; waker.spins() == 0; i++) {
      assertTrue(i < 100_000, "no spin was ever tried again");
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
    waker.await(
        () -> {
          looks.incrementAndGet();
          long end = System.nanoTime() + WaitPolicy.ADAPTIVE.longestSpin();
          while (System.nanoTime() - end <= 0) {
            Thread.onSpinWait();
          }
          return false;
        },
        BRIEF);
    assertEquals(
        1 + 1 + WaitPolicy.ADAPTIVE.yields() + 1,
        looks.get(),
        "first, one turn, yields, registered");
  }

  @Test
  void aFreshWakerStartsFromWhatTheGroupHasLearnt() throws Exception {
    for (int i = 0; i < 20; i++) {
      new AtomicWaker(group).await(trueInSpin());
    }
    int paid = new AtomicWaker(group).spins();
    for (int i = 0; i < 20; i++) {
      looksOfWaitInVain(new AtomicWaker(group));
    }
    assertEquals(0, new AtomicWaker(group).spins());
    assertTrue(paid > WakerGroup.named("other").firstGuess());
  }
}
