package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class HandoffTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final Handoff<String> handoff = new Handoff<>(WakerGroup.named("test"));

  /** Every way to put a value. */
  enum Put {
    PUT {
      @Override
      boolean on(Handoff<String> handoff, String value) throws InterruptedException {
        handoff.put(value);
        return true;
      }
    },
    OFFER {
      @Override
      boolean on(Handoff<String> handoff, String value) {
        return handoff.offer(value);
      }
    },
    OFFER_TIMED {
      @Override
      boolean on(Handoff<String> handoff, String value) throws InterruptedException {
        return handoff.offer(value, LONG);
      }
    };

    abstract boolean on(Handoff<String> handoff, String value) throws InterruptedException;
  }

  /** Every way to take one. */
  enum Take {
    TAKE {
      @Override
      String on(Handoff<String> handoff) throws InterruptedException {
        return handoff.take();
      }
    },
    POLL {
      @Override
      String on(Handoff<String> handoff) {
        return requireNonNull(handoff.poll());
      }
    },
    POLL_TIMED {
      @Override
      String on(Handoff<String> handoff) throws InterruptedException {
        return requireNonNull(handoff.poll(LONG));
      }
    };

    abstract String on(Handoff<String> handoff) throws InterruptedException;
  }

  @AfterEach
  void nobodyIsLeftWaiting() {
    assertNull(handoff.producer().registered());
    assertNull(handoff.consumer().registered());
    assertFalse(Thread.interrupted());
  }

  private <T> Waiter<T> startWaiting(Kind kind, AtomicWaker on, Callable<T> body) {
    return Waiter.start(kind, body).awaitParkedOn(on);
  }

  @Test
  void aValueIsDeliveredOnceInEveryWay() throws Exception {
    for (Put put : Put.values()) {
      for (Take take : Take.values()) {
        assertTrue(put.on(handoff, put.name()));
        assertEquals(put.name(), take.on(handoff));
        assertNull(handoff.poll());
      }
    }
  }

  @Test
  void aFullPlaceTakesNoSecondValue() throws Exception {
    handoff.put("first");
    assertFalse(handoff.offer("second"));
    assertFalse(handoff.offer("second", Duration.ZERO));
    assertFalse(handoff.offer("second", SHORT));
    assertEquals("first", handoff.take());
    assertNull(handoff.poll());
    assertNull(handoff.poll(Duration.ofSeconds(-1)));
    assertNull(handoff.poll(SHORT));
  }

  @ParameterizedTest
  @EnumSource
  void aTakeWaitsForAPut(Kind kind) throws Exception {
    for (Take take : List.of(Take.TAKE, Take.POLL_TIMED)) {
      for (Put put : Put.values()) {
        Waiter<String> consumer = startWaiting(kind, handoff.consumer(), () -> take.on(handoff));
        assertTrue(put.on(handoff, "value"));
        assertEquals("value", consumer.result());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPutWaitsForATake(Kind kind) throws Exception {
    for (Put put : List.of(Put.PUT, Put.OFFER_TIMED)) {
      for (Take take : Take.values()) {
        handoff.put("first");
        Waiter<Boolean> producer =
            startWaiting(kind, handoff.producer(), () -> put.on(handoff, "second"));
        assertEquals("first", take.on(handoff));
        assertTrue(producer.result());
        assertEquals("second", handoff.take());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"VIRTUAL,VIRTUAL", "VIRTUAL,PLATFORM", "PLATFORM,VIRTUAL", "PLATFORM,PLATFORM"})
  void valuesArriveInOrderFromThreadsThatChange(Kind producers, Kind consumers) {
    Handoff<Integer> numbers = new Handoff<>();
    int turns = 20;
    int each = 500;
    Waiter<Void> producing =
        Waiter.start(
            producers,
            () -> {
              for (int turn = 0; turn < turns; turn++) {
                int first = turn * each;
                Waiter.start(
                        producers,
                        () -> {
                          for (int i = first; i < first + each; i++) {
                            numbers.put(i);
                          }
                          return null;
                        })
                    .result();
              }
              return null;
            });
    List<Integer> taken = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      Waiter.start(
              consumers,
              () -> {
                for (int i = 0; i < each; i++) {
                  taken.add(numbers.take());
                }
                return null;
              })
          .result();
    }
    producing.result();
    assertEquals(IntStream.range(0, turns * each).boxed().toList(), taken);
  }

  @Test
  void anInterruptedPutHasNotDelivered() throws Exception {
    handoff.put("first");
    for (Put put : List.of(Put.PUT, Put.OFFER_TIMED)) {
      Waiter<Boolean> producer =
          startWaiting(Kind.VIRTUAL, handoff.producer(), () -> put.on(handoff, "second"));
      producer.thread.interrupt();
      assertEquals(InterruptedException.class, producer.thrown().getClass());
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> put.on(handoff, "third"));
    }
    assertEquals("first", handoff.take());
    assertNull(handoff.poll());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> handoff.put("fourth"));
    assertNull(handoff.poll());
  }

  @Test
  void anInterruptedTakeHasTakenNothing() throws Exception {
    for (Take take : List.of(Take.TAKE, Take.POLL_TIMED)) {
      Waiter<String> consumer =
          startWaiting(Kind.VIRTUAL, handoff.consumer(), () -> take.on(handoff));
      consumer.thread.interrupt();
      assertEquals(InterruptedException.class, consumer.thrown().getClass());
      handoff.put("value");
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> take.on(handoff));
      assertEquals("value", handoff.take());
    }
  }

  @Test
  void afterCloseAValueInThePlaceIsDeliveredAndThenEveryMethodThrows() throws Exception {
    for (Take last : Take.values()) {
      Handoff<String> closed = new Handoff<>();
      closed.put("last");
      assertFalse(closed.isClosed());
      closed.close();
      closed.close();
      assertTrue(closed.isClosed());
      for (Put put : Put.values()) {
        assertThrows(HandoffClosedException.class, () -> put.on(closed, "late"));
      }
      assertEquals("last", last.on(closed));
      assertTrue(closed.isClosed());
      closed.close();
      for (Take take : Take.values()) {
        assertThrows(HandoffClosedException.class, () -> take.on(closed));
      }
      assertThrows(HandoffClosedException.class, () -> closed.offer("late", Duration.ZERO));
      assertThrows(HandoffClosedException.class, () -> closed.poll(Duration.ZERO));
    }
  }

  @Test
  void closeWakesAWaitingConsumer() {
    for (Take take : List.of(Take.TAKE, Take.POLL_TIMED)) {
      Handoff<String> closing = new Handoff<>();
      Waiter<String> consumer =
          startWaiting(Kind.VIRTUAL, closing.consumer(), () -> take.on(closing));
      closing.close();
      assertEquals(HandoffClosedException.class, consumer.thrown().getClass());
    }
  }

  @Test
  void closeWakesAWaitingProducer() throws Exception {
    for (Put put : List.of(Put.PUT, Put.OFFER_TIMED)) {
      Handoff<String> closing = new Handoff<>();
      closing.put("last");
      Waiter<Boolean> producer =
          startWaiting(Kind.VIRTUAL, closing.producer(), () -> put.on(closing, "late"));
      closing.close();
      assertEquals(HandoffClosedException.class, producer.thrown().getClass());
      assertEquals("last", closing.take());
      assertThrows(HandoffClosedException.class, closing::take);
    }
  }

  /** A put or take by a thread of a {@link SteppedScheduler}: what it put or took. */
  private record Stepped(Thread thread, CompletableFuture<String> result) {

    static Stepped put(SteppedScheduler scheduler, Handoff<String> handoff, String value) {
      return start(
          scheduler,
          () -> {
            handoff.put(value);
            return value;
          });
    }

    static Stepped take(SteppedScheduler scheduler, Handoff<String> handoff) {
      return start(scheduler, handoff::take);
    }

    static Stepped start(SteppedScheduler scheduler, Callable<String> body) {
      CompletableFuture<String> result = new CompletableFuture<>();
      Thread thread =
          scheduler.start(
              () -> {
                try {
                  String value = body.call();
                  result.complete(Thread.interrupted() ? value + " and interrupt" : value);
                } catch (Throwable thrown) {
                  result.completeExceptionally(thrown);
                }
              });
      scheduler.run();
      return new Stepped(thread, result);
    }

    boolean isWaiting() {
      return !result.isDone();
    }

    void assertReturned(String expected) {
      assertEquals(expected, result.getNow(null));
    }

    void assertThrew(Class<? extends Throwable> expected) {
      assertEquals(expected, result.exceptionNow().getClass());
    }
  }

  @Test
  void aTakeDeliversTheValueOfThePutThatWaits() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    for (Take first : Take.values()) {
      for (Take second : Take.values()) {
        handoff.put("first");
        Stepped putting = Stepped.put(scheduler, handoff, "second");
        assertEquals("first", first.on(handoff));
        assertTrue(scheduler.hasRunnable(), "the producer is woken");
        assertFalse(handoff.offer("third"), "the place is full again");
        assertEquals("second", second.on(handoff));
        assertNull(handoff.poll());
        assertTrue(putting.isWaiting());
        scheduler.run();
        putting.assertReturned("second");
      }
    }
  }

  @Test
  void aPutThatHasDeliveredReturnsThoughItIsInterruptedOrItIsClosed() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    handoff.put("first");
    Stepped putting = Stepped.put(scheduler, handoff, "second");
    assertEquals("first", handoff.take());
    putting.thread.interrupt();
    handoff.close();
    scheduler.run();
    putting.assertReturned("second and interrupt");
    assertEquals("second", handoff.take());
    assertThrows(HandoffClosedException.class, handoff::take);
  }

  @Test
  void aPutThatWaitsAndIsRefusedHasNotDelivered() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    handoff.put("last");
    Stepped putting = Stepped.put(scheduler, handoff, "late");
    handoff.close();
    assertTrue(handoff.isClosed());
    assertEquals("last", handoff.take());
    assertThrows(HandoffClosedException.class, handoff::take);
    handoff.close();
    scheduler.run();
    putting.assertThrew(HandoffClosedException.class);
  }

  /**
   * Whether a put has delivered, or a take was given, the object cannot tell that it hands over.
   */
  @Test
  void theSameObjectIsDeliveredAsOftenAsItIsPut() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    String same = "same";
    handoff.put(same);
    Stepped interrupted = Stepped.put(scheduler, handoff, same);
    interrupted.thread.interrupt();
    scheduler.run();
    interrupted.assertThrew(InterruptedException.class);
    Stepped delivered = Stepped.put(scheduler, handoff, same);
    assertEquals(same, handoff.poll());
    scheduler.run();
    delivered.assertReturned(same);
    assertEquals(same, handoff.poll());
    Stepped given = Stepped.take(scheduler, handoff);
    assertTrue(handoff.offer(same));
    assertTrue(handoff.offer(same));
    scheduler.run();
    given.assertReturned(same);
    Stepped refused = Stepped.put(scheduler, handoff, same);
    handoff.close();
    scheduler.run();
    refused.assertThrew(HandoffClosedException.class);
    assertEquals(same, handoff.poll());
    assertThrows(HandoffClosedException.class, handoff::poll);
  }

  @Test
  void aPutThatHasDeliveredReturnsThoughItIsDisplaced() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    handoff.put("first");
    Stepped displaced = Stepped.put(scheduler, handoff, "second");
    handoff.producer().register(Thread.currentThread());
    assertEquals("first", handoff.take());
    handoff.producer().register(Thread.currentThread());
    scheduler.run();
    displaced.assertReturned("second");
    assertTrue(handoff.producer().deregister());
    assertEquals("second", handoff.take());
  }

  /** Only one value can wait behind the one in the place. */
  @Test
  void aPutBehindOneThatWaitsPutsWhenThereIsSpace() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    handoff.put("first");
    Stepped displaced = Stepped.put(scheduler, handoff, "displaced");
    Stepped behind = Stepped.put(scheduler, handoff, "behind");
    displaced.assertThrew(IllegalStateException.class);
    handoff.consumer().register();
    assertEquals("first", handoff.poll());
    assertNull(handoff.poll());
    scheduler.run();
    behind.assertReturned("behind");
    assertNull(handoff.consumer().registered(), "the consumer is woken");
    assertEquals("behind", handoff.poll());
    assertNull(handoff.poll());
  }

  @Test
  void aCloseRefusesThePutBehindOneThatWaits() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    handoff.put("last");
    Stepped displaced = Stepped.put(scheduler, handoff, "displaced");
    Stepped behind = Stepped.put(scheduler, handoff, "behind");
    handoff.close();
    scheduler.run();
    displaced.assertThrew(IllegalStateException.class);
    behind.assertThrew(HandoffClosedException.class);
    assertEquals("last", handoff.take());
    assertThrows(HandoffClosedException.class, handoff::take);
  }

  @Test
  void aPutGivesItsValueToTheTakeThatWaits() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    for (Take take : List.of(Take.TAKE, Take.POLL_TIMED)) {
      for (Put first : Put.values()) {
        for (Put second : Put.values()) {
          Stepped taking = Stepped.start(scheduler, () -> take.on(handoff));
          assertNull(handoff.poll(), "one that waits is no value");
          assertTrue(first.on(handoff, "first"));
          assertTrue(scheduler.hasRunnable(), "the consumer is woken");
          assertNull(handoff.poll(), "the value is another one's");
          assertTrue(second.on(handoff, "second"), "the place is still free");
          assertFalse(handoff.offer("third"));
          assertTrue(taking.isWaiting());
          handoff.producer().register();
          scheduler.run();
          taking.assertReturned("first");
          assertTrue(handoff.producer().deregister(), "the place was not made free: no wake");
          assertEquals("second", handoff.poll());
          assertNull(handoff.poll());
        }
      }
    }
  }

  /** One is given, one is in the place, one waits behind it: the consumer then need not wait. */
  @Test
  void threeValuesAreHandedOverByOneSwitchToEachSide() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    Stepped taking =
        Stepped.start(
            scheduler, () -> handoff.take() + " " + handoff.take() + " " + handoff.take());
    handoff.put("first");
    handoff.put("second");
    SteppedScheduler other = new SteppedScheduler();
    Stepped putting = Stepped.put(other, handoff, "third");
    assertTrue(putting.isWaiting());
    scheduler.run();
    taking.assertReturned("first second third");
    other.run();
    putting.assertReturned("third");
  }

  @Test
  void aTakeThatWasGivenAValueReturnsItThoughItIsInterruptedOrItIsClosed() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    Stepped taking = Stepped.take(scheduler, handoff);
    handoff.put("value");
    taking.thread.interrupt();
    handoff.close();
    scheduler.run();
    taking.assertReturned("value and interrupt");
    assertThrows(HandoffClosedException.class, handoff::take);
  }

  @Test
  void aTakeThatWasGivenAValueReturnsItThoughItIsDisplaced() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    Stepped displaced = Stepped.take(scheduler, handoff);
    handoff.consumer().register();
    assertTrue(handoff.offer("first"));
    assertTrue(handoff.offer("second"));
    handoff.consumer().register();
    scheduler.run();
    displaced.assertReturned("first");
    assertTrue(handoff.consumer().deregister());
    assertEquals("second", handoff.take());
  }

  /** After each of these ways to give up, a put does not give to the one that is gone. */
  @Test
  void aTakeThatGaveUpIsGivenNothingAndTheNextOneIs() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    Stepped interrupted = Stepped.take(scheduler, handoff);
    interrupted.thread.interrupt();
    scheduler.run();
    interrupted.assertThrew(InterruptedException.class);
    assertTrue(handoff.offer("left"));
    assertFalse(handoff.offer("more"));
    assertEquals("left", handoff.poll());
    Stepped again = Stepped.take(scheduler, handoff);
    again.thread.interrupt();
    scheduler.run();
    again.assertThrew(InterruptedException.class);
    assertTheNextTakeIsGiven(scheduler);
    assertNull(handoff.poll(SHORT));
    assertTheNextTakeIsGiven(scheduler);
    Stepped displaced = Stepped.take(scheduler, handoff);
    handoff.consumer().register();
    scheduler.run();
    displaced.assertThrew(IllegalStateException.class);
    assertTrue(handoff.consumer().deregister());
    assertTheNextTakeIsGiven(scheduler);
    Stepped closed = Stepped.take(scheduler, handoff);
    handoff.close();
    assertThrows(HandoffClosedException.class, () -> handoff.offer("late"));
    assertThrows(HandoffClosedException.class, handoff::poll);
    scheduler.run();
    closed.assertThrew(HandoffClosedException.class);
  }

  private void assertTheNextTakeIsGiven(SteppedScheduler scheduler) {
    Stepped next = Stepped.take(scheduler, handoff);
    assertTrue(handoff.offer("first"));
    assertTrue(handoff.offer("second"));
    scheduler.run();
    next.assertReturned("first");
    assertEquals("second", handoff.poll());
  }

  /** Only one take can be given a value at a time. */
  @Test
  void aTakeBehindOneThatWaitsTakesWhenThereIsAValue() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    Stepped displaced = Stepped.take(scheduler, handoff);
    Stepped behind = Stepped.take(scheduler, handoff);
    displaced.assertThrew(IllegalStateException.class);
    assertTrue(handoff.offer("value"));
    assertFalse(handoff.offer("more"));
    handoff.producer().register();
    scheduler.run();
    behind.assertReturned("value");
    assertNull(handoff.producer().registered(), "the producer is woken");
    assertNull(handoff.poll());
  }

  /** What ends no wait: the take looks again, and is still given its value. */
  @Test
  void aTakeThatLooksAgainInVainIsGivenAValue() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    Stepped taking = Stepped.take(scheduler, handoff);
    handoff.consumer().wake();
    scheduler.run();
    assertTrue(taking.isWaiting());
    assertTrue(handoff.offer("first"));
    assertTrue(handoff.offer("second"));
    scheduler.run();
    taking.assertReturned("first");
    assertEquals("second", handoff.poll());
  }

  /** Each of these races ends well, whoever wins; many rounds have seen both. */
  @ParameterizedTest
  @EnumSource
  void aPutThatGivesUpWhileATakeMovesItsValue(Kind kind) throws Exception {
    for (int round = 0; round < 2_000; round++) {
      Handoff<Integer> racing = new Handoff<>(WakerGroup.named("test").parkingOnly());
      racing.put(1);
      boolean byInterrupt = round % 2 == 0;
      Duration instant = byInterrupt ? LONG : Duration.ofNanos(10L * round);
      Waiter<Boolean> producer =
          Waiter.start(
              kind,
              () -> {
                try {
                  boolean put = racing.offer(2, instant);
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
  void aTakeThatGivesUpWhileAPutGivesItAValue(Kind kind) throws Exception {
    for (int round = 0; round < 2_000; round++) {
      Handoff<Integer> racing = new Handoff<>(WakerGroup.named("test").parkingOnly());
      boolean byInterrupt = round % 2 == 0;
      Duration instant = byInterrupt ? LONG : Duration.ofNanos(10L * round);
      Waiter<List<Integer>> consumer =
          Waiter.start(
              kind,
              () -> {
                try {
                  Integer taken = racing.poll(instant);
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

  /** What one side did stands, although the other side's scheduler rejects it. */
  @Test
  void aSideThatCannotBeScheduledTakesNothingFromTheOther() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    List<Throwable> rejected = new ArrayList<>();
    Thread self = Thread.currentThread();
    self.setUncaughtExceptionHandler((thread, thrown) -> rejected.add(thrown));
    try {
      Handoff<String> taking = new Handoff<>();
      taking.put("first");
      startParked(scheduler, taking.producer());
      Handoff<String> putting = new Handoff<>();
      startParked(scheduler, putting.consumer());
      Handoff<String> closing = new Handoff<>();
      startParked(scheduler, closing.producer());
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

  private static void startParked(SteppedScheduler scheduler, AtomicWaker waker) {
    scheduler.start(
        () -> {
          waker.register();
          waker.park();
        });
    scheduler.run();
  }

  @Test
  void twoWaitingConsumersOneIsTold() throws Exception {
    Waiter<String> first = startWaiting(Kind.VIRTUAL, handoff.consumer(), handoff::take);
    Waiter<String> second = Waiter.start(Kind.VIRTUAL, handoff::take);
    assertEquals(IllegalStateException.class, first.thrown().getClass());
    second.awaitParkedOn(handoff.consumer());
    handoff.put("value");
    assertEquals("value", second.result());
  }

  @Test
  void twoWaitingProducersOneIsTold() throws Exception {
    handoff.put("first");
    Waiter<Boolean> told =
        startWaiting(Kind.VIRTUAL, handoff.producer(), () -> handoff.offer("told", LONG));
    Waiter<Boolean> second = Waiter.start(Kind.VIRTUAL, () -> handoff.offer("second", LONG));
    assertEquals(IllegalStateException.class, told.thrown().getClass());
    assertEquals("first", handoff.take());
    assertTrue(second.result());
    assertEquals("second", handoff.take());
    assertNull(handoff.poll());
  }

  /** Against the contract, by offers and polls that never wait: nothing is lost or doubled. */
  @Test
  void manyProducersAndConsumersLoseAndDuplicateNothing() {
    Handoff<Integer> numbers = new Handoff<>();
    int each = 5_000;
    var seen = ConcurrentHashMap.<Integer>newKeySet();
    List<Waiter<Void>> producers =
        IntStream.range(0, 2)
            .mapToObj(
                p ->
                    Waiter.<Void>start(
                        Kind.PLATFORM,
                        () -> {
                          for (int i = p * each; i < (p + 1) * each; i++) {
                            for (int looks = 1; !numbers.offer(i); looks++) {
                              Waiter.pause(looks);
                            }
                          }
                          return null;
                        }))
            .toList();
    List<Waiter<Integer>> consumers =
        IntStream.range(0, 2)
            .mapToObj(
                c ->
                    Waiter.start(
                        Kind.PLATFORM,
                        () -> {
                          int taken = 0;
                          try {
                            for (int looks = 1; ; looks++) {
                              Integer number = numbers.poll();
                              if (number != null) {
                                assertTrue(seen.add(number), "taken twice");
                                taken++;
                                looks = 0;
                              } else {
                                Waiter.pause(looks);
                              }
                            }
                          } catch (HandoffClosedException end) {
                            return taken;
                          }
                        }))
            .toList();
    producers.forEach(Waiter::result);
    numbers.close();
    assertEquals(2 * each, consumers.stream().mapToInt(Waiter::result).sum());
    assertEquals(2 * each, seen.size());
  }

  @Test
  @SuppressWarnings("NullAway") // null is what they are given
  void refusesNullAndPutsNothing() {
    assertThrows(NullPointerException.class, () -> handoff.put(null));
    assertThrows(NullPointerException.class, () -> handoff.offer(null));
    assertThrows(NullPointerException.class, () -> handoff.offer(null, SHORT));
    assertThrows(NullPointerException.class, () -> handoff.offer("value", null));
    assertThrows(NullPointerException.class, () -> handoff.poll(null));
    assertThrows(NullPointerException.class, () -> new Handoff<>(null));
    assertNull(handoff.poll());
  }

  /** With the strings of its wakers, whose identities a thread dump prints. */
  private static String string(Handoff<?> handoff, String state) {
    return "%s[%s, producer=%s, consumer=%s]"
        .formatted(
            Objects.toIdentityString(handoff), state, handoff.producer(), handoff.consumer());
  }

  @Test
  void theStringSaysHowItStandsAndWhoWaits() throws Exception {
    String identity = Objects.toIdentityString(handoff);
    assertTrue(identity.startsWith("io.github.atomicwaker.Handoff@"));
    assertEquals(string(handoff, "test, empty"), handoff.toString());
    Waiter<String> consumer = startWaiting(Kind.VIRTUAL, handoff.consumer(), handoff::take);
    assertEquals(string(handoff, "test, empty"), handoff.toString());
    assertTrue(handoff.toString().endsWith("[test, waiter=" + consumer.thread + "]]"));
    handoff.put("value");
    consumer.result();
    handoff.put("value");
    assertEquals(string(handoff, "test, full"), handoff.toString());
    Waiter<Boolean> producer =
        startWaiting(Kind.VIRTUAL, handoff.producer(), () -> handoff.offer("more", LONG));
    assertEquals(string(handoff, "test, full"), handoff.toString());
    producer.thread.interrupt();
    producer.thrown();
    handoff.close();
    assertEquals(string(handoff, "test, full, closed"), handoff.toString());
    handoff.take();
    assertEquals(string(handoff, "test, empty, closed"), handoff.toString());
    assertTrue(
        assertThrows(HandoffClosedException.class, handoff::take).toString().contains(identity));
  }

  @Test
  void withoutANameTheStringHasNone() {
    Handoff<String> unnamed = new Handoff<>();
    assertEquals(string(unnamed, "empty"), unnamed.toString());
  }

  @Test
  void anEmptyOneThatIsClosedTwiceGivesNothing() {
    Handoff<String> closed = new Handoff<>();
    closed.close();
    closed.close();
    assertThrows(HandoffClosedException.class, closed::poll);
  }
}
