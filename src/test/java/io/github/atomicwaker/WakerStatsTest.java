package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.WakerStats.Races;
import io.github.atomicwaker.WakerStats.Wakes;
import io.github.atomicwaker.WakerStats.Wakeups;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a group counts: exactly, except where a clock or a race decides. */
@Timeout(60)
class WakerStatsTest {
  /** The steps in which the time parked is counted, in nanoseconds. */
  private static final long TICK = 1024;

  private static final Wakes NO_WAKES = new Wakes(0, 0, 0);
  private static final Wakeups NO_WAKEUPS = new Wakeups(0, 0, 0, 0, 0);
  private static final Races NO_RACES = new Races(0, 0, 0);

  private final WakerGroup group = WakerGroup.named("orders").parkingOnly().recordingStats();
  private final AtomicWaker waker = new AtomicWaker(group);
  private final AtomicBoolean ready = new AtomicBoolean();

  private Waiter<Boolean> parked(Waiter.Kind kind) {
    return Waiter.start(
            kind,
            () -> {
              waker.await(ready::get);
              return true;
            })
        .awaitParkedOn(waker);
  }

  @Nested
  class AGroup {

    @Test
    void recordsWhenAskedTo() {
      WakerGroup silent = WakerGroup.named("orders");
      assertFalse(silent.recordsStats());
      IllegalStateException refused = assertThrows(IllegalStateException.class, silent::stats);
      assertEquals(
          "WakerGroup[orders] records no statistics: make it with recordingStats()",
          refused.getMessage());
      assertTrue(silent.recordingStats().recordsStats());
      assertTrue(silent.recordingStats().parkingOnly().recordsStats());
      assertFalse(silent.parkingOnly().recordsStats());
      assertEquals("WakerGroup[orders, parking only, recording stats]", group.toString());
      assertEquals(
          "WakerGroup[orders, recording stats]",
          WakerGroup.named("orders").recordingStats().toString());
    }

    @Test
    void countsForItself() {
      waker.wake();
      assertEquals(1, group.stats().wakes().idle());
      assertEquals(0, group.recordingStats().stats().wakes().idle());
      assertEquals(0, group.parkingOnly().stats().wakes().idle());
    }
  }

  @Nested
  class AWake {

    @Test
    void isIdleIfNoThreadWaits() {
      assertFalse(waker.wake());
      assertNull(waker.take());
      assertEquals(new Wakes(0, 0, 2), group.stats().wakes());
      assertEquals(NO_RACES, group.stats().races());
    }

    @ParameterizedTest
    @EnumSource
    void isDeliveredToAWaiterThatThenWaitsNoLonger(Waiter.Kind kind) {
      long start = System.nanoTime();
      Waiter<Boolean> waiter = parked(kind);
      assertEquals(1, group.stats().waiting());
      assertEquals(NO_WAKEUPS, group.stats().wakeups());
      long begin = System.nanoTime();
      LockSupport.parkNanos(1_000_000);
      long least = System.nanoTime() - begin;
      ready.set(true);
      assertTrue(waker.wake());
      assertTrue(waiter.result());
      long most = System.nanoTime() - start;
      WakerStats stats = group.stats();
      long parked = stats.parkedTime().toNanos();
      assertTrue(least - TICK < parked && parked < most + TICK, stats::toString);
      assertEquals(
          new WakerStats(
              new Wakes(1, 0, 0),
              new Wakeups(1, 0, 0, 0, 0),
              NO_RACES,
              1,
              stats.parkedTime(),
              0,
              0,
              0,
              null,
              null),
          stats);
    }

    @Test
    void isATakeIfAnotherThreadUnparksTheWaiter() {
      Waiter<Boolean> waiter = parked(Waiter.Kind.VIRTUAL);
      ready.set(true);
      Thread taken = waker.take();
      assertSame(waiter.thread, taken);
      LockSupport.unpark(taken);
      assertTrue(waiter.result());
      assertEquals(new Wakes(0, 1, 0), group.stats().wakes());
      assertEquals(new Wakeups(1, 0, 0, 0, 0), group.stats().wakeups());
    }

