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
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
          "atomicwaker.waiting", "threads");

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final WakerGroup group = WakerGroup.named("orders").parkingOnly().recordingStats();
  private final AtomicWaker waker = new AtomicWaker(group);
  private final AtomicBoolean ready = new AtomicBoolean();

  private double count(String name, String... tags) {
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
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    waker.await(ready::get);
                  } catch (InterruptedException | IllegalStateException expected) {
                    // counted
                  }
                });
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
  void eachCountOfTheStatisticsHasItsMeter() throws Exception {
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

    assertFalse(waker.await(ready::get, Duration.ofMillis(1)));
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

    AtomicInteger looks = new AtomicInteger();
    waker.await(() -> looks.incrementAndGet() == 2 && waker.wake());
    assertEquals(1, count("atomicwaker.races", "kind", "early"));
    assertEquals(0, count("atomicwaker.races", "kind", "contended"));
  }

  @Test
  void wakesThatContendAreCounted() {
    AtomicWakerMetrics.monitor(registry, group);
    Takers.countMeeting(waker);
    assertEquals(1, group.stats().races().contended());
    assertEquals(1, count("atomicwaker.races", "kind", "contended"));
  }

  @Test
  void aWaitThatASpinEnds() throws Exception {
    WakerGroup adaptive = WakerGroup.named("orders").recordingStats();
    AtomicWakerMetrics.monitor(registry, adaptive);
    AtomicInteger looks = new AtomicInteger();
    new AtomicWaker(adaptive).await(() -> looks.incrementAndGet() == 2);
    assertEquals(1, count("atomicwaker.spins"));
  }

  @Test
  void everyMeterSaysWhatItIs() {
    AtomicWakerMetrics.monitor(registry, group);
    assertEquals(14, registry.getMeters().size());
    for (Meter meter : registry.getMeters()) {
      assertFalse(
          requireNonNull(meter.getId().getDescription()).isBlank(), meter.getId()::toString);
      assertEquals(UNITS.get(meter.getId().getName()), meter.getId().getBaseUnit());
      assertEquals("orders", meter.getId().getTag("waker"));
    }
  }

  @Test
  void bindingTwiceCountsOnce() {
    AtomicWakerMetrics.monitor(registry, group);
    AtomicWakerMetrics.monitor(registry, group);
    waker.wake();
    assertEquals(14, registry.getMeters().size());
    assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
  }

  @Test
  void groupsOfDifferentNamesAreTold() {
    WakerGroup replies = WakerGroup.named("replies").recordingStats();
    AtomicWakerMetrics.monitor(registry, group);
    AtomicWakerMetrics.monitor(registry, replies);
    waker.wake();
    assertEquals(28, registry.getMeters().size());
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
  void ofTwoGroupsOfOneNameTheFirstIsShownUnlessTagsTellThemApart() {
    WakerGroup other = WakerGroup.named("orders").recordingStats();
    AtomicWakerMetrics.monitor(registry, group, "region", "north");
    AtomicWakerMetrics.monitor(registry, other, "region", "north");
    new AtomicWaker(other).wake();
    assertEquals(0, count("atomicwaker.wakes", "result", "idle", "region", "north"));
    AtomicWakerMetrics.monitor(registry, other, Tags.of("region", "south"));
    assertEquals(1, count("atomicwaker.wakes", "result", "idle", "region", "south"));
  }

  @Test
  void aGroupMayBecomeGarbageAndItsCountersStay() {
    WeakReference<WakerGroup> gone = monitorOneThatIsDropped();
    while (gone.get() != null) {
      System.gc();
      Thread.onSpinWait();
    }
    assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
    assertEquals(1, registry.get("atomicwaker.park").functionTimer().count());
    assertTrue(Double.isNaN(waiting()));
  }

  private WeakReference<WakerGroup> monitorOneThatIsDropped() {
    WakerGroup dropped = WakerGroup.named("orders").recordingStats();
    AtomicWakerMetrics.monitor(registry, dropped);
    new AtomicWaker(dropped).wake();
    new AtomicWaker(dropped).parkNanos(1);
    assertEquals(1, count("atomicwaker.wakes", "result", "idle"));
    assertEquals(1, registry.get("atomicwaker.park").functionTimer().count());
    return new WeakReference<>(dropped);
  }

  @Test
  void aGroupThatDoesNotRecordIsRefused() {
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
  @SuppressWarnings("NullAway") // null is what they are given
  void refusesNull() {
    assertThrows(NullPointerException.class, () -> AtomicWakerMetrics.monitor(registry, null));
    assertThrows(NullPointerException.class, () -> AtomicWakerMetrics.monitor(null, group));
  }
}
