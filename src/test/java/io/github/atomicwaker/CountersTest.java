package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Counters.Event;
import io.github.atomicwaker.WakerStats.Wakeups;
import io.github.atomicwaker.micrometer.AtomicWakerMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The counters behind {@link WakerStats}: which event a park is, and how its time is added. */
class CountersTest {

  /** The steps in which the time parked is counted, in nanoseconds. */
  private static final long TICK = 1024;

  @Nested
  class TheOutcomeOfAPark {

    @Test
    void comesFromTheSlotBeforeTheInterruptAndTheClock() {
      Thread self = Thread.currentThread();
      Thread other = new Thread();
      assertSame(ParkOutcome.WOKEN, ObservedPark.outcome(null, self, 5, 5, 5));
      assertSame(ParkOutcome.DISPLACED, ObservedPark.outcome(other, self, 5, 5, 5));
      assertSame(ParkOutcome.TIMEOUT, ObservedPark.outcome(self, self, 5, 5, 5));
      assertSame(ParkOutcome.BOUND, ObservedPark.outcome(self, self, 5, 6, 5));
      assertSame(ParkOutcome.SPURIOUS, ObservedPark.outcome(self, self, 4, 5, 5));
      self.interrupt();
      assertSame(ParkOutcome.INTERRUPTED, ObservedPark.outcome(self, self, 5, 5, 5));
      assertSame(ParkOutcome.WOKEN, ObservedPark.outcome(null, self, 5, 5, 5));
      assertTrue(Thread.interrupted());
    }

    /** On JDKs with the fault JDK-8369227 an untimed park ends once a second without a cause. */
    @Test
    void isInNoCountIfABoundEndedIt() {
      Counters counters = new Counters(false);
      counters.count(Event.PARKED);
      assertEquals(1, counters.stats().waiting());
      counters.count(ParkOutcome.BOUND);
      assertEquals(0, counters.stats().waiting());
      assertEquals(new Wakeups(0, 0, 0, 0, 0), counters.stats().wakeups());
      counters.count(Event.PARKED_AGAIN);
      assertEquals(1, counters.stats().waiting());
      assertEquals(1, counters.stats().parkedWaits());
    }
  }

  @Nested
  class TheTimeParked {

    @Test
    void isRightOnAverageForShortParks() {
      Counters counters = new Counters(false);
      long park = 100;
      long clock = -TICK * park / 2; // a clock may be negative
      for (int i = 0; i < TICK; i++) {
        counters.addParked(clock, clock + park);
        clock += park;
      }
      assertEquals(Duration.ofNanos(TICK * park), counters.stats().parkedTime());
    }

    @Test
    void doesNotOverflowInTwoYearsOfAHundredThousandThreads() {
      WakerGroup many = WakerGroup.named("many").recordingStats();
      long twoYears = Duration.ofDays(2 * 365).toNanos();
      for (int thread = 0; thread < 100_000; thread++) {
        requireNonNull(many.counters()).addParked(0, twoYears);
      }
      WakerStats stats = many.stats();
      Duration expected = Duration.ofNanos(twoYears).multipliedBy(100_000);
      Duration missing = expected.minus(stats.parkedTime());
      assertTrue(!missing.isNegative() && missing.toNanos() < 100_000 * TICK, stats::toString);
      assertEquals(stats.parkedTime(), stats.minus(new Counters(false).stats()).parkedTime());
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      AtomicWakerMetrics.monitor(registry, many);
      assertEquals(
          (double) expected.toSeconds(),
          registry.get("atomicwaker.park").functionTimer().totalTime(SECONDS),
          expected.toSeconds() * 1e-9);
    }
  }
}
