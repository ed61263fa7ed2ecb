package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the methods of a hand-off return, throw and wait for. */
@Timeout(60)
class HandoffTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Set<PutMethod> WAITING_PUTS =
      EnumSet.complementOf(EnumSet.of(PutMethod.OFFER));
  private static final Set<TakeMethod> WAITING_TAKES =
      EnumSet.complementOf(EnumSet.of(TakeMethod.POLL));

  private final Handoff<String> handoff = new Handoff<>(WakerGroup.named("test"));

  @AfterEach
  void noThreadIsLeftWaiting() {
    assertNull(handoff.producer().registered());
    assertNull(handoff.consumer().registered());
    assertFalse(Thread.interrupted());
  }

  private static <T> Waiter<T> startWaiting(Kind kind, AtomicWaker on, Callable<T> body) {
    return Waiter.start(kind, body).awaitParkedOn(on);
  }

  @Test
  @SuppressWarnings("NullAway") // null is what they are given
  void refusesNullAndPutsNothing() {
    assertThrows(NullPointerException.class, () -> handoff.put(null));
    assertThrows(NullPointerException.class, () -> handoff.offer(null));
    assertThrows(NullPointerException.class, () -> handoff.offer(null, SHORT));
    assertThrows(NullPointerException.class, () -> handoff.offer("value", null));
    assertThrows(NullPointerException.class, () -> handoff.offer(null, 1, TimeUnit.DAYS));
    assertThrows(NullPointerException.class, () -> handoff.offer("value", 1, null));
    assertThrows(NullPointerException.class, () -> handoff.tryTransfer(null));
    assertThrows(NullPointerException.class, () -> handoff.poll(null));
    assertThrows(NullPointerException.class, () -> handoff.poll(1, null));
    assertThrows(NullPointerException.class, () -> handoff.close(null));
    assertFalse(handoff.isClosed());
    assertThrows(NullPointerException.class, () -> new Handoff<>(null));
    assertNull(handoff.poll());
  }

  @Nested
  class AValue {

    @Test
    void isDeliveredOnceByEveryPairOfMethods() throws Exception {
      for (PutMethod put : PutMethod.values()) {
        for (TakeMethod take : TakeMethod.values()) {
          assertTrue(put.on(handoff, put.name()));
          assertEquals(put.name(), take.on(handoff));
          assertNull(handoff.poll());
        }
      }
    }

    @Test
    void isRefusedByAFullPlace() throws Exception {
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
    void endsTheWaitOfATake(Kind kind) throws Exception {
      for (TakeMethod take : WAITING_TAKES) {
        for (PutMethod put : PutMethod.values()) {
          Waiter<String> consumer = startWaiting(kind, handoff.consumer(), () -> take.on(handoff));
          assertTrue(put.on(handoff, "value"));
          assertEquals("value", consumer.result());
        }
      }
    }

    @ParameterizedTest
    @EnumSource
    void thatIsTakenEndsTheWaitOfAPut(Kind kind) throws Exception {
      for (PutMethod put : WAITING_PUTS) {
        for (TakeMethod take : TakeMethod.values()) {
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
    void arrivesInOrderFromThreadsThatChange(Kind producers, Kind consumers) {
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
  }

  @Nested
  class AnInterrupt {

    @Test
    void ofAPutDeliversNothing() throws Exception {
      handoff.put("first");
      for (PutMethod put : WAITING_PUTS) {
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
    void ofATakeTakesNothing() throws Exception {
      for (TakeMethod take : WAITING_TAKES) {
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
  }

  @Nested
  class AClose {

    @Test
    void leavesTheLastValueToATakeAndThenEveryMethodThrows() throws Exception {
      for (TakeMethod last : TakeMethod.values()) {
        Handoff<String> closed = new Handoff<>();
        closed.put("last");
        assertFalse(closed.isClosed());
        closed.close();
        closed.close();
        assertTrue(closed.isClosed());
        for (PutMethod put : PutMethod.values()) {
          assertThrows(HandoffClosedException.class, () -> put.on(closed, "late"));
        }
        assertEquals("last", last.on(closed));
        assertTrue(closed.isClosed());
        closed.close();
        for (TakeMethod take : TakeMethod.values()) {
          assertThrows(HandoffClosedException.class, () -> take.on(closed));
        }
        assertThrows(HandoffClosedException.class, () -> closed.offer("late", Duration.ZERO));
        assertThrows(HandoffClosedException.class, () -> closed.poll(Duration.ZERO));
      }
    }

    @Test
    void thatIsRepeatedOnAnEmptyHandoffChangesNothing() {
      handoff.close();
      handoff.close();
      assertThrows(HandoffClosedException.class, handoff::poll);
    }

    @Test
    void hasTheCauseOfTheFirstInAFreshExceptionOfBothSides() throws Exception {
      handoff.put("last");
      Waiter<Boolean> late =
          startWaiting(Kind.VIRTUAL, handoff.producer(), () -> handoff.offer("late", LONG));
      IOException cause = new IOException("disk full");
      handoff.close(cause);
      handoff.close(new IOException("ignored"));
      handoff.close();
      assertSame(cause, late.thrown().getCause());
      assertEquals("last", handoff.poll());
      Set<Throwable> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
      for (TakeMethod take : TakeMethod.values()) {
        fresh.add(assertThrows(HandoffClosedException.class, () -> take.on(handoff)));
      }
      for (PutMethod put : PutMethod.values()) {
        fresh.add(assertThrows(HandoffClosedException.class, () -> put.on(handoff, "late")));
      }
      fresh.add(assertThrows(HandoffClosedException.class, () -> handoff.tryTransfer("late")));
      fresh.add(assertThrows(HandoffClosedException.class, handoff::takeUnlessClosed));
      fresh.forEach(thrown -> assertSame(cause, thrown.getCause()));
      assertEquals(PutMethod.values().length + TakeMethod.values().length + 2, fresh.size());
    }

    @Test
    void withACauseEndsTheWaitOfATake() {
      Waiter<String> waiting = startWaiting(Kind.VIRTUAL, handoff.consumer(), handoff::take);
      IOException cause = new IOException("disk full");
      handoff.close(cause);
      assertSame(cause, waiting.thrown().getCause());
    }

    @Test
    void isTheEndOfAConsumersLoop() throws Exception {
      Waiter<Integer> consumer =
          startWaiting(
              Kind.VIRTUAL,
              handoff.consumer(),
              () -> {
                int taken = 0;
                while (handoff.takeUnlessClosed() != null) {
                  taken++;
                }
                return taken;
              });
      try (handoff) {
        handoff.put("first");
        handoff.put("last");
      }
      assertEquals(2, consumer.result());
      assertNull(handoff.takeUnlessClosed());
    }

    @Test
    void isNoMisuse() {
      handoff.close();
      RuntimeException closed = assertThrows(HandoffClosedException.class, handoff::poll);
      assertFalse(closed instanceof IllegalStateException);
      assertNull(closed.getCause());
    }

    @Test
    void wakesAWaitingConsumer() {
      for (TakeMethod take : WAITING_TAKES) {
        Handoff<String> closing = new Handoff<>();
        Waiter<String> consumer =
            startWaiting(Kind.VIRTUAL, closing.consumer(), () -> take.on(closing));
        closing.close();
        assertEquals(HandoffClosedException.class, consumer.thrown().getClass());
      }
    }

    @Test
    void wakesAWaitingProducer() throws Exception {
      for (PutMethod put : WAITING_PUTS) {
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
  }

  @Nested
  class ATransfer {
    private final Handoff<Integer> numbers = new Handoff<>(WakerGroup.named("test"));

    @ParameterizedTest
    @EnumSource
    void reachesAConsumerThatIsParked(Kind kind) {
      for (TakeMethod take : WAITING_TAKES) {
        Waiter<String> consumer = startWaiting(kind, handoff.consumer(), () -> take.on(handoff));
        assertTrue(handoff.tryTransfer("value"));
        assertEquals("value", consumer.result());
      }
    }

    @ParameterizedTest
    @EnumSource
    void reachesAConsumerThatSpins(Kind kind) throws Exception {
      long seconds = TimeUnit.SECONDS.toNanos(10);
      WaitPolicy spinning =
          new WaitPolicy(Integer.MAX_VALUE, 4, seconds, 0, 0, 0, 0, Long.MAX_VALUE, 1, 0);
      Handoff<String> spun = new Handoff<>(new WakerGroup("spinning", spinning, null));
      Waiter<String> consumer = Waiter.start(kind, spun::take);
      assertTrue(spun.tryTransfer("value"));
      assertEquals("value", consumer.result());
    }

    @Test
    void leavesNothingBehindWhereNobodyWaits() throws Exception {
      for (WakerGroup group :
          List.of(WakerGroup.named("test"), WakerGroup.named("test").parkingOnly())) {
        Handoff<String> alone = new Handoff<>(group);
        assertFalse(alone.tryTransfer("value"));
        assertNull(alone.poll());
        assertTrue(alone.offer("put"));
        assertFalse(alone.tryTransfer("behind it"));
        assertEquals("put", alone.poll());
        assertNull(alone.poll(SHORT));
        assertFalse(alone.tryTransfer("after a take gave up"));
        assertNull(alone.poll());
      }
    }

    /** Each value is transferred or not, and is taken if and only if it was. */
    @ParameterizedTest
    @EnumSource
    void toAConsumerThatComesAndGoesIsTakenOrNot(Kind kind) throws Exception {
      Waiter<List<Integer>> consumer =
          Waiter.start(
              kind,
              () -> {
                List<Integer> taken = new ArrayList<>();
                try {
                  while (true) {
                    Integer number = numbers.poll(1_000, TimeUnit.NANOSECONDS);
                    if (number != null) {
                      taken.add(number);
                    }
                  }
                } catch (HandoffClosedException end) {
                  return taken;
                }
              });
      List<Integer> transferred = new ArrayList<>();
      for (int number = 0; transferred.size() < 2_000; number++) {
        if (numbers.tryTransfer(number)) {
          transferred.add(number);
        } else if (number % 64 == 0) {
          Waiter.giveWay(); // the consumer may have no other processor
        }
      }
      numbers.close();
      assertSameValues(transferred, consumer.result());
    }

    /** In order. A list of thousands would be no message. */
    private static void assertSameValues(List<Integer> given, List<Integer> taken) {
      int same = 0;
      while (same < Math.min(given.size(), taken.size())
          && given.get(same).equals(taken.get(same))) {
        same++;
      }
      List<Integer> more = given.subList(same, Math.min(same + 3, given.size()));
      assertEquals(more, taken.subList(same, Math.min(same + 3, taken.size())));
    }

    /** Of the values of two producers none is lost, and none is taken twice. */
    @Test
    void besideAnOfferGivesWayToIt() {
      Waiter<List<Integer>> consumer = Waiter.start(Kind.PLATFORM, () -> takeAll(numbers));
      Waiter<List<Integer>> offering =
          Waiter.start(
              Kind.PLATFORM,
              () -> {
                List<Integer> given = new ArrayList<>();
                for (int odd = 1; odd < 20_000; odd += 2) {
                  if (numbers.offer(odd)) {
                    given.add(odd);
                  }
                }
                return given;
              });
      List<Integer> given = new ArrayList<>();
      for (int even = 0; even < 20_000; even += 2) {
        if (numbers.tryTransfer(even)) {
          given.add(even);
        }
      }
      given.addAll(offering.result());
      numbers.close();
      List<Integer> taken = new ArrayList<>(consumer.result());
      Collections.sort(given);
      Collections.sort(taken);
      assertSameValues(given, taken);
    }

    private static List<Integer> takeAll(Handoff<Integer> numbers) throws InterruptedException {
      List<Integer> taken = new ArrayList<>();
      for (Integer number; (number = numbers.takeUnlessClosed()) != null; ) {
        taken.add(number);
      }
      return taken;
    }

    @Test
    void isRefusedByAClosedHandoff() {
      handoff.close();
      assertThrows(HandoffClosedException.class, () -> handoff.tryTransfer("late"));
    }
  }

  /** Against the contract. */
  @Nested
  class MoreThanOneThreadOnASide {

    @Test
    void displacesTheFirstOfTwoWaitingConsumers() throws Exception {
      Waiter<String> displaced = startWaiting(Kind.VIRTUAL, handoff.consumer(), handoff::take);
      Waiter<String> second = Waiter.start(Kind.VIRTUAL, handoff::take);
      assertEquals(DisplacedException.class, displaced.thrown().getClass());
      second.awaitParkedOn(handoff.consumer());
      handoff.put("value");
      assertEquals("value", second.result());
    }

    @Test
    void displacesTheFirstOfTwoWaitingProducers() throws Exception {
      handoff.put("first");
      Waiter<Boolean> displaced =
          startWaiting(Kind.VIRTUAL, handoff.producer(), () -> handoff.offer("displaced", LONG));
      Waiter<Boolean> second = Waiter.start(Kind.VIRTUAL, () -> handoff.offer("second", LONG));
      assertEquals(DisplacedException.class, displaced.thrown().getClass());
      assertEquals("first", handoff.take());
      assertTrue(second.result());
      assertEquals("second", handoff.take());
      assertNull(handoff.poll());
    }

    @Test
    void losesAndDuplicatesNothingInOffersAndPolls() {
      Handoff<Integer> numbers = new Handoff<>();
      int each = 5_000;
      Set<Integer> seen = ConcurrentHashMap.newKeySet();
      List<Waiter<Void>> producers =
          IntStream.range(0, 2)
              .mapToObj(p -> Waiter.start(Kind.PLATFORM, () -> offerAll(numbers, p * each, each)))
              .toList();
      List<Waiter<Integer>> consumers =
          IntStream.range(0, 2)
              .mapToObj(c -> Waiter.start(Kind.PLATFORM, () -> pollUntilClosed(numbers, seen)))
              .toList();
      producers.forEach(Waiter::result);
      numbers.close();
      assertEquals(2 * each, consumers.stream().mapToInt(Waiter::result).sum());
      assertEquals(2 * each, seen.size());
    }

    private static Void offerAll(Handoff<Integer> numbers, int first, int count) {
      for (int i = first; i < first + count; i++) {
        for (int refused = 1; !numbers.offer(i); refused++) {
          Waiter.pause(refused);
        }
      }
      return null;
    }

    /** Returns how many it has taken. */
    private static int pollUntilClosed(Handoff<Integer> numbers, Set<Integer> seen) {
      int taken = 0;
      try {
        for (int empty = 1; ; empty++) {
          Integer number = numbers.poll();
          if (number != null) {
            assertTrue(seen.add(number), "taken twice");
            taken++;
            empty = 0;
          } else {
            Waiter.pause(empty);
          }
        }
      } catch (HandoffClosedException end) {
        return taken;
      }
    }
  }

  @Nested
  class TheString {

    /** With the strings of its wakers, whose identities a thread dump prints. */
    private static String string(Handoff<?> handoff, String state) {
      return "%s[%s, producer=%s, consumer=%s]"
          .formatted(WaitLoop.identity(handoff), state, handoff.producer(), handoff.consumer());
    }

    @Test
    void namesTheStateAndTheWaitingThreads() throws Exception {
      String identity = WaitLoop.identity(handoff);
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
    void hasNoNameWithoutANamedGroup() {
      Handoff<String> unnamed = new Handoff<>();
      assertEquals(string(unnamed, "empty"), unnamed.toString());
    }
  }
}
