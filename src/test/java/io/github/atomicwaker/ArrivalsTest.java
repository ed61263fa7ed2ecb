package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When waits pause: while values arrive in a stream. */
@Timeout(60)
class ArrivalsTest {

  private static final int PAUSES = 7;

  /** Long enough not to be taken for the time of the rest of a wait. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long FAR = TimeUnit.HOURS.toNanos(1);

  private static int afterReady(int arrivals, int times) {
    int now = arrivals;
    for (int ready = 0; ready < times; ready++) {
      assertTrue(Arrivals.lackReady(now));
      assertFalse(Arrivals.callForPause(now), "too few are ready");
      now = Arrivals.afterReady(now);
    }
    return now;
  }

  /** After an early value, and as many ready ones as it takes. */
  private static int afterMany(int arrivals) {
    int now = afterReady(Arrivals.afterSpin(arrivals, true), Arrivals.MANY);
    assertFalse(Arrivals.lackReady(now), "one more ready value would be a write");
    assertTrue(Arrivals.areInStream(now) && now < Arrivals.END);
    return now;
  }

  private static int stream(int waits) {
    int now = Arrivals.UNKNOWN;
    for (int wait = 0; wait < waits; wait++) {
      now = afterMany(now);
    }
    return now;
  }

  @Test
  void inAStreamSevenWaitsOfEightPause() {
    assertFalse(Arrivals.callForPause(Arrivals.UNKNOWN));
    int now = stream(1);
    for (int round = 0; round < 3; round++) {
      for (int pause = 0; pause < PAUSES; pause++) {
        assertTrue(Arrivals.callForPause(now));
        now = afterMany(now);
      }
      assertFalse(Arrivals.callForPause(now));
      now = afterMany(now);
    }
  }

  @Test
  void earlyValuesWithTooFewBehindThemAreNoStream() {
    for (int few = 0; few < Arrivals.MANY; few++) {
      int now = Arrivals.UNKNOWN;
      for (int round = 0; round < 100; round++) {
        now = afterReady(Arrivals.afterSpin(now, true), few);
        assertFalse(Arrivals.areInStream(now), "rounds of " + (1 + few));
      }
    }
  }

  @Test
  void repliesThatComeNowEarlyNowLateWriteNothing() {
    assertEquals(Arrivals.UNKNOWN, Arrivals.afterSpin(Arrivals.UNKNOWN, false));
    int early = Arrivals.afterSpin(Arrivals.UNKNOWN, true);
    assertEquals(early, Arrivals.afterSpin(early, true));
    assertEquals(early, Arrivals.afterSpin(early, false));
  }

  @Test
  void aLateValueEndsAStreamAndSoDoesAnEarlyOneWithTooFewBehindIt() {
    for (int waits = 1; waits <= 1 + PAUSES; waits++) {
      int now = stream(waits);
      assertEquals(Arrivals.UNKNOWN, Arrivals.afterSpin(now, false));
      for (int few = 0; few < Arrivals.MANY; few++) {
        int lacking = afterReady(Arrivals.afterSpin(now, true), few);
        assertTrue(Arrivals.areInStream(lacking));
        assertEquals(Arrivals.UNKNOWN, Arrivals.afterSpin(lacking, false));
        assertEquals(Arrivals.afterSpin(Arrivals.UNKNOWN, true), Arrivals.afterSpin(lacking, true));
      }
    }
  }

  /** Whatever is known of yields stays as it is. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void arrivalsFitIntoABackoffAndEndWithAFailure(boolean yieldsFailed) {
    int yields = yieldsFailed ? Backoff.afterYield(0, false, 4_711, Backoff.MAX_FAILURES) : 0;
    int now = yields;
    for (int wait = 1; wait <= 1 + PAUSES; wait++) {
      assertFalse(Backoff.lacksReady(now));
      now = Backoff.afterPaidSpin(now, true, Backoff.MAX_FAILURES);
      assertEquals(0, Backoff.shared(0, yields, now), "a fresh waker knows nothing of it");
      for (int ready = 0; ready < Arrivals.MANY; ready++) {
        assertTrue(Backoff.lacksReady(now) && Backoff.spinIsDue(now) && !Backoff.pauseIsDue(now));
        now = Backoff.afterReady(now);
      }
      assertTrue(Backoff.spinIsDue(now));
      assertEquals(wait <= PAUSES, Backoff.pauseIsDue(now));
    }
    int failed = Backoff.afterFailedSpin(now, Backoff.MAX_FAILURES);
    assertEquals(Backoff.afterFailedSpin(yields, Backoff.MAX_FAILURES), failed);
    assertEquals(yields, Backoff.afterPaidSpin(failed, true, Backoff.MAX_FAILURES));
    for (int failures = 1; failures <= Backoff.MAX_FAILURES; failures++) {
      assertFalse(Backoff.pauseIsDue(failed) || Backoff.lacksReady(failed), "waits are left");
      failed = Backoff.afterFailedSpin(failed, Backoff.MAX_FAILURES);
    }
    assertFalse(Backoff.pauseIsDue(Backoff.UNKNOWN) || Backoff.lacksReady(Backoff.UNKNOWN));
  }

  /** Gives a value from some check on, and then as many at once as make a stream. */
  private static final class Stream implements Supplier<@Nullable String> {
    private final int firstCheck;
    private int checks;
    private long firstTime;
    private long secondTime;

