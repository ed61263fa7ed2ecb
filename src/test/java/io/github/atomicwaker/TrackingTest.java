package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a group that tracks waits knows of each of them, and of all together. */
@Timeout(60)
class TrackingTest {

  /** The steps in which times are counted, in nanoseconds. */
  private static final long TICK = 1024;

  private final WakerGroup group = WakerGroup.named("orders").parkingOnly().trackingWaits();
  private final AtomicWaker waker = new AtomicWaker(group);
  private final AtomicBoolean ready = new AtomicBoolean();

  private boolean await(AtomicWaker on) throws InterruptedException {
    on.await(ready::get);
    return true;
  }

  private Waiter<Boolean> parked(Waiter.Kind kind, AtomicWaker on) {
    return Waiter.start(kind, () -> await(on)).awaitParkedOn(on);
  }

  private ParkedWait onlyWait() {
    List<ParkedWait> waits = group.waits();
    assertEquals(1, waits.size(), waits::toString);
    return waits.get(0);
  }

  private WakeLatency latency() {
    return requireNonNull(group.stats().latency());
  }

  private Duration longestWait() {
    return requireNonNull(group.stats().longestWait());
  }

  private static String identity(AtomicWaker waker) {
    return waker.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(waker));
  }

  @Nested
  class AGroup {

    @Test
    void tracksWhenAskedTo() {
      WakerGroup recording = WakerGroup.named("orders").recordingStats();
      assertFalse(recording.tracksWaits());
      assertEquals(
          "WakerGroup[orders, recording stats] tracks no waits: make it with trackingWaits()",
          assertThrows(IllegalStateException.class, recording::waits).getMessage());
      assertNull(recording.stats().longestWait());
      assertNull(recording.stats().latency());
      assertNull(recording.stats().minus(recording.stats()).latency());
      for (WakerGroup derived :
          List.of(group, group.recordingStats(), group.parkingOnly(), recording.trackingWaits())) {
        assertTrue(derived.tracksWaits(), derived::toString);
        assertTrue(derived.recordsStats());
        assertEquals(List.of(), derived.waits());
        assertEquals(Duration.ZERO, derived.stats().longestWait());
      }
      assertEquals(
          "WakerGroup[orders, parking only, recording stats, tracking waits]", group.toString());
    }
  }

  @Nested
  class AWait {

    @ParameterizedTest
    @EnumSource
    void isKnownFromItsFirstParkToItsEnd(Waiter.Kind kind) {
      assertEquals(List.of(), group.waits());
      Instant before = Instant.now().minusSeconds(1);
      long start = System.nanoTime();
      Waiter<Boolean> waiter = parked(kind, waker);
      ParkedWait wait = onlyWait();
      long most = System.nanoTime() - start;
      assertSame(waiter.thread, wait.thread());
      assertEquals(identity(waker), wait.waker());
      assertTrue(waker.toString().startsWith(wait.waker() + "[orders"));
      assertTrue(wait.since().isAfter(before), wait::toString);
      assertTrue(wait.age().toNanos() <= most, wait::toString);
      assertNull(wait.wokenAt());
      assertTrue(longestWait().compareTo(wait.age()) >= 0);
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(List.of(), group.waits());
      assertEquals(Duration.ZERO, longestWait());
    }

    @Test
    void isDescribedWithItsThreadAndItsWaker() {
      Thread thread = new Thread(() -> {}, "consumer-7");
      Instant now = Instant.EPOCH;
      ParkedWait wait = new ParkedWait(thread, "Waker@1", now, Duration.ofSeconds(5), null);
      assertEquals(
          thread + " waits on Waker@1 since 1970-01-01T00:00:00Z, for PT5S", wait.toString());
      ParkedWait woken = new ParkedWait(thread, "Waker@1", now, Duration.ofSeconds(5), now);
      assertEquals(wait + ", woken at 1970-01-01T00:00:00Z", woken.toString());
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsAgeWhenAParkReturnsForNoReason(Waiter.Kind kind) {
      Waiter<Boolean> waiter = parked(kind, waker);
      for (int spurious = 1; spurious <= 3; spurious++) {
        Duration age = longestWait();
        long count = spurious;
        LockSupport.unpark(waiter.thread);
        Waiter.awaitState(() -> group.stats().wakeups().spurious() == count, "a spurious return");
        waiter.awaitParkedOn(waker);
        Waiter.awaitState(() -> group.stats().waiting() == 1, "parked again");
        assertTrue(onlyWait().age().compareTo(age) >= 0);
        assertTrue(longestWait().compareTo(age) >= 0);
      }
      waker.wake(); // and its condition is still false
      Waiter.awaitState(() -> latency().count() == 1, "it ran");
      waiter.awaitParkedOn(waker);
      Waiter.awaitState(() -> group.stats().waiting() == 1, "parked again");
      assertNull(onlyWait().wokenAt(), "since it parked again");
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(1, group.stats().parkedWaits());
      assertEquals(2, latency().count());
    }

    @Test
    void thatDisplacesAnotherIsOneMore() {
      Waiter<Boolean> first = parked(Waiter.Kind.PLATFORM, waker);
      Waiter<Boolean> second = Waiter.start(Waiter.Kind.PLATFORM, () -> await(waker));
      assertEquals(DisplacedException.class, first.thrown().getClass());
      second.awaitParkedOn(waker);
      Waiter.awaitState(() -> group.stats().waiting() == 1, "one is parked");
      assertSame(second.thread, onlyWait().thread());
      ready.set(true);
      waker.wake();
      assertTrue(second.result());
      assertEquals(List.of(), group.waits());
      assertEquals(1, latency().count(), "a displacement is no wake");
    }

    @Test
    void byHandIsKnownForOnePark() {
      Waiter<Boolean> waiter =
          Waiter.start(
              Waiter.Kind.PLATFORM,
              () -> {
                waker.register();
                waker.park();
                return true;
              });
      waiter.awaitParkedOn(waker);
      assertSame(waiter.thread, onlyWait().thread());
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(List.of(), group.waits());
      assertEquals(1, latency().count());
    }

    /** It has no wait of its own, and must not be taken for that of the registered thread. */
    @Test
    void byHandOfAThreadThatIsNotRegisteredIsNotKnown() {
      Waiter<Boolean> waiter = parked(Waiter.Kind.PLATFORM, waker);
      Waiter<Boolean> other =
          Waiter.start(
              Waiter.Kind.PLATFORM,
              () -> {
                waker.park();
                return true;
              });
      other.awaitParkedOn(waker);
      assertSame(waiter.thread, onlyWait().thread());
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(1, latency().count());
      LockSupport.unpark(other.thread);
      assertTrue(other.result());
    }

    @Test
    void withinAConditionIsKnownBesideTheOuterOne() {
      AtomicWaker inner = new AtomicWaker(group);
      AtomicBoolean nested = new AtomicBoolean();
      Waiter<Boolean> waiter =
          Waiter.start(
              Waiter.Kind.PLATFORM,
              () -> {
                waker.await(
                    () -> {
                      if (nested.get()) {
                        inner.awaitUninterruptibly(ready::get);
                      }
                      return ready.get();
                    });
                return true;
              });
      waiter.awaitParkedOn(waker);
      nested.set(true);
      waker.wake();
      waiter.awaitParkedOn(inner);
      Waiter.awaitState(() -> group.waits().size() == 2, "two waits");
      assertEquals(
          List.of(identity(waker), identity(inner)),
          group.waits().stream().map(ParkedWait::waker).toList());
      assertNull(group.waits().get(0).wokenAt(), "its thread has run since");
      assertEquals(1, group.stats().waiting());
      ready.set(true);
      inner.wake();
      assertTrue(waiter.result());
      assertEquals(List.of(), group.waits());
    }

    /** The condition waits on the same waker, and so the slot's latest wait is another one. */
    @Test
    void isTheOneThatIsWokenAfterAnotherInItsSlot() {
      AtomicBoolean nested = new AtomicBoolean();
      Waiter<Boolean> waiter =
          Waiter.start(
              Waiter.Kind.PLATFORM,
              () -> {
                waker.await(
                    () -> {
                      if (nested.getAndSet(false)) {
                        waker.awaitUninterruptibly(() -> false, Duration.ofMillis(1));
                      }
                      return ready.get();
                    });
                return true;
              });
      waiter.awaitParkedOn(waker);
      nested.set(true);
      waker.wake();
      Waiter.awaitState(() -> group.stats().wakeups().timeout() == 1, "the inner wait is over");
      Waiter.awaitState(
          () -> waker.registered() == waiter.thread && waiter.isParkedOn(waker), "parked again");
      Waiter.awaitState(() -> group.stats().waiting() == 1, "parked again");
      assertEquals(1, latency().count());
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(2, latency().count());
      assertEquals(List.of(), group.waits());
    }

    @Test
    void endsHoweverItEnds() {
      Waiter<Boolean> interrupted = parked(Waiter.Kind.VIRTUAL, waker);
      interrupted.thread.interrupt();
      assertEquals(InterruptedException.class, interrupted.thrown().getClass());
      assertEquals(List.of(), group.waits());
      assertFalse(waker.awaitUninterruptibly(ready::get, Duration.ofMillis(1)));
      assertEquals(List.of(), group.waits());
      assertThrows(
          UnsupportedOperationException.class,
          () ->
              waker.awaitUninterruptibly(
                  () -> {
                    if (!group.waits().isEmpty()) {
                      throw new UnsupportedOperationException();
                    }
                    LockSupport.unpark(Thread.currentThread());
                    return false;
                  }));
      assertEquals(List.of(), group.waits());
      assertEquals(0, group.stats().waiting());
      assertEquals(0, latency().count());
    }
  }

  @Nested
  class Many {

    @Test
    void areListedTheOldestFirst() {
      List<AtomicWaker> wakers = new ArrayList<>();
      List<Waiter<Boolean>> waiters = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        AtomicWaker next = new AtomicWaker(group);
        wakers.add(next);
        waiters.add(parked(Waiter.Kind.VIRTUAL, next));
      }
      Waiter.awaitState(() -> group.stats().waiting() == 1_000, "all parked");
      assertEquals(
          waiters.stream().map(waiter -> waiter.thread).toList(),
          group.waits().stream().map(ParkedWait::thread).toList());
      assertEquals(
          wakers.stream().map(TrackingTest::identity).toList(),
          group.waits().stream().map(ParkedWait::waker).toList());
      Collections.shuffle(wakers);
      ready.set(true);
      wakers.forEach(AtomicWaker::wake);
      waiters.forEach(Waiter::result);
      assertEquals(List.of(), group.waits());
      assertEquals(1_000, latency().count());
      assertEquals(0, group.stats().lost());
    }
  }

  /** Waits on wakers that nobody else refers to, in a JVM that does not refer to all threads. */
  static final class Garbage {
    public static void main(String[] args) throws InterruptedException {
      WakerGroup group = WakerGroup.named("garbage").parkingOnly().trackingWaits();
      for (int i = 0; i < 100; i++) {
        AtomicWaker waker = new AtomicWaker(group);
        Thread.ofVirtual().start(() -> waker.awaitUninterruptibly(() -> false));
      }
      Waiter.awaitState(() -> group.stats().waiting() == 100, "all parked");
      assertEquals(100, group.waits().size());
      Duration parked = group.stats().parkedTime();
      Waiter.awaitState(
          () -> {
            System.gc();
            return group.waits().isEmpty();
          },
          "all garbage");
      assertEquals(0, group.stats().waiting());
      assertEquals(Duration.ZERO, group.stats().longestWait());
      assertTrue(group.stats().parkedTime().compareTo(parked) >= 0);
      System.out.println("none is left");
    }
  }

  @Test
  @Tag("not-on-17") // all its threads are virtual
  void aThreadThatIsGarbageIsNotKept() throws Exception {
    assertEquals(
        "none is left",
        ChildJvm.run(Garbage.class, List.of("-Djdk.trackAllThreads=false")).strip());
  }

  /** Threads that run when the test says so: each latency is as long as it makes it. */
  @Nested
  class AThreadThatWasWoken {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Waiter<Boolean> waiter =
        Waiter.start(scheduler, () -> TrackingTest.this.await(waker));

    @Test
    void isShownAsWokenUntilItRuns() {
      ready.set(true);
      assertTrue(waker.wake());
      long woken = System.nanoTime();
      ParkedWait wait = onlyWait();
      Instant at = requireNonNull(wait.wokenAt());
      assertFalse(at.isBefore(wait.since()), wait::toString);
      assertEquals(1, group.stats().waiting());
      Waiter.spin(Duration.ofMillis(5));
      long least = System.nanoTime() - woken;
      scheduler.run();
      assertTrue(waiter.result());
      assertEquals(List.of(), group.waits());
      assertEquals(1, latency().count());
      long total = latency().total().toNanos();
      assertTrue(total >= least - TICK, total + " of " + least);
      assertTrue(latency().max().toNanos() > total - TICK, latency()::toString);
    }

    @Test
    void wasWokenWhenItWasTaken() {
      ready.set(true);
      Thread taken = requireNonNull(waker.take());
      assertNotNull(onlyWait().wokenAt());
      long from = System.nanoTime();
      Waiter.spin(Duration.ofMillis(5));
      long least = System.nanoTime() - from;
      LockSupport.unpark(taken);
      scheduler.run();
      assertTrue(waiter.result());
      assertTrue(latency().total().toNanos() >= least - TICK);
    }

    @Test
    void wasWokenWhenABatchTookIt() {
      ready.set(true);
      long least;
      try (WakeBatch batch = new WakeBatch()) {
        batch.wake(waker);
        assertNotNull(onlyWait().wokenAt());
        long from = System.nanoTime();
        Waiter.spin(Duration.ofMillis(5));
        least = System.nanoTime() - from;
      }
      scheduler.run();
      assertTrue(waiter.result());
      assertTrue(latency().total().toNanos() >= least - TICK);
    }

    @Test
    void isNotShownOnceItsSchedulerRejectedIt() {
      scheduler.reject();
      assertThrows(RejectedExecutionException.class, waker::wake);
      isGone();
    }

    @Test
    void isNotShownOnceItsSchedulerRejectedItInABatch() {
      scheduler.reject();
      WakeBatch batch = new WakeBatch();
      batch.wake(waker);
      assertThrows(RejectedExecutionException.class, batch::close);
      isGone();
    }

    @Test
    void isNotShownOnceItsSchedulerRejectedItForASecondWaiter() {
      scheduler.reject();
      assertThrows(RejectedExecutionException.class, waker::register);
      isGone();
    }

    /** Its condition waits, so that it runs in one wait, and is parked in another. */
    @Test
    void isNotShownInAnyWaitOnceItsSchedulerRejectedIt() {
      AtomicWaker outer = new AtomicWaker(group);
      AtomicWaker inner = new AtomicWaker(group);
      ready.set(true);
      assertTrue(waker.wake());
      scheduler.run();
      assertTrue(waiter.result());
      ready.set(false);
      AtomicBoolean nested = new AtomicBoolean();
      Waiter<Boolean> nesting =
          Waiter.start(
              scheduler,
              () -> {
                outer.await(
                    () -> {
                      if (nested.get()) {
                        inner.awaitUninterruptibly(() -> !nested.get());
                      }
                      return ready.get();
                    });
                return true;
              });
      nested.set(true);
      assertTrue(outer.wake());
      scheduler.run();
      assertEquals(2, group.waits().size());
      inner.group().refused(nesting.thread);
      isGone();
      assertTrue(inner.wake());
      scheduler.run();
      assertEquals(
          List.of(identity(inner)), group.waits().stream().map(ParkedWait::waker).toList());
      nested.set(false);
      assertTrue(inner.wake());
      scheduler.run();
      assertEquals(
          List.of(identity(outer)), group.waits().stream().map(ParkedWait::waker).toList());
      ready.set(true);
      assertTrue(outer.wake());
      scheduler.run();
      assertTrue(nesting.result());
      assertEquals(List.of(), group.waits());
    }

    private void isGone() {
      assertEquals(List.of(), group.waits());
      assertEquals(Duration.ZERO, longestWait());
      assertEquals(0, group.stats().waiting());
      Duration parked = group.stats().parkedTime();
      Waiter.spin(Duration.ofMillis(1));
      assertEquals(parked, group.stats().parkedTime());
    }

    /** An unpark that failed for want of memory can be repeated. */
    @Test
    void countsEachMomentOnceIfItRunsAfterAll() {
      long start = System.nanoTime();
      waker.group().refused(waiter.thread);
      isGone();
      Duration parked = group.stats().parkedTime();
      ready.set(true);
      assertTrue(waker.wake());
      scheduler.run();
      assertTrue(waiter.result());
      long most = System.nanoTime() - start;
      assertEquals(List.of(), group.waits());
      long after = group.stats().parkedTime().minus(parked).toNanos();
      assertTrue(1_000_000 - 2_048 <= after && after <= most + 2_048, after + " of " + most);
      assertEquals(1, group.stats().wakeups().woken());
    }

    @Test
    void isShownAgainIfItParksAgainAfterAll() {
      waker.group().refused(waiter.thread);
      isGone();
      assertTrue(waker.wake());
      scheduler.run();
      assertTrue(onlyWait().age().compareTo(Duration.ofMillis(1)) >= 0, "since its first park");
      assertEquals(1, group.stats().waiting());
      ready.set(true);
      assertTrue(waker.wake());
      scheduler.run();
      assertTrue(waiter.result());
      assertEquals(List.of(), group.waits());
    }
  }

  /** The record of a wait, and its place in the table. */
  @Nested
  class ARecord {

    private final Thread self = Thread.currentThread();

    private TrackedWait begin(@Nullable TrackedWait before) {
      return requireNonNull(waker.group().track(waker, self, before));
    }

    @Test
    void isThatOfTheNextWaitAsWell() {
      TrackedWait wait = begin(null);
      wait.parks(System.nanoTime());
      assertSame(wait, begin(wait), "the same wait parks again");
      assertSame(self, onlyWait().thread());
      waker.group().untrack(wait);
      assertSame(wait, begin(null));
      assertEquals(List.of(), group.waits(), "it has not parked");
    }

    @Test
    void isAnotherOneOnceAReaderHasRemovedIt() {
      TrackedWait wait = begin(null);
      waker.group().untrack(wait);
      assertEquals(List.of(), group.waits());
      TrackedWait next = begin(null);
      assertNotSame(wait, next);
      next.parks(System.nanoTime());
      assertSame(self, onlyWait().thread());
    }

    @Test
    void isOfOneThreadAndOneWait() throws InterruptedException {
      TrackedWait outer = begin(null);
      TrackedWait inner = begin(null);
      assertNotSame(outer, inner);
      waker.group().untrack(inner);
      waker.group().untrack(outer);
      Waiter<Boolean> other =
          Waiter.start(
              Waiter.Kind.PLATFORM,
              () -> {
                TrackedWait wait = waker.group().track(waker, Thread.currentThread(), null);
                return wait != inner && wait != outer;
              });
      assertTrue(other.result());
    }

    @Test
    void givesItsPlaceAwayWhenItsWaitIsOver() {
      Counters counters = new Counters(true);
      WaitTable table = new WaitTable(counters);
      int places = table.places();
      for (int waker = 0; waker < 10_000; waker++) {
        TrackedWait wait = new TrackedWait(self, waker, null);
        table.add(wait);
        wait.end();
      }
      assertEquals(places, table.places());
    }

    @Test
    void givesItsPlaceAwayWhenItsThreadIsGarbage() {
      Counters counters = new Counters(true);
      WaitTable table = new WaitTable(counters);
      int places = table.places();
      long start = System.nanoTime();
      for (int waker = 0; waker < 10_000; waker++) {
        TrackedWait wait = new TrackedWait(self, waker, null);
        table.add(wait);
        wait.parks(System.nanoTime() - 1_000_000 * TICK);
        wait.clear();
      }
      assertEquals(places, table.places());
      table.forEach((wait, thread) -> {});
      long parked = counters.stats().parkedTime().toNanos() - 10_000_000_000L * TICK;
      long most = places * (System.nanoTime() - start + TICK);
      assertTrue(0 <= parked && parked <= most, parked + " of " + most + ": each counts once");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000})
    void keepsItsPlaceWhileItsWaitLasts(int wakers) {
      WaitTable table = new WaitTable(new Counters(true));
      List<TrackedWait> waits = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        waits.add(new TrackedWait(self, i % wakers, null));
        table.add(waits.get(i));
      }
      Set<TrackedWait> found = new HashSet<>();
      table.forEach((wait, thread) -> assertTrue(found.add(wait)));
      assertEquals(Set.copyOf(waits), found);
      assertTrue(table.places() < 40_000, () -> table.places() + " places for 10,000 waits");
    }

    @Test
    void hasNoLatencyOfAWakeBeforeItParkedOrAfterItReturned() {
      Counters counters = new Counters(true);
      counters.addLatency(5 * TICK, 4 * TICK);
      WakeLatency late = requireNonNull(counters.stats().latency());
      assertEquals(Duration.ZERO, late.total());
      assertEquals(1, late.count());
      TrackedWait wait = begin(null);
      long start = System.nanoTime();
      ObservedPark park = requireNonNull(ObservedPark.begin(waker.group(), false, false, wait));
      wait.woken(start - 1_000_000 * TICK);
      park.end(waker.group(), waker, System.nanoTime(), null, self, 1, 1);
      assertEquals(1, latency().count());
      assertTrue(latency().total().toNanos() <= System.nanoTime() - start + TICK);
    }

    /** The stack ended where the end of a park is noted. */
    @Test
    void saysThatItLostATime() {
      TrackedWait wait = begin(null);
      wait.parks(System.nanoTime());
      waker.group().untrack(wait);
      assertEquals(1, group.stats().lost());
      assertEquals(List.of(), group.waits());
    }

    /**
     * A wait that begins while a reader removes its record would be in no list. Each thread looks
     * for itself while it waits.
     */
    @Test
    void isListedWhileItsWaitLastsWhateverReadersRemove() {
      AtomicBoolean over = new AtomicBoolean();
      List<Waiter<Boolean>> waiters = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        AtomicWaker own = new AtomicWaker(group);
        waiters.add(
            Waiter.start(
                Waiter.Kind.PLATFORM,
                () -> {
                  for (int waits = 0; waits < 10_000; waits++) {
                    AtomicInteger checks = new AtomicInteger();
                    LockSupport.unpark(Thread.currentThread()); // the first park returns
                    own.await(() -> checks.incrementAndGet() > 2 && isListed());
                  }
                  return true;
                }));
      }
      Waiter<Boolean> reader =
          Waiter.start(
              Waiter.Kind.PLATFORM,
              () -> {
                while (!over.get()) {
                  group.stats();
                }
                return true;
              });
      waiters.forEach(Waiter::result);
      over.set(true);
      assertTrue(reader.result());
      assertEquals(List.of(), group.waits());
    }

    private boolean isListed() {
      long own =
          group.waits().stream().filter(wait -> wait.thread() == Thread.currentThread()).count();
      assertEquals(1, own);
      return true;
    }
  }

  @Nested
  class TheTimeParked {

    @Test
    void growsWhileAThreadIsParked() {
      Waiter<Boolean> waiter = parked(Waiter.Kind.PLATFORM, waker);
      Duration before = group.stats().parkedTime();
      Waiter.spin(Duration.ofMillis(5));
      Duration after = group.stats().parkedTime();
      assertTrue(after.minus(before).compareTo(Duration.ofNanos(5_000_000 - 2_048)) >= 0);
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertTrue(group.stats().parkedTime().compareTo(after) >= 0);
    }

    @Test
    void neverGoesBack() {
      AtomicBoolean over = new AtomicBoolean();
      long start = System.nanoTime();
      Waiter<Boolean> waiter =
          Waiter.start(
              Waiter.Kind.PLATFORM,
              () -> {
                while (!over.get()) {
                  waker.awaitUninterruptibly(() -> false, Duration.ofNanos(20_000));
                }
                return true;
              });
      Duration last = Duration.ZERO;
      for (int readings = 0; readings < 20_000; readings++) {
        Duration next = group.stats().parkedTime();
        assertTrue(next.compareTo(last) >= 0, next + " after " + last);
        last = next;
      }
      over.set(true);
      assertTrue(waiter.result());
      long most = System.nanoTime() - start;
      assertTrue(
          group.stats().parkedTime().toNanos() <= most + 1_024 * group.stats().parkedWaits());
    }
  }
}