    @Test
    void ofABatchIsATake() {
      Waiter<Boolean> waiter = parked(Waiter.Kind.VIRTUAL);
      ready.set(true);
      try (WakeBatch batch = new WakeBatch()) {
        assertTrue(batch.wake(waker));
        assertFalse(batch.wake(waker));
      }
      assertTrue(waiter.result());
      assertEquals(new Wakes(0, 1, 1), group.stats().wakes());
    }

    @Test
    void ofAHandoffIsCountedForBothItsWakers() throws Exception {
      Handoff<String> handoff = new Handoff<>(group);
      handoff.put("value");
      assertEquals("value", handoff.take());
      assertEquals(new Wakes(0, 0, 2), group.stats().wakes());
    }
  }

  @Nested
  class AWakeup {

    @ParameterizedTest
    @EnumSource
    void isSpuriousAfterARogueUnpark(Waiter.Kind kind) {
      Waiter<Boolean> waiter = parked(kind);
      LockSupport.unpark(waiter.thread);
      Waiter.awaitState(() -> group.stats().wakeups().spurious() == 1, "a spurious wake-up");
      Waiter.awaitState(() -> group.stats().waiting() == 1, "parked again");
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(new Wakeups(1, 1, 0, 0, 0), group.stats().wakeups());
      assertEquals(1, group.stats().parkedWaits());
      assertEquals(0, group.stats().waiting());
    }

    @Test
    void isNotSpuriousAfterAWakeWhoseConditionIsFalse() {
      Waiter<Boolean> waiter = parked(Waiter.Kind.VIRTUAL);
      assertTrue(waker.wake());
      Waiter.awaitState(() -> group.stats().wakeups().woken() == 1, "woken");
      waiter.awaitParkedOn(waker);
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(new Wakeups(2, 0, 0, 0, 0), group.stats().wakeups());
      assertEquals(new Wakes(2, 0, 0), group.stats().wakes());
      assertEquals(1, group.stats().parkedWaits());
      assertEquals(NO_RACES, group.stats().races());
    }

    @ParameterizedTest
    @EnumSource
    void isCountedAsATimeout(Waiter.Kind kind) {
      do { // on a busy machine the time may be up before the park
        Waiter<Boolean> waiter =
            Waiter.start(kind, () -> waker.await(ready::get, Duration.ofMillis(1)));
        assertFalse(waiter.result());
      } while (group.stats().parkedWaits() == 0);
      assertEquals(new Wakeups(0, 0, 1, 0, 0), group.stats().wakeups());
      assertEquals(0, group.stats().waiting());
    }

    @Test
    void isCountedAsAnInterrupt() {
      Waiter<Boolean> waiter = parked(Waiter.Kind.VIRTUAL);
      waiter.thread.interrupt();
      assertInstanceOf(InterruptedException.class, waiter.thrown());
      assertEquals(new Wakeups(0, 0, 0, 1, 0), group.stats().wakeups());
      assertEquals(0, group.stats().waiting());
    }

    @Test
    void byAnInterruptDoesNotEndAnUninterruptibleWait() {
      Waiter<Boolean> waiter =
          Waiter.start(
                  Waiter.Kind.PLATFORM,
                  () -> {
                    waker.awaitUninterruptibly(ready::get);
                    return Thread.interrupted();
                  })
              .awaitParkedOn(waker);
      waiter.thread.interrupt();
      Waiter.awaitState(() -> group.stats().wakeups().interrupted() == 1, "interrupted");
      waiter.awaitParkedOn(waker);
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(new Wakeups(1, 0, 0, 1, 0), group.stats().wakeups());
      assertEquals(1, group.stats().parkedWaits());
    }

    @Test
    void isCountedAsADisplacement() {
      Waiter<Boolean> waiter = parked(Waiter.Kind.VIRTUAL);
      waker.register();
      assertInstanceOf(IllegalStateException.class, waiter.thrown());
      assertEquals(new Wakeups(0, 0, 0, 0, 1), group.stats().wakeups());
      assertEquals(new Races(0, 0, 1), group.stats().races());
      assertEquals(0, group.stats().waiting());
    }

