package io.github.atomicwaker.micrometer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.Takers;
import io.github.atomicwaker.Waiter;
import io.github.atomicwaker.WakerGroup;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statistics of a group, read back through a registry. */
@Timeout(60)
class AtomicWakerMetricsTest {
  private static final Map<String, String> UNITS =
      Map.of(
          "atomicwaker.wakes", "wakes",
          "atomicwaker.wakeups", "wakeups",
          "atomicwaker.races", "races",
          "atomicwaker.park", "seconds",
          "atomicwaker.spins", "waits",
          "atomicwaker.lost", "events",
          "atomicwaker.waiting", "threads");

  /** Of one group, all tags of each name. */
  private static final int METERS = 15;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final WakerGroup group = WakerGroup.named("orders").parkingOnly().recordingStats();
  private final AtomicWaker waker = new AtomicWaker(group);
  private final AtomicBoolean ready = new AtomicBoolean();

  private double count(String name, String... tags) {
    return count(name, Tags.of(tags));
  }

  private double count(String name, Tags tags) {
    return registry.get(name).tags(tags).tag("waker", "orders").functionCounter().count();
  }

  private double waiting() {
    return registry.get("atomicwaker.waiting").tag("waker", "orders").gauge().value();
  }

  private FunctionTimer park() {
    return registry.get("atomicwaker.park").tag("waker", "orders").functionTimer();
  }

  /**
   * Returns when the waiter is parked and counted, so that the next count is of what comes next.
   */
  private Thread startWaiter() {
    double before = park().count();
    Thread waiter =
        Waiter.Kind.VIRTUAL.unstarted(
            () -> {
              try {
                waker.await(ready::get);
              } catch (InterruptedException | IllegalStateException expected) {
                // counted
              }
            });
    waiter.start();
    Waiter.awaitState(() -> park().count() == before + 1, "counted as parked");
    Waiter.awaitState(() -> Waiter.isParked(waiter), "parked");
    return waiter;
  }

  private void wake(Thread waiter) throws InterruptedException {
    ready.set(true);
    assertTrue(waker.wake());
    waiter.join();
    ready.set(false);
  }

  @Test
  @SuppressWarnings("NullAway") // null is what they are given
  void refusesNull() {
    assertThrows(NullPointerException.class, () -> AtomicWakerMetrics.monitor(registry, null));
    assertThrows(NullPointerException.class, () -> AtomicWakerMetrics.monitor(null, group));
  }

  @Nested
  class TheMeters {

    @Test
    void showEveryCountOfTheStatistics() throws Exception {
      assertSame(group, AtomicWakerMetrics.monitor(registry, group));

      waker.wake();
      assertEquals(1, count("atomicwaker.wakes", "result", "idle"));

      Thread woken = startWaiter();
      assertEquals(1, waiting());
      wake(woken);
      assertEquals(1, count("atomicwaker.wakes", "result", "delivered"));
      assertEquals(1, count("atomicwaker.wakeups", "cause", "woken"));
      assertEquals(0, waiting());
      assertEquals(1, park().count());
      assertEquals(
          (double) group.stats().parkedTime().toNanos(),
          park().totalTime(TimeUnit.NANOSECONDS),
          0.001);

      Thread taken = startWaiter();
      ready.set(true);
      LockSupport.unpark(waker.take());
      taken.join();
      ready.set(false);
      assertEquals(1, count("atomicwaker.wakes", "result", "taken"));
      assertEquals(2, count("atomicwaker.wakeups", "cause", "woken"));

      Thread disturbed = startWaiter();
      LockSupport.unpark(disturbed);
      Waiter.awaitState(
          () -> count("atomicwaker.wakeups", "cause", "spurious") > 0, "a spurious wake-up");
      Waiter.awaitState(() -> waiting() == 1, "parked again");
      wake(disturbed);
      assertEquals(1, count("atomicwaker.wakeups", "cause", "spurious"));
      assertEquals(3, park().count());

      do { // on a busy machine the time may be up before the park
        assertFalse(waker.await(ready::get, Duration.ofMillis(1)));
      } while (count("atomicwaker.wakeups", "cause", "timeout") == 0);
      assertEquals(1, count("atomicwaker.wakeups", "cause", "timeout"));

      Thread interrupted = startWaiter();
      interrupted.interrupt();
      interrupted.join();
      assertEquals(1, count("atomicwaker.wakeups", "cause", "interrupted"));

      Thread displaced = startWaiter();
      waker.register();
      displaced.join();
      waker.deregister();
      assertEquals(1, count("atomicwaker.wakeups", "cause", "displaced"));
      assertEquals(1, count("atomicwaker.races", "kind", "displaced"));

      AtomicInteger checks = new AtomicInteger();
      waker.await(() -> checks.incrementAndGet() == 2 && waker.wake());
      assertEquals(1, count("atomicwaker.races", "kind", "early"));
      assertEquals(0, count("atomicwaker.races", "kind", "contended"));
    }

