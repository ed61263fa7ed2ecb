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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final List<PutMethod> WAITING_PUTS = List.of(PutMethod.PUT, PutMethod.OFFER_TIMED);
  private static final List<TakeMethod> WAITING_TAKES =
      List.of(TakeMethod.TAKE, TakeMethod.POLL_TIMED);

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
    assertThrows(NullPointerException.class, () -> handoff.poll(null));
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

  /** Against the contract. */
  @Nested
  class MoreThanOneThreadOnASide {

    @Test
    void displacesTheFirstOfTwoWaitingConsumers() throws Exception {
      Waiter<String> displaced = startWaiting(Kind.VIRTUAL, handoff.consumer(), handoff::take);
      Waiter<String> second = Waiter.start(Kind.VIRTUAL, handoff::take);
      assertEquals(IllegalStateException.class, displaced.thrown().getClass());
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
      assertEquals(IllegalStateException.class, displaced.thrown().getClass());
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
          .formatted(
              Objects.toIdentityString(handoff), state, handoff.producer(), handoff.consumer());
    }

    @Test
    void namesTheStateAndTheWaitingThreads() throws Exception {
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
    void hasNoNameWithoutANamedGroup() {
      Handoff<String> unnamed = new Handoff<>();
      assertEquals(string(unnamed, "empty"), unnamed.toString());
    }
  }
}
