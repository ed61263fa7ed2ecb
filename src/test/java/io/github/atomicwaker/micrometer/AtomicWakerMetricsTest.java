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
import io.github.atomicwaker.WakeLatency;
import io.github.atomicwaker.WakerGroup;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
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
  /** Of one group that records: name, own tag, type and unit. */
  private static final Set<String> RECORDED =
      Set.of(
          "atomicwaker.wakes[result=delivered] COUNTER wakes",
          "atomicwaker.wakes[result=taken] COUNTER wakes",
          "atomicwaker.wakes[result=idle] COUNTER wakes",
          "atomicwaker.wakeups[cause=woken] COUNTER wakeups",
          "atomicwaker.wakeups[cause=spurious] COUNTER wakeups",
          "atomicwaker.wakeups[cause=timeout] COUNTER wakeups",
          "atomicwaker.wakeups[cause=interrupted] COUNTER wakeups",
          "atomicwaker.wakeups[cause=displaced] COUNTER wakeups",
          "atomicwaker.races[kind=early] COUNTER races",
          "atomicwaker.races[kind=contended] COUNTER races",
          "atomicwaker.races[kind=displaced] COUNTER races",
          "atomicwaker.park[] TIMER seconds",
          "atomicwaker.spins[] COUNTER waits",
          "atomicwaker.lost[] COUNTER events",
          "atomicwaker.waiting[] GAUGE threads");

  /** What a group that tracks its waits has besides. */
  private static final Set<String> TRACKED =
      Set.of(
          "atomicwaker.waiting.longest[] GAUGE seconds",
          "atomicwaker.latency[] TIMER seconds",
          "atomicwaker.latency.max[] GAUGE seconds",
          "atomicwaker.latency.percentile[phi=0.5] GAUGE seconds",
          "atomicwaker.latency.percentile[phi=0.99] GAUGE seconds",
          "atomicwaker.latency.percentile[phi=0.999] GAUGE seconds");

  private static final int METERS = RECORDED.size();

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
      assertEquals(RECORDED, meters());
    }

    @Test
    void areMoreIfTheGroupTracksItsWaits() {
      AtomicWakerMetrics.monitor(registry, tracking);
      Set<String> all = new HashSet<>(RECORDED);
      all.addAll(TRACKED);
      assertEquals(all, meters());
    }

    private Set<String> meters() {
      Set<String> meters = new HashSet<>();
      for (Meter meter : registry.getMeters()) {
        Meter.Id id = meter.getId();
        assertFalse(requireNonNull(id.getDescription()).isBlank(), id::toString);
        List<String> tags = new ArrayList<>();
        for (Tag tag : id.getTags()) {
          tags.add(tag.getKey() + "=" + tag.getValue());
        }
        assertTrue(tags.remove("waker=orders"), id::toString);
        assertTrue(
            meters.add(id.getName() + tags + " " + id.getType() + " " + id.getBaseUnit()),
            id::toString);
      }
      return meters;
    }

    @Test
    void showTheOldestWait() throws Exception {
      AtomicWakerMetrics.monitor(registry, tracking);
      assertEquals(0, time("atomicwaker.waiting.longest"));
      Thread waiter = startTrackedWaiter();
      Duration least = requireNonNull(tracking.stats().longestWait());
      double shown = time("atomicwaker.waiting.longest");
      Duration most = requireNonNull(tracking.stats().longestWait());
      assertTrue(seconds(least) <= shown && shown <= seconds(most), least + " to " + most);
      end(waiter);
      assertEquals(0, time("atomicwaker.waiting.longest"));
    }

    @Test
    void showTheLatencies() throws Exception {
      AtomicWakerMetrics.monitor(registry, tracking);
      FunctionTimer timer =
          registry.get("atomicwaker.latency").tag("waker", "orders").functionTimer();
      assertEquals(0, timer.count());
      wakeLate(Duration.ofMillis(5));
      wakeLate(Duration.ZERO);
      assertEquals(2, timer.count());
      assertEquals(
          (double) latency().total().toNanos(), timer.totalTime(TimeUnit.NANOSECONDS), 0.001);
      assertTrue(timer.totalTime(TimeUnit.MILLISECONDS) >= 5);
      assertShown(latency());
    }
  }

  private final WakerGroup tracking = WakerGroup.named("orders").parkingOnly().trackingWaits();
  private final AtomicWaker tracked = new AtomicWaker(tracking);

  private WakeLatency latency() {
    return requireNonNull(tracking.stats().latency());
  }

  private double time(String name, String... tags) {
    return time(registry, name, tags);
  }

  private static double time(MeterRegistry in, String name, String... tags) {
    return in.get(name).tags(tags).tag("waker", "orders").timeGauge().value(TimeUnit.SECONDS);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private void assertShown(WakeLatency recent) {
    assertEquals(seconds(recent.max()), time("atomicwaker.latency.max"));
    for (double phi : new double[] {0.5, 0.99, 0.999}) {
      assertEquals(
          seconds(recent.percentile(phi)),
          time("atomicwaker.latency.percentile", "phi", Double.toString(phi)));
    }
  }

  private Thread startTrackedWaiter() {
    Thread waiter = Waiter.Kind.VIRTUAL.unstarted(() -> tracked.awaitUninterruptibly(ready::get));
    waiter.start();
    Waiter.awaitState(
        () -> LockSupport.getBlocker(waiter) == tracked && Waiter.isParked(waiter), "parked");
    return waiter;
  }

  private void end(Thread waiter) throws InterruptedException {
    ready.set(true);
    tracked.wake();
    waiter.join();
    ready.set(false);
  }

  /** Has a latency of at least that. */
  private void wakeLate(Duration least) throws InterruptedException {
    Thread waiter = startTrackedWaiter();
    ready.set(true);
    Thread taken = tracked.take();
    Waiter.spin(least);
    LockSupport.unpark(taken);
    waiter.join();
    ready.set(false);
  }

  /** By the clock of the registry, which the test sets. */
  @Nested
  class TheLatestLatencies {

    private final MockClock clock = new MockClock();
    private final MeterRegistry clocked = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private double max(MeterRegistry in) {
      return time(in, "atomicwaker.latency.max");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 15, 30, 59, 60})
    void areShownForOneToTwoMinutes(int seconds) throws Exception {
      AtomicWakerMetrics.monitor(clocked, tracking);
      for (int past = 0; past < 500; past += seconds) {
        clock.addSeconds(seconds);
        assertEquals(0, max(clocked));
      }
      wakeLate(Duration.ofMillis(5));
      double late = seconds(latency().max());
      int age = 0;
      for (; max(clocked) != 0; age += seconds) {
        assertEquals(late, max(clocked));
        assertTrue(age <= 120, "still shown");
        clock.addSeconds(seconds);
      }
      assertTrue(age >= 60, "shown until " + age);
      assertEquals(
          1, clocked.get("atomicwaker.latency").tag("waker", "orders").functionTimer().count());
    }

    @Test
    void areShownOnceIfTheRegistryReadsRarely() throws Exception {
      AtomicWakerMetrics.monitor(clocked, tracking);
      for (int reads = 0; reads < 3; reads++) {
        clock.addSeconds(300);
        assertEquals(0, max(clocked));
        wakeLate(Duration.ofMillis(5));
        clock.addSeconds(300);
        assertTrue(max(clocked) >= 0.005);
      }
    }

    @Test
    void areThoseOfEachRegistry() throws Exception {
      MeterRegistry slow = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
      AtomicWakerMetrics.monitor(slow, tracking);
      clock.addSeconds(300);
      AtomicWakerMetrics.monitor(clocked, tracking);
      wakeLate(Duration.ofMillis(5));
      for (int past = 0; past < 300; past++) {
        assertEquals(past < 70, max(clocked) != 0, past + " seconds later");
        clock.addSeconds(1);
      }
      assertTrue(max(slow) >= 0.005);
    }

    /** The maximum and the percentiles of one scrape are of one interval. */
    @Test
    void areAllThatTheGaugesShow() throws Exception {
      wakeLate(Duration.ofMillis(5));
      AtomicWakerMetrics.monitor(registry, tracking);
      WakeLatency before = latency();
      assertShown(before.minus(before));
      for (int wakes = 0; wakes < 4; wakes++) {
        wakeLate(Duration.ofNanos(100_000L * wakes));
      }
      assertShown(latency().minus(before));
      assertEquals(
          5, registry.get("atomicwaker.latency").tag("waker", "orders").functionTimer().count());
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
    @ValueSource(strings = {"waker", "result", "cause", "kind", "phi"})
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

    /** Each of two has a count of its own, which tells the meters apart. */
    @Test
    void hasAllOfTheMetersOrNoneIfAnotherIsBoundAtOnce() throws Exception {
      WakerGroup other = WakerGroup.named("orders").recordingStats();
      waker.wake();
      new AtomicWaker(other).parkNanos(1);
      for (int rounds = 0; rounds < 500; rounds++) {
        MeterRegistry both = new SimpleMeterRegistry();
        CyclicBarrier start = new CyclicBarrier(2);
        Thread second =
            new Thread(
                () -> {
                  await(start);
                  AtomicWakerMetrics.monitor(both, other);
                });
        second.start();
        await(start);
        AtomicWakerMetrics.monitor(both, group);
        second.join();
        assertEquals(METERS, both.getMeters().size());
        assertEquals(
            1,
            both.get("atomicwaker.wakes").tag("result", "idle").functionCounter().count()
                + both.get("atomicwaker.park").functionTimer().count());
      }
    }

    @Test
    void hasNoneIfItIsBoundBeforeAllOfAnotherAreThere() {
      WakerGroup other = WakerGroup.named("orders").recordingStats();
      new AtomicWaker(other).wake();
      new AtomicWaker(other).parkNanos(1);
      registry.config().onMeterAdded(added -> AtomicWakerMetrics.monitor(registry, other));
      AtomicWakerMetrics.monitor(registry, group);
      assertEquals(METERS, registry.getMeters().size());
      assertEquals(0, count("atomicwaker.wakes", "result", "idle"));
      assertEquals(0, park().count());
    }

    @Test
    void isBoundWhileAListenerOfAnotherRegistryWaits() {
      MeterRegistry other = new SimpleMeterRegistry();
      registry
          .config()
          .onMeterAdded(
              added -> {
                if (other.getMeters().isEmpty()) {
                  Thread binds = new Thread(() -> AtomicWakerMetrics.monitor(other, group));
                  binds.start();
                  Waiter.awaitState(() -> !binds.isAlive(), "bound");
                }
              });
      AtomicWakerMetrics.monitor(registry, group);
      assertEquals(METERS, other.getMeters().size());
      assertEquals(METERS, registry.getMeters().size());
    }

    @Test
    void hasNoMetersInARegistryThatThrows() {
      AtomicInteger added = new AtomicInteger();
      registry
          .config()
          .onMeterAdded(
              meter -> {
                if (added.incrementAndGet() == 5) {
                  throw new UnsupportedOperationException();
                }
              });
      AtomicWakerMetrics metrics = new AtomicWakerMetrics(group, Tags.empty());
      assertThrows(UnsupportedOperationException.class, () -> metrics.bindTo(registry));
      assertEquals(List.of(), registry.getMeters());
      metrics.bindTo(registry);
      assertEquals(METERS, registry.getMeters().size());
    }

    @Test
    void doesNotKeepItsRegistryFromBecomingGarbage() {
      awaitGarbage(monitorInOneThatIsDropped());
      waker.wake(); // of a group that is no garbage
    }
  }

  @Nested
  class ABinder {

    private final MeterRegistry other = new SimpleMeterRegistry();
    private final AtomicWakerMetrics metrics = new AtomicWakerMetrics(tracking, Tags.empty());

    @Test
    void thatIsClosedLeavesNoMeter() {
      metrics.bindTo(registry);
      metrics.bindTo(other);
      metrics.close();
      assertEquals(List.of(), registry.getMeters());
      assertEquals(List.of(), other.getMeters());
      metrics.close();
    }

    @Test
    void thatIsClosedLeavesNoMeterInTheRegistriesOfAComposite() {
      registry.config().commonTags("host", "here");
      metrics.bindTo(new CompositeMeterRegistry().add(registry));
      assertEquals(METERS + TRACKED.size(), registry.getMeters().size());
      metrics.close();
      assertEquals(List.of(), registry.getMeters());
    }

    @Test
    void canBeBoundAgainAfterItsEnd() {
      metrics.bindTo(registry);
      metrics.close();
      metrics.bindTo(registry);
      assertEquals(METERS + TRACKED.size(), registry.getMeters().size());
      metrics.close();
      assertEquals(List.of(), registry.getMeters());
      AtomicWakerMetrics.monitor(registry, group);
      assertEquals(METERS, registry.getMeters().size());
    }

    @Test
    void leavesTheMetersOfAnotherThatWasFirst() {
      AtomicWakerMetrics first = new AtomicWakerMetrics(group, Tags.empty());
      first.bindTo(registry);
      List<Meter> before = registry.getMeters();
      metrics.bindTo(registry);
      metrics.close();
      assertSameMeters(before);
      first.close();
      assertEquals(List.of(), registry.getMeters());
    }

    /** Of another copy of the library, for example. */
    @Test
    void leavesAMeterThatWasThereBefore() {
      FunctionCounter.builder("atomicwaker.spins", group, of -> 7)
          .tags("waker", "orders")
          .register(registry);
      List<Meter> before = registry.getMeters();
      metrics.bindTo(registry);
      assertEquals(METERS + TRACKED.size(), registry.getMeters().size());
      metrics.close();
      assertSameMeters(before);
    }

    @Test
    void leavesTheMetersThatHaveTakenThePlaceOfItsOwn() {
      metrics.bindTo(registry);
      registry.clear();
      AtomicWakerMetrics.monitor(registry, group);
      List<Meter> after = registry.getMeters();
      metrics.close();
      assertSameMeters(after);
    }

    private void assertSameMeters(List<Meter> expected) {
      Set<Meter> all = Collections.newSetFromMap(new IdentityHashMap<>());
      all.addAll(expected);
      assertEquals(expected.size(), registry.getMeters().size());
      assertTrue(all.containsAll(registry.getMeters()));
    }

    @Test
    void isClosedAlthoughAListenerThrows() {
      registry
          .config()
          .onMeterRemoved(
              meter -> {
                throw new UnsupportedOperationException();
              });
      metrics.bindTo(registry);
      metrics.close();
      assertEquals(List.of(), registry.getMeters());
    }

    @Test
    void doesNotKeepItsRegistryFromBecomingGarbage() {
      awaitGarbage(bindToOneThatIsDropped(metrics));
      metrics.close();
    }
  }

  private static WeakReference<MeterRegistry> bindToOneThatIsDropped(AtomicWakerMetrics metrics) {
    MeterRegistry dropped = new SimpleMeterRegistry();
    metrics.bindTo(dropped);
    return new WeakReference<>(dropped);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
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
