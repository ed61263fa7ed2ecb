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

/** When waits pause: while values arrive in a stream. */
@Timeout(60)
class ArrivalsTest {

  private static final int ENOUGH = 3;
  private static final int PAUSES = 7;

  /** Long enough not to be taken for the time of the rest of a wait. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  private static int afterEarly(int arrivals) {
    return Arrivals.afterSpin(arrivals, true);
  }

  private static int afterLate(int arrivals) {
    return Arrivals.afterSpin(arrivals, false);
  }

  private static int afterEarlyAndReady(int arrivals) {
    int early = afterEarly(arrivals);
    assertTrue(Arrivals.lastWasEarly(early));
    assertFalse(Arrivals.areInStream(early), "the next value may not come early");
    int ready = Arrivals.afterReady(early);
    assertFalse(Arrivals.lastWasEarly(ready), "a second ready value would be a write");
    return ready;
  }

  private static int stream() {
    int arrivals = Arrivals.UNKNOWN;
    for (int evidence = 0; evidence < ENOUGH; evidence++) {
      assertFalse(Arrivals.areInStream(arrivals), "after " + evidence);
      arrivals = afterEarlyAndReady(arrivals);
    }
    assertTrue(Arrivals.areInStream(arrivals));
    return arrivals;
  }

  @Test
  void aStreamPausesForSevenWaitsOfEight() {
    int arrivals = stream();
    for (int round = 0; round < 3; round++) {
      for (int pause = 0; pause < PAUSES; pause++) {
        assertTrue(Arrivals.areInStream(arrivals));
        arrivals = afterEarlyAndReady(arrivals);
        assertTrue(arrivals < Arrivals.END);
      }
      assertFalse(Arrivals.areInStream(arrivals), "it looks at once");
      arrivals = afterEarlyAndReady(arrivals);
    }
  }

  @Test
  void repliesThatComeAloneAreNoStreamHoweverEarly() {
    int arrivals = Arrivals.UNKNOWN;
    for (int reply = 0; reply < 100; reply++) {
      arrivals = afterEarly(arrivals);
      assertFalse(Arrivals.areInStream(arrivals));
    }
    assertEquals(arrivals, afterEarly(arrivals), "nothing to write");
  }

  @Test
  void valuesThatComeLateAreNoStreamHoweverManyAreReady() {
    assertEquals(Arrivals.UNKNOWN, afterLate(Arrivals.UNKNOWN), "nothing to write");
  }

  @Test
  void aLateValueEndsThePausesAndOneThatComesAloneForgetsTheStream() {
    for (int pauses = 0; pauses <= PAUSES; pauses++) {
      int arrivals = stream();
      for (int pause = 0; pause < pauses; pause++) {
        arrivals = afterEarlyAndReady(arrivals);
      }
      int late = afterLate(arrivals);
      assertFalse(Arrivals.areInStream(late));
      assertTrue(Arrivals.areInStream(afterEarlyAndReady(late)), "it was one value only");
      assertEquals(Arrivals.UNKNOWN, afterLate(afterLate(late)));
      assertEquals(afterEarly(Arrivals.UNKNOWN), afterEarly(afterEarly(arrivals)));
    }
  }

  @Test
  void arrivalsFitIntoABackoffAndEndWithAFailure() {
    int backoff = 0;
    for (int evidence = 0; evidence < ENOUGH + PAUSES; evidence++) {
      assertFalse(Backoff.lastWasEarly(backoff));
      backoff = Backoff.afterPaidSpin(backoff, true, Backoff.MAX_FAILURES);
      assertTrue(Backoff.lastWasEarly(backoff) && Backoff.spinIsDue(backoff));
      assertEquals(0, Backoff.shared(0, 0, backoff), "a fresh waker knows nothing of it");
      backoff = Backoff.afterReady(backoff);
      assertEquals(
          ENOUGH <= evidence + 1 && evidence + 1 < ENOUGH + PAUSES, Backoff.inStream(backoff));
      assertTrue(Backoff.spinIsDue(backoff));
    }
    int failed = Backoff.afterFailedSpin(backoff, Backoff.MAX_FAILURES);
    assertEquals(Backoff.afterFailedSpin(0, Backoff.MAX_FAILURES), failed);
    assertEquals(0, Backoff.afterPaidSpin(failed, true, Backoff.MAX_FAILURES));
    for (int failures = 1; failures <= Backoff.MAX_FAILURES; failures++) {
      assertFalse(Backoff.inStream(failed) || Backoff.lastWasEarly(failed), "waits are left");
      failed = Backoff.afterFailedSpin(failed, Backoff.MAX_FAILURES);
    }
    assertFalse(Backoff.inStream(Backoff.UNKNOWN) || Backoff.lastWasEarly(Backoff.UNKNOWN));
  }

  /** Gives values at its second check and its third: early, and ready. */
  private static final class TwoAtATime implements Supplier<@Nullable String> {
    private int checks;

    @Override
    public @Nullable String get() {
      return checks++ % 3 == 0 ? null : "value";
    }
  }

  private static AtomicWaker waker(long streamPause) {
    WaitPolicy usual = WaitPolicy.ADAPTIVE;
    return new AtomicWaker(
        new WakerGroup(
            "paused",
            new WaitPolicy(
                usual.maxSpinTurns,
                usual.turnsPerPause,
                TimeUnit.MINUTES.toNanos(1),
                usual.earlyTurns,
                streamPause,
                usual.maxYieldNanos,
                usual.slowYieldNanos,
                usual.busyYieldNanos,
                usual.yieldPeriodNanos,
                usual.maxFailures),
            null));
  }

  private static AtomicWaker wakerInStream(long streamPause, Supplier<@Nullable String> values)
      throws InterruptedException {
    AtomicWaker waker = waker(streamPause);
    for (int evidence = 0; evidence < ENOUGH; evidence++) {
      assertFalse(Backoff.inStream(waker.backoff()), "after " + evidence);
      waker.awaitValue(values);
      waker.awaitValue(values);
    }
    assertTrue(Backoff.inStream(waker.backoff()));
    return waker;
  }

  @Test
  void aWaitInAStreamPausesBeforeItLooks() throws Exception {
    TwoAtATime values = new TwoAtATime();
    AtomicWaker waker = wakerInStream(PAUSE, values);
    for (int pause = 0; pause < PAUSES; pause++) {
      assertTrue(Backoff.inStream(waker.backoff()));
      long begin = System.nanoTime();
      waker.awaitValue(values);
      assertTrue(System.nanoTime() - begin >= PAUSE);
      waker.awaitValue(values);
    }
    assertFalse(Backoff.inStream(waker.backoff()), "one of eight looks at once");
  }

  @Test
  void aPauseEndsWithTheTimeOutAndTheWaitLooksOnceMore() throws Exception {
    TwoAtATime values = new TwoAtATime();
    AtomicWaker waker = wakerInStream(TimeUnit.MINUTES.toNanos(1), values);
    long begin = System.nanoTime();
    assertEquals("value", waker.awaitValue(values, PAUSE, TimeUnit.NANOSECONDS));
    assertTrue(System.nanoTime() - begin >= PAUSE);
    assertNull(waker.registered());
  }

  @Test
  void valuesThatAreReadyAtOnceAreNoStream() throws Exception {
    AtomicWaker waker = waker(PAUSE);
    for (int value = 0; value < 100; value++) {
      waker.awaitValue(() -> "ready");
      assertEquals(Backoff.UNKNOWN, waker.backoff(), "a write");
    }
  }
}
