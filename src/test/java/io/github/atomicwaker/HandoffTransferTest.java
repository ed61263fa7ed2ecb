package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The second of two threads hands the value over for both, while the first one is still parked: a
 * take delivers the value of a parked put, and a put gives its value to a parked take. The parked
 * threads are on a scheduler that the test steps, to see who runs.
 */
@Timeout(60)
class HandoffTransferTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final Handoff<String> handoff = new Handoff<>(WakerGroup.named("test"));
  private final SteppedScheduler scheduler = new SteppedScheduler();

  @AfterEach
  void noThreadIsLeftWaiting() {
    assertNull(handoff.producer().registered());
    assertNull(handoff.consumer().registered());
    assertFalse(Thread.interrupted());
  }

  private Waiter<String> startPut(String value) {
    return start(
        () -> {
          handoff.put(value);
          return value;
        });
  }

  private Waiter<String> startTake() {
    return start(handoff::take);
  }

  /** Its result also shows an interrupt that is still set. */
  private Waiter<String> start(Callable<String> body) {
    return Waiter.start(
        scheduler,
        () -> {
          String value = body.call();
          return Thread.interrupted() ? value + " and interrupt" : value;
        });
  }

  private static void assertThrew(Class<? extends Throwable> expected, Waiter<?> waiter) {
    assertEquals(expected, waiter.thrown().getClass());
  }

  @Nested
  class AParkedPut {

    @Test
    void isDeliveredByTheTake() throws Exception {
      for (TakeMethod first : TakeMethod.values()) {
        for (TakeMethod second : TakeMethod.values()) {
          handoff.put("first");
          Waiter<String> putting = startPut("second");
          assertEquals("first", first.on(handoff));
          assertTrue(scheduler.hasRunnable(), "the producer is woken");
          assertFalse(handoff.offer("third"), "the place is full again");
          assertEquals("second", second.on(handoff));
          assertNull(handoff.poll());
          assertFalse(putting.isDone());
          scheduler.run();
          assertEquals("second", putting.result());
        }
      }
    }

    @Test
    void returnsOnceDeliveredDespiteAnInterruptAndAClose() throws Exception {
      handoff.put("first");
      Waiter<String> putting = startPut("second");
      assertEquals("first", handoff.take());
      putting.thread.interrupt();
      handoff.close();
      scheduler.run();
      assertEquals("second and interrupt", putting.result());
      assertEquals("second", handoff.take());
      assertThrows(HandoffClosedException.class, handoff::take);
    }

    @Test
    void returnsOnceDeliveredDespiteADisplacement() throws Exception {
      handoff.put("first");
      Waiter<String> displaced = startPut("second");
      handoff.producer().register(Thread.currentThread());
      assertEquals("first", handoff.take());
      handoff.producer().register(Thread.currentThread());
      scheduler.run();
      assertEquals("second", displaced.result());
      assertTrue(handoff.producer().deregister());
      assertEquals("second", handoff.take());
    }

    @Test
    void hasNotDeliveredIfACloseRefusesIt() throws Exception {
      handoff.put("last");
      Waiter<String> putting = startPut("late");
      handoff.close();
      assertTrue(handoff.isClosed());
      assertEquals("last", handoff.take());
      assertThrows(HandoffClosedException.class, handoff::take);
      handoff.close();
      scheduler.run();
      assertThrew(HandoffClosedException.class, putting);
    }

    /** Only one value can wait behind the one in the place. */
    @Test
    void behindAnotherPutsWhenThereIsSpace() throws Exception {
      handoff.put("first");
      Waiter<String> displaced = startPut("displaced");
      Waiter<String> behind = startPut("behind");
      assertThrew(DisplacedException.class, displaced);
      handoff.consumer().register();
      assertEquals("first", handoff.poll());
      assertNull(handoff.poll());
      scheduler.run();
      assertEquals("behind", behind.result());
      assertNull(handoff.consumer().registered(), "the consumer is woken");
      assertEquals("behind", handoff.poll());
      assertNull(handoff.poll());
    }

    @Test
    void behindAnotherIsRefusedByAClose() throws Exception {
      handoff.put("last");
      Waiter<String> displaced = startPut("displaced");
      Waiter<String> behind = startPut("behind");
      handoff.close();
      scheduler.run();
      assertThrew(DisplacedException.class, displaced);
      assertThrew(HandoffClosedException.class, behind);
      assertEquals("last", handoff.take());
      assertThrows(HandoffClosedException.class, handoff::take);
    }
  }

  @Nested
  class AParkedTake {

    @Test
    void isGivenTheValueByThePut() throws Exception {
      for (TakeMethod take : List.of(TakeMethod.TAKE, TakeMethod.POLL_TIMED)) {
        for (PutMethod first : PutMethod.values()) {
          for (PutMethod second : PutMethod.values()) {
            Waiter<String> taking = start(() -> take.on(handoff));
            assertNull(handoff.poll(), "a take that waits is no value");
            assertTrue(first.on(handoff, "first"));
            assertTrue(scheduler.hasRunnable(), "the consumer is woken");
            assertNull(handoff.poll(), "the value belongs to the parked take");
            assertTrue(second.on(handoff, "second"), "the place is still free");
            assertFalse(handoff.offer("third"));
            assertFalse(taking.isDone());
            handoff.producer().register();
            scheduler.run();
            assertEquals("first", taking.result());
            assertTrue(handoff.producer().deregister(), "the place was not made free: no wake");
            assertEquals("second", handoff.poll());
            assertNull(handoff.poll());
          }
        }
      }
    }

    @Test
    void returnsTheValueItWasGivenDespiteAnInterruptAndAClose() throws Exception {
      Waiter<String> taking = startTake();
      handoff.put("value");
      taking.thread.interrupt();
      handoff.close();
      scheduler.run();
      assertEquals("value and interrupt", taking.result());
      assertThrows(HandoffClosedException.class, handoff::take);
    }

    @Test
    void returnsTheValueItWasGivenDespiteADisplacement() throws Exception {
      Waiter<String> displaced = startTake();
      handoff.consumer().register();
      assertTrue(handoff.offer("first"));
      assertTrue(handoff.offer("second"));
      handoff.consumer().register();
      scheduler.run();
      assertEquals("first", displaced.result());
      assertTrue(handoff.consumer().deregister());
      assertEquals("second", handoff.take());
    }

    /** After each of these ways to give up, a put does not give to the take that is gone. */
    @Test
    void thatGaveUpIsGivenNothingAndTheNextOneIs() throws Exception {
      Waiter<String> interrupted = startTake();
      interrupted.thread.interrupt();
      scheduler.run();
      assertThrew(InterruptedException.class, interrupted);
      assertTrue(handoff.offer("left"));
      assertFalse(handoff.offer("more"));
      assertEquals("left", handoff.poll());
      Waiter<String> again = startTake();
      again.thread.interrupt();
      scheduler.run();
      assertThrew(InterruptedException.class, again);
      assertTheNextTakeIsGiven();
      assertNull(handoff.poll(SHORT));
      assertTheNextTakeIsGiven();
      Waiter<String> displaced = startTake();
      handoff.consumer().register();
      scheduler.run();
      assertThrew(DisplacedException.class, displaced);
      assertTrue(handoff.consumer().deregister());
      assertTheNextTakeIsGiven();
      Waiter<String> closed = startTake();
      handoff.close();
      assertThrows(HandoffClosedException.class, () -> handoff.offer("late"));
      assertThrows(HandoffClosedException.class, handoff::poll);
      scheduler.run();
      assertThrew(HandoffClosedException.class, closed);
    }

    private void assertTheNextTakeIsGiven() {
      assertIsGiven(startTake());
    }

    private void assertIsGiven(Waiter<String> taking) {
      assertTrue(handoff.offer("first"));
      assertTrue(handoff.offer("second"));
      scheduler.run();
      assertEquals("first", taking.result());
      assertEquals("second", handoff.poll());
    }

    /** Only one take can be given a value at a time. */
    @Test
    void behindAnotherTakesWhenThereIsAValue() throws Exception {
      Waiter<String> displaced = startTake();
      Waiter<String> behind = startTake();
      assertThrew(DisplacedException.class, displaced);
      assertTrue(handoff.offer("value"));
      assertFalse(handoff.offer("more"));
      handoff.producer().register();
      scheduler.run();
      assertEquals("value", behind.result());
      assertNull(handoff.producer().registered(), "the producer is woken");
      assertNull(handoff.poll());
    }

    @Test
    void isGivenAValueAfterASpuriousWake() {
      Waiter<String> taking = startTake();
      handoff.consumer().wake();
      scheduler.run();
      assertFalse(taking.isDone());
      assertIsGiven(taking);
    }
  }

  @Nested
  class BothSides {

    /** One value is given, one is in the place, one waits behind it: the consumer need not wait. */
    @Test
    void handOverThreeValuesWithOneSwitchToEach() throws Exception {
      Waiter<String> taking =
          start(() -> handoff.take() + " " + handoff.take() + " " + handoff.take());
      handoff.put("first");
      handoff.put("second");
      SteppedScheduler other = new SteppedScheduler();
      Waiter<Boolean> putting = Waiter.start(other, () -> PutMethod.PUT.on(handoff, "third"));
      assertFalse(putting.isDone());
      scheduler.run();
      assertEquals("first second third", taking.result());
      other.run();
      assertTrue(putting.result());
    }

    /** The object handed over shows neither that a put has delivered nor that a take was given. */
    @Test
    void deliverTheSameObjectAsOftenAsItIsPut() throws Exception {
      String same = "same";
      handoff.put(same);
      Waiter<String> interrupted = startPut(same);
      interrupted.thread.interrupt();
      scheduler.run();
      assertThrew(InterruptedException.class, interrupted);
      Waiter<String> delivered = startPut(same);
      assertEquals(same, handoff.poll());
      scheduler.run();
      assertEquals(same, delivered.result());
      assertEquals(same, handoff.poll());
      Waiter<String> given = startTake();
      assertTrue(handoff.offer(same));
      assertTrue(handoff.offer(same));
      scheduler.run();
      assertEquals(same, given.result());
      Waiter<String> refused = startPut(same);
      handoff.close();
      scheduler.run();
      assertThrew(HandoffClosedException.class, refused);
      assertEquals(same, handoff.poll());
      assertThrows(HandoffClosedException.class, handoff::poll);
    }

    /** What one side did stands, although the other side's scheduler rejects it. */
    @Test
    void loseNothingWhenTheSchedulerOfOneRejectsIt() throws Exception {
      List<Throwable> rejected = new ArrayList<>();
      Thread self = Thread.currentThread();
      self.setUncaughtExceptionHandler((thread, thrown) -> rejected.add(thrown));
      try {
        Handoff<String> taking = new Handoff<>();
        taking.put("first");
        startParked(taking.producer());
        Handoff<String> putting = new Handoff<>();
        startParked(putting.consumer());
        Handoff<String> closing = new Handoff<>();
        startParked(closing.producer());
        closing.consumer().register();
        scheduler.reject();

        assertEquals("first", taking.take());
        putting.put("value");
        assertEquals("value", putting.poll());
        closing.close();
        assertNull(closing.consumer().registered(), "the consumer is woken all the same");
        assertTrue(closing.isClosed());
      } finally {
        self.setUncaughtExceptionHandler(null);
      }
      assertEquals(
          List.of(
              RejectedExecutionException.class,
              RejectedExecutionException.class,
              RejectedExecutionException.class),
          rejected.stream().<Object>map(Object::getClass).toList());
    }

    private void startParked(AtomicWaker waker) {
      scheduler.start(
          () -> {
            waker.register();
            waker.park();
          });
      scheduler.run();
    }
  }

  /** The put checks its place while a close refuses its value; many rounds have seen each order. */
  @ParameterizedTest
  @EnumSource
  void aCloseRefusesThePutThatChecksMeanwhile(Kind kind) {
    for (int round = 0; round < 2_000; round++) {
      Handoff<String> racing = new Handoff<>(WakerGroup.named("test").parkingOnly());
      assertTrue(racing.offer("last"));
      Waiter<Boolean> producer = Waiter.start(kind, () -> PutMethod.PUT.on(racing, "late"));
      producer.awaitParkedOn(racing.producer());
      for (int check = 0; check <= round % 100; check++) {
        LockSupport.unpark(producer.thread);
      }
      racing.close();
      assertThrew(HandoffClosedException.class, producer);
      assertEquals("last", racing.poll());
      assertThrows(HandoffClosedException.class, racing::poll);
    }
  }

  /** Each of these races ends well with either winner; many rounds have seen both. */
  @Nested
  class GivingUp {
    private static final int ROUNDS = 2_000;

    @ParameterizedTest
    @EnumSource
    void racesWithTheTakeThatMovesTheValueOfThePut(Kind kind) throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        Handoff<Integer> racing = new Handoff<>(WakerGroup.named("test").parkingOnly());
        racing.put(1);
        boolean byInterrupt = round % 2 == 0;
        Duration timeout = byInterrupt ? LONG : Duration.ofNanos(10L * round);
        Waiter<Boolean> producer =
            Waiter.start(
                kind,
                () -> {
                  try {
                    boolean put = racing.offer(2, timeout);
                    assertEquals(put && byInterrupt, Thread.interrupted());
                    return put;
                  } catch (InterruptedException e) {
                    return false;
                  }
                });
        if (byInterrupt) {
          producer.awaitParkedOn(racing.producer());
          producer.thread.interrupt();
        }
        assertEquals(1, racing.take());
        assertEquals(producer.result() ? 2 : null, racing.poll());
        assertNull(racing.poll());
      }
    }

    @ParameterizedTest
    @EnumSource
    void racesWithThePutThatGivesTheTakeAValue(Kind kind) throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        Handoff<Integer> racing = new Handoff<>(WakerGroup.named("test").parkingOnly());
        boolean byInterrupt = round % 2 == 0;
        Duration timeout = byInterrupt ? LONG : Duration.ofNanos(10L * round);
        Waiter<List<Integer>> consumer =
            Waiter.start(
                kind,
                () -> {
                  try {
                    Integer taken = racing.poll(timeout);
                    assertEquals(taken != null && byInterrupt, Thread.interrupted());
                    return taken == null ? List.of() : List.of(taken);
                  } catch (InterruptedException e) {
                    return List.of();
                  }
                });
        if (byInterrupt) {
          consumer.awaitParkedOn(racing.consumer());
          consumer.thread.interrupt();
        }
        assertTrue(racing.offer(1));
        boolean both = racing.offer(2);
        List<Integer> taken = new ArrayList<>(consumer.result());
        for (Integer left; (left = racing.poll()) != null; ) {
          taken.add(left);
        }
        assertEquals(both ? List.of(1, 2) : List.of(1), taken);
      }
    }
  }
}