    @Test
    void ofAPlainParkIsCountedLikeThatOfAWait() {
      Waiter<Boolean> waiter =
          Waiter.start(
                  Waiter.Kind.VIRTUAL,
                  () -> {
                    waker.register();
                    while (!ready.get()) {
                      waker.park();
                      waker.register();
                    }
                    return waker.deregister();
                  })
              .awaitParkedOn(waker);
      assertEquals(1, group.stats().waiting());
      ready.set(true);
      waker.wake();
      assertTrue(waiter.result());
      assertEquals(new Wakeups(1, 0, 0, 0, 0), group.stats().wakeups());
      waker.register();
      waker.parkNanos(1_000);
      assertEquals(new Wakeups(1, 0, 1, 0, 0), group.stats().wakeups());
      waker.parkNanos(0);
      assertEquals(2, group.stats().parkedWaits());
      assertEquals(0, group.stats().waiting());
    }
  }

  /** Lets two takers meet. */
  static final class Meeting {
    public static void main(String[] args) {
      WakerGroup group = WakerGroup.named("takers").recordingStats();
      Takers takers = Takers.meet(group);
      WakerStats stats = group.stats();
      assertEquals(new Wakes(0, takers.rounds(), takers.idle()), stats.wakes());
      assertEquals(new Races(0, stats.races().contended(), 0), stats.races());
      System.out.println("counted");
    }
  }

  @Nested
  class ARace {

    @Test
    void isNotCountedIfTheSameThreadRegistersAgain() {
      waker.register();
      waker.register();
      assertEquals(NO_RACES, group.stats().races());
    }

    /** The second check is the first one after the waiter has registered. */
    @Test
    void isEarlyIfTheWaiterIsTakenBeforeItParks() throws Exception {
      AtomicInteger checks = new AtomicInteger();
      waker.await(() -> checks.incrementAndGet() == 2 && waker.wake());
      assertEquals(new Races(1, 0, 0), group.stats().races());
      checks.set(0);
      waker.await(
          () -> {
            if (checks.incrementAndGet() == 2) {
              waker.wake();
            }
            return checks.get() == 3;
          });
      assertEquals(new Races(2, 0, 0), group.stats().races());
      assertEquals(NO_WAKEUPS, group.stats().wakeups());
      assertEquals(0, group.stats().parkedWaits());
      LockSupport.park(); // takes the permit that is left over, so that no other test finds it
    }

    /**
     * Interpreted, since on one processor the takers meet only where one of them is preempted
     * between its reading of the slot and its take: compiled, that is a cycle or two.
     */
    @Test
    void isContendedWhereTwoTakersMeet() throws Exception {
      List<String> options = new ArrayList<>();
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(option -> option.startsWith("-javaagent:")) // which measures coverage
          .forEach(options::add);
      options.addAll(
          List.of(
              "-Xint",
              "-classpath",
              System.getProperty("java.class.path"),
              Meeting.class.getName()));
      assertEquals("counted", ChildJvm.run(options.toArray(String[]::new)));
    }
  }

  @Nested
  class AWaitThatDoesNotPark {

    @Test
    void countsASpinOrAYieldThatEndedIt() throws Exception {
      WakerGroup adaptive = WakerGroup.named("adaptive").recordingStats();
      AtomicWaker spinning = new AtomicWaker(adaptive);
      AtomicInteger checks = new AtomicInteger();
      spinning.await(() -> checks.incrementAndGet() == 2);
      assertEquals(1, adaptive.stats().spunWaits());
      AtomicWaker yielding = new AtomicWaker(adaptive);
      checks.set(0);
      yielding.await(
          () -> {
            // So that the spin ends by the clock.
            Waiter.spin(Duration.ofNanos(WaitPolicy.ADAPTIVE.maxSpinNanos));
            return checks.incrementAndGet() == 3;
          });
      assertEquals(2, adaptive.stats().spunWaits());
      assertFalse(spinning.await(() -> false, Duration.ofNanos(1)));
      assertEquals(2, adaptive.stats().spunWaits(), "a spin that failed");
      assertEquals(NO_WAKES, adaptive.stats().wakes());
    }

    @Test
    void countsNothingIfTheConditionIsTrueAlready() throws Exception {
      waker.await(() -> true);
      assertEquals(
          new WakerStats(NO_WAKES, NO_WAKEUPS, NO_RACES, 0, Duration.ZERO, 0, 0, 0, null, null),
          group.stats());
    }
  }

  @Nested
  class TheStatistics {