    @Test
    void showWakesThatContend() {
      AtomicWakerMetrics.monitor(registry, group);
      Takers.countMeeting(waker);
      assertEquals(1, group.stats().races().contended());
      assertEquals(1, count("atomicwaker.races", "kind", "contended"));
    }

    @Test
    void showAWaitThatASpinEnded() throws Exception {
      WakerGroup adaptive = WakerGroup.named("orders").recordingStats();
      AtomicWakerMetrics.monitor(registry, adaptive);
      AtomicInteger checks = new AtomicInteger();
      new AtomicWaker(adaptive).await(() -> checks.incrementAndGet() == 2);
      assertEquals(1, count("atomicwaker.spins"));
    }

    @Test
    void haveADescriptionAUnitAndTheNameOfTheGroup() {
      AtomicWakerMetrics.monitor(registry, group);
      assertEquals(METERS, registry.getMeters().size());
      for (Meter meter : registry.getMeters()) {
        assertFalse(
            requireNonNull(meter.getId().getDescription()).isBlank(), meter.getId()::toString);
        assertEquals(UNITS.get(meter.getId().getName()), meter.getId().getBaseUnit());
        assertEquals("orders", meter.getId().getTag("waker"));
      }
    }
  }

  @Nested
  class TheTags {

    @Test
    void tellGroupsOfDifferentNamesApart() {
      WakerGroup replies = WakerGroup.named("replies").recordingStats();
      AtomicWakerMetrics.monitor(registry, group);
      AtomicWakerMetrics.monitor(registry, replies);
      waker.wake();
      assertEquals(2 * METERS, registry.getMeters().size());
      assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
      assertEquals(
          0,
          registry
              .get("atomicwaker.wakes")
              .tags("waker", "replies", "result", "idle")
              .functionCounter()
              .count());
    }