    Stream(int firstCheck) {
      this.firstCheck = firstCheck;
    }

    @Override
    public @Nullable String get() {
      int check = checks++ % (firstCheck + Arrivals.MANY + 1);
      if (check == 0) {
        firstTime = System.nanoTime();
      } else if (check == 1) {
        secondTime = System.nanoTime();
      }
      return check < firstCheck ? null : "value";
    }

    void takeMany(AtomicWaker waker) throws InterruptedException {
      for (int value = 0; value < 1 + Arrivals.MANY; value++) {
        waker.awaitValue(this);
      }
    }
  }

  /**
   * Its waits do not yield: how long that takes is up to the machine, and so is what it teaches.
   */
  private static AtomicWaker waker(long streamPause) {
    WaitPolicy usual = WaitPolicy.ADAPTIVE;
    return new AtomicWaker(
        new WakerGroup(
            "paused",
            new WaitPolicy(
                usual.maxSpinTurns,
                usual.turnsPerPause,
                FAR,
                usual.earlyTurns,
                streamPause,
                usual.maxYieldNanos,
                usual.slowYieldNanos,
                ParkingSlot.FOREVER,
                usual.yieldPeriodNanos,
                usual.maxFailures),
            null));
  }

  @Test
  void aWaitOfAStreamPausesBetweenItsFirstCheckAndItsSpin() throws Exception {
    AtomicWaker waker = waker(PAUSE);
    Stream values = new Stream(1);
    values.takeMany(waker);
    for (int pause = 0; pause < PAUSES; pause++) {
      assertTrue(Backoff.pauseIsDue(waker.backoff()));
      values.takeMany(waker);
      assertTrue(values.secondTime - values.firstTime >= PAUSE);
    }
    assertFalse(Backoff.pauseIsDue(waker.backoff()), "one of eight does not pause");
  }

  @Test
  void aValueIsEarlyInTheFirstTurnsOfASpinAlone() throws Exception {
    int early = WaitPolicy.ADAPTIVE.earlyTurns;
    for (int check = 1; check <= early + 1; check++) {
      AtomicWaker waker = waker(PAUSE);
      new Stream(check).takeMany(waker);
      assertEquals(check <= early, Backoff.pauseIsDue(waker.backoff()), "at check " + check);
    }
  }

  @Test
  void aSpinHasAsManyTurnsAsThePolicySays() throws Exception {
    int turns = WaitPolicy.ADAPTIVE.maxSpinTurns;
    AtomicWaker last = waker(PAUSE);
    new Stream(turns).takeMany(last);
    assertEquals(0, last.backoff(), "the last turn found the value, late");
    AtomicWaker failed = waker(PAUSE);
    new Stream(turns + 1).takeMany(failed);
    assertEquals(Backoff.afterFailedSpin(0, WaitPolicy.ADAPTIVE.maxFailures), failed.backoff());
  }

  @Test
  void aPauseEndsWithTheTimeOutAndTheWaitLooksOnceMore() throws Exception {
    AtomicWaker waker = waker(FAR);
    Stream values = new Stream(1);
    values.takeMany(waker);
    assertTrue(Backoff.pauseIsDue(waker.backoff()));
    long begin = System.nanoTime();
    assertEquals("value", waker.awaitValue(values, PAUSE, TimeUnit.NANOSECONDS));
    assertTrue(values.secondTime - begin >= PAUSE);
    assertNull(waker.registered());
  }

  @Test
  void valuesThatAreReadyAtOnceWriteNothing() throws Exception {
    AtomicWaker waker = waker(PAUSE);
    for (int value = 0; value < 100; value++) {
      waker.awaitValue(() -> "ready");
      assertEquals(Backoff.UNKNOWN, waker.backoff());
    }
    new Stream(1).takeMany(waker);
    int stream = waker.backoff();
    for (int value = 0; value < 100; value++) {
      waker.awaitValue(() -> "ready");
      assertEquals(stream, waker.backoff());
    }
  }
}