    @Test
    void areSubtractedCountByCount() {
      WakerStats earlier =
          new WakerStats(
              new Wakes(1, 2, 3),
              new Wakeups(1, 2, 3, 4, 5),
              new Races(1, 2, 3),
              4,
              Duration.ofNanos(5),
              6,
              7,
              8,
              Duration.ofNanos(9),
              new WakeLatency(new long[WakeLatency.BUCKETS], Duration.ofNanos(10)));
      WakerStats later =
          new WakerStats(
              new Wakes(11, 22, 33),
              new Wakeups(11, 22, 33, 44, 55),
              new Races(11, 22, 33),
              44,
              Duration.ofNanos(55),
              66,
              3,
              88,
              Duration.ofNanos(2),
              new WakeLatency(new long[WakeLatency.BUCKETS], Duration.ofNanos(110)));
      assertEquals(
          new WakerStats(
              new Wakes(10, 20, 30),
              new Wakeups(10, 20, 30, 40, 50),
              new Races(10, 20, 30),
              40,
              Duration.ofNanos(50),
              60,
              3,
              80,
              Duration.ofNanos(2),
              new WakeLatency(new long[WakeLatency.BUCKETS], Duration.ofNanos(100))),
          later.minus(earlier));
    }

    /** Many threads wait on a few wakers and end in every way, while another one reads. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neverDriftAndNeverHaveNegativeWaiters(boolean tracking) {
      WakerGroup group =
          tracking ? WakerStatsTest.this.group.trackingWaits() : WakerStatsTest.this.group;
      AtomicWaker[] wakers = new AtomicWaker[4];
      for (int i = 0; i < wakers.length; i++) {
        wakers[i] = new AtomicWaker(group);
      }
      List<Waiter<Boolean>> waiters = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        SplittableRandom random = new SplittableRandom(i);
        waiters.add(
            Waiter.start(
                i % 4 == 0 ? Waiter.Kind.PLATFORM : Waiter.Kind.VIRTUAL,
                () -> {
                  for (int wait = 0; wait < 2_000; wait++) {
                    disturbedWait(wakers[random.nextInt(wakers.length)], random);
                  }
                  return true;
                }));
      }
      SplittableRandom random = new SplittableRandom();
      Duration parkedTime = Duration.ZERO;
      while (!waiters.stream().allMatch(Waiter::isDone)) {
        WakerStats now = group.stats();
        int most = tracking ? 32 : 16; // one of a thread may end while another is not read yet
        assertTrue(now.waiting() >= 0 && now.waiting() <= most, now::toString);
        assertTrue(now.parkedTime().compareTo(parkedTime) >= 0, now::toString);
        parkedTime = now.parkedTime();
        assertTrue(!tracking || group.waits().size() <= 16);
        Thread disturbed = waiters.get(random.nextInt(waiters.size())).thread;
        switch (random.nextInt(3)) {
          case 0 -> disturbed.interrupt();
          case 1 -> LockSupport.unpark(disturbed);
          default -> wakers[random.nextInt(wakers.length)].wake();
        }
      }
      waiters.forEach(waiter -> assertTrue(waiter.result()));
      WakerStats stats = group.stats();
      assertEquals(0, stats.waiting());
      Wakeups wakeups = stats.wakeups();
      assertTrue(wakeups.timeout() > 0 && wakeups.interrupted() > 0, stats::toString);
      assertTrue(wakeups.woken() > 0 && wakeups.displaced() > 0, stats::toString);
      if (tracking) {
        assertEquals(List.of(), group.waits());
        assertEquals(Duration.ZERO, stats.longestWait());
        long run = requireNonNull(stats.latency()).count();
        assertTrue(0 < run && run <= wakeups.woken(), stats::toString);
      }
    }

    private static void disturbedWait(AtomicWaker waker, SplittableRandom random) {
      AtomicInteger checks = new AtomicInteger();
      int last = random.nextInt(8);
      try {
        waker.await(
            () -> {
              if (checks.incrementAndGet() < last) {
                return false;
              }
              return switch (random.nextInt(6)) {
                case 0 -> throw new ArithmeticException();
                case 1 -> throw new OutOfMemoryError();
                case 2 -> throw new StackOverflowError();
                default -> true;
              };
            },
            Duration.ofNanos(random.nextInt(1_000_000)));
      } catch (InterruptedException
          | IllegalStateException
          | ArithmeticException
          | VirtualMachineError expected) {
        // a wait may end like that
      }
    }
  }
}