    @Test
    void tellGroupsOfOneNameApartAndElseTheFirstIsShown() {
      WakerGroup other = WakerGroup.named("orders").recordingStats();
      AtomicWakerMetrics.monitor(registry, group, "region", "north");
      AtomicWakerMetrics.monitor(registry, other, "region", "north");
      new AtomicWaker(other).wake();
      assertEquals(0, count("atomicwaker.wakes", "result", "idle", "region", "north"));
      AtomicWakerMetrics.monitor(registry, other, Tags.of("region", "south"));
      assertEquals(1, count("atomicwaker.wakes", "result", "idle", "region", "south"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"waker", "result", "cause", "kind"})
    void cannotBeThoseOfTheMetersThemselves(String key) {
      for (Executable bind :
          List.<Executable>of(
              () -> AtomicWakerMetrics.monitor(registry, group, "region", "north", key, "mine"),
              () -> AtomicWakerMetrics.monitor(registry, group, Tags.of(key, "mine")),
              () -> new AtomicWakerMetrics(group, List.of(Tag.of(key, "mine"))))) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, bind);
        assertEquals(
            "the tag '" + key + "' is one of the meters' own: take another key",
            refused.getMessage());
      }
      assertEquals(0, registry.getMeters().size());
    }
  }

  @Nested
  class AGroup {

    @Test
    void thatIsMonitoredTwiceIsCountedOnce() {
      AtomicWakerMetrics.monitor(registry, group);
      AtomicWakerMetrics.monitor(registry, group);
      waker.wake();
      assertEquals(METERS, registry.getMeters().size());
      assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
    }

    @Test
    void thatDoesNotRecordIsRefused() {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> AtomicWakerMetrics.monitor(registry, WakerGroup.named("orders")));
      assertEquals(
          "WakerGroup[orders] records no statistics: make it with recordingStats()",
          refused.getMessage());
      assertEquals(0, registry.getMeters().size());
    }

    @Test
    void thatIsGarbageLeavesItsCounters() {
      awaitGarbage(monitorOneThatIsDropped());
      assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
      assertEquals(1, registry.get("atomicwaker.park").functionTimer().count());
      assertTrue(Double.isNaN(waiting()));
    }

    @Test
    void takesThePlaceOfOneThatIsGarbage() {
      awaitGarbage(monitorOneThatIsDropped());
      AtomicWakerMetrics.monitor(registry, group);
      assertEquals(METERS, registry.getMeters().size());
      assertEquals(0, count("atomicwaker.wakes", "result", "idle"));
      assertEquals(0, park().count());
      assertEquals(0, waiting());
      waker.wake();
      waker.parkNanos(1);
      assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
      assertEquals(1, park().count());
    }

    /** A group with other tags keeps its meters, even if it is garbage. */
    @Test
    void takesNoOtherPlace() {
      registry.config().commonTags("host", "here");
      WakerGroup replies = WakerGroup.named("replies").recordingStats();
      AtomicWakerMetrics.monitor(registry, replies);
      AtomicWakerMetrics.monitor(registry, replies, "region", "north");
      awaitGarbage(monitorOneThatIsDropped());
      awaitGarbage(monitorOneThatIsDropped("region", "south"));
      registry.counter("atomicwaker.wakes", "waker", "orders", "region", "north");
      Set<Meter> before = Collections.newSetFromMap(new IdentityHashMap<>());
      before.addAll(registry.getMeters());
      assertEquals(4 * METERS + 1, before.size());

      AtomicWakerMetrics.monitor(registry, group, "region", "south");

      List<Meter> meters = registry.getMeters();
      assertEquals(4 * METERS + 1, meters.size());
      for (Meter meter : meters) {
        assertEquals("here", meter.getId().getTag("host"));
        assertEquals(
            !"orders".equals(meter.getId().getTag("waker"))
                || !"south".equals(meter.getId().getTag("region")),
            before.contains(meter),
            () -> meter.getId().toString());
      }
    }

    @Test
    void thatLivesIsShownAlthoughTheOneBeforeItIsGarbage() {
      WeakReference<WakerGroup> gone = monitorOneThatIsDropped();
      registry.clear(); // a user may, after the first group
      AtomicWakerMetrics.monitor(registry, group);
      awaitGarbage(gone);
      WakerGroup third = WakerGroup.named("orders").recordingStats();
      AtomicWakerMetrics.monitor(registry, third);
      waker.wake();
      assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
    }

    @Test
    void takesThePlaceOfTheLastOfTwoThatAreGarbage() {
      monitorOneThatIsDropped();
      registry.clear();
      awaitGarbage(monitorOneThatIsDropped());
      AtomicWakerMetrics.monitor(registry, group);
      assertEquals(0, count("atomicwaker.wakes", "result", "idle"));
    }

    @Test
    void takesThePlaceOfOneThatIsGarbageAlthoughItsGaugeIsDenied() {
      registry.config().meterFilter(MeterFilter.denyNameStartsWith("atomicwaker.waiting"));
      awaitGarbage(monitorOneThatIsDropped());
      AtomicWakerMetrics.monitor(registry, group);
      assertEquals(METERS - 1, registry.getMeters().size());
      assertEquals(0, count("atomicwaker.wakes", "result", "idle"));
    }

    /** A composite without a child, as the global registry is at first, reads nothing. */
    @Test
    void takesThePlaceOfOneThatIsGarbageInACompositeToo() {
      CompositeMeterRegistry composite = new CompositeMeterRegistry();
      awaitGarbage(monitorOneThatIsDroppedIn(composite));
      AtomicWakerMetrics.monitor(composite, group);
      composite.add(registry);
      waker.wake();
      assertEquals(METERS, registry.getMeters().size());
      assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
    }

    @Test
    void doesNotKeepItsRegistryFromBecomingGarbage() {
      awaitGarbage(monitorInOneThatIsDropped());
      waker.wake(); // of a group that is no garbage
    }
  }

  private static void awaitGarbage(WeakReference<?> gone) {
    Waiter.awaitState(
        () -> {
          System.gc();
          return gone.refersTo(null);
        },
        "garbage");
  }

  private WeakReference<WakerGroup> monitorOneThatIsDropped(String... tags) {
    WakerGroup dropped = WakerGroup.named("orders").recordingStats();
    AtomicWakerMetrics.monitor(registry, dropped, tags);
    new AtomicWaker(dropped).wake();
    new AtomicWaker(dropped).parkNanos(1);
    assertEquals(1, count("atomicwaker.wakes", Tags.of(tags).and("result", "idle")));
    assertEquals(
        1,
        registry.get("atomicwaker.park").tags(tags).tag("waker", "orders").functionTimer().count());
    return new WeakReference<>(dropped);
  }

  private static WeakReference<WakerGroup> monitorOneThatIsDroppedIn(MeterRegistry registry) {
    WakerGroup dropped = WakerGroup.named("orders").recordingStats();
    AtomicWakerMetrics.monitor(registry, dropped);
    return new WeakReference<>(dropped);
  }

  private WeakReference<MeterRegistry> monitorInOneThatIsDropped() {
    MeterRegistry dropped = new SimpleMeterRegistry();
    AtomicWakerMetrics.monitor(dropped, group);
    return new WeakReference<>(dropped);
  }
}
