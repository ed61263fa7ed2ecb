package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One stripe, so that threads meet in it. */
@Timeout(60)
class StripedCountersTest {

  private static final int ADDS = 100_000;

  private final StripedCounters adders = new StripedCounters(1);

  private Thread addOften() {
    for (int i = 0; i < ADDS; i++) {
      adders.add(0, 1);
      adders.add(1, 3);
    }
    return Thread.currentThread();
  }

  private void assertAddedOften(long times) {
    assertEquals(times * ADDS, adders.sum(0));
    assertEquals(times * ADDS * 3, adders.sum(1));
  }

  @Test
  void addersBeginWithNothing() {
    assertEquals(0, adders.sum(0));
    assertEquals(0, adders.sum(1));
  }

  @Test
  void aThreadOwnsAStripeOnlyWhereNoSubclassCanOverrideItsId() {
    addOften();
    assertEquals(
        Runtime.version().feature() >= 19, adders.ownsStripe(Thread.currentThread()), "owns one");
    assertAddedOften(1);
  }

  /** A thread that has the id of another. */
  private static final class SameId extends Thread {
    SameId(Runnable body) {
      super(body);
      setDaemon(true);
    }

    @Override
    @SuppressWarnings("deprecation") // what replaces it cannot be overridden
    public long getId() {
      return 1;
    }
  }

  @Test
  void threadsThatOverrideTheirIdLoseNothing() {
    List<Waiter<Thread>> waiters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiters.add(Waiter.start(SameId::new, this::addOften));
    }
    waiters.forEach(Waiter::result);
    assertAddedOften(4);
  }

  @Test
  void nothingIsLostAndNoSumGoesDown() {
    List<Waiter<Thread>> waiters = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waiters.add(Waiter.start(i % 2 == 0 ? Kind.PLATFORM : Kind.VIRTUAL, this::addOften));
    }
    long before = 0;
    while (!waiters.stream().allMatch(Waiter::isDone)) {
      long now = adders.sum(0);
      assertTrue(now >= before, () -> now + " < " + adders.sum(0));
      before = now;
    }
    assertAddedOften(8);
  }

  @Nested
  @Tag("not-on-17") // where no thread owns a stripe
  class AThreadThatOwnsAStripe {

    @Test
    void aThreadThatAddsOftenSoonHasAStripe() {
      addUntilStriped(adders);
      long adds = adders.sum(0);
      adders.add(0, 1);
      assertEquals(adds + 1, adders.sum(0));
    }

    @Test
    void aThreadKeepsItsStripeWhileItLives() {
      addOften();
      assertTrue(adders.ownsStripe(Thread.currentThread()));
      Thread other = Waiter.start(Kind.PLATFORM, StripedCountersTest.this::addOften).result();
      assertFalse(adders.ownsStripe(other));
      assertTrue(adders.ownsStripe(Thread.currentThread()));
      addOften();
      assertAddedOften(3);
    }

    @Test
    void twoThreadsHaveAStripeEach() {
      StripedCounters two = new StripedCounters(2);
      Thread self = Thread.currentThread();
      Thread other = self;
      while (other.threadId() % 2 == self.threadId() % 2) {
        other = Thread.ofPlatform().daemon().unstarted(() -> addUntilStriped(two));
      }
      other.start();
      addUntilStriped(two);
      Thread neighbour = other;
      Waiter.awaitState(() -> two.ownsStripe(neighbour), "a stripe");
      assertTrue(two.ownsStripe(self));
    }

    private static void addUntilStriped(StripedCounters adders) {
      while (!adders.ownsStripe(Thread.currentThread())) {
        adders.add(0, 1);
      }
    }

    /** And what the one before had added stays. */
    @ParameterizedTest
    @EnumSource
    void aThreadTakesTheStripeOfOneThatEnded(Kind kind) throws Exception {
      List<Thread> ended = new ArrayList<>();
      for (int times = 1; times <= 10; times++) {
        ended.add(addOftenAndEnd(kind));
        assertTrue(adders.ownsStripe(ended.getLast()));
        assertAddedOften(times);
      }
    }

    @ParameterizedTest
    @EnumSource
    void aThreadTakesTheStripeOfOneThatIsGarbage(Kind kind) throws Exception {
      WeakReference<Thread> ended = new WeakReference<>(addOftenAndEnd(kind));
      while (!ended.refersTo(null)) {
        System.gc();
      }
      addOften();
      assertTrue(adders.ownsStripe(Thread.currentThread()));
      assertAddedOften(2);
    }

    private Thread addOftenAndEnd(Kind kind) throws InterruptedException {
      Waiter<Thread> waiter = Waiter.start(kind, StripedCountersTest.this::addOften);
      waiter.thread.join();
      return waiter.result();
    }
  }
}
