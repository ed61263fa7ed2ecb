package io.github.atomicwaker.samples.disruptor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WakerWaitStrategyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final WakerGroup group = WakerGroup.named("events").parkingOnly().recordingStats();
  private final WakerWaitStrategy strategy = new WakerWaitStrategy(group);
  private final RingBuffer<AtomicLong> ring =
      RingBuffer.createMultiProducer(AtomicLong::new, 8, strategy);
  private final SequenceBarrier barrier = ring.newBarrier();

  @Test
  void whatIsThereIsNotWaitedFor() throws Exception {
    publish();
    publish();
    assertEquals(1, barrier.waitFor(0));
    assertEquals(1, barrier.waitFor(1));
  }

  @Test
  void anEventEndsTheWait() throws Exception {
    ParkedThread<Long> consumer = ParkedThread.in(() -> barrier.waitFor(0));
    publish();
    assertEquals(0, consumer.result());
  }

  @Test
  void anEventThatIsNotFarEnoughWakesNobody() throws Exception {
    ParkedThread<Long> consumer = ParkedThread.in(() -> barrier.waitFor(2));
    publish();
    publish();
    assertEquals(0, group.stats().wakes().delivered());
    publish();
    assertEquals(2, consumer.result());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void anEventWakesAllThatWaitForIt(int consumers) throws Exception {
    List<ParkedThread<Long>> waiting =
        IntStream.range(0, consumers)
            .mapToObj(i -> ParkedThread.in(() -> ring.newBarrier().waitFor(0)))
            .toList();
    publish();
    for (ParkedThread<Long> consumer : waiting) {
      assertEquals(0, consumer.result());
    }
  }

  @Test
  void anAlertEndsTheWaitsOfItsBarrierOnly() throws Exception {
    SequenceBarrier other = ring.newBarrier();
    ParkedThread<Long> first = ParkedThread.in(() -> barrier.waitFor(0));
    ParkedThread<Long> second = ParkedThread.in(() -> barrier.waitFor(0));
    ParkedThread<Long> third = ParkedThread.in(() -> other.waitFor(0));
    barrier.alert();
    assertEndsIn(AlertException.class, first);
    assertEndsIn(AlertException.class, second);
    publish();
    assertEquals(0, third.result());
  }

  @Test
  void anAlertEndsTheWait() throws Exception {
    ParkedThread<Long> consumer = ParkedThread.in(() -> barrier.waitFor(0));
    barrier.alert();
    assertEndsIn(AlertException.class, consumer);
    assertThrows(AlertException.class, () -> barrier.waitFor(0));
  }

  @Test
  void anAlertThatIsClearedIsForgotten() throws Exception {
    barrier.alert();
    barrier.clearAlert();
    ParkedThread<Long> consumer = ParkedThread.in(() -> barrier.waitFor(0));
    publish();
    assertEquals(0, consumer.result());
  }

  @Test
  void anAlertThatRacesWithTheWaitIsNotLost() throws Exception {
    AtomicInteger rendezvous = new AtomicInteger();
    for (int i = 1; i <= 2_000; i++) {
      int both = 2 * i;
      SequenceBarrier raced = ring.newBarrier();
      FutureTask<Long> consumer =
          new FutureTask<>(
              () -> {
                meet(rendezvous, both);
                return raced.waitFor(0);
              });
      Thread.ofVirtual().start(consumer);
      meet(rendezvous, both);
      raced.alert();
      ExecutionException thrown =
          assertThrows(ExecutionException.class, () -> consumer.get(10, TimeUnit.SECONDS));
      assertInstanceOf(AlertException.class, thrown.getCause());
    }
  }

  @Test
  void everyLoneEventWakesTheConsumer() throws Exception {
    AtomicLong handled = new AtomicLong();
    AtomicWaker waker = new AtomicWaker();
    BatchEventProcessor<AtomicLong> processor =
        processor(
            () -> {
              handled.incrementAndGet();
              waker.wake();
            });
    Thread consumer = Thread.ofPlatform().daemon().start(processor);
    for (int i = 1; i <= 5_000; i++) {
      int due = i;
      publish();
      assertTrue(waker.await(() -> handled.get() == due, PATIENCE), "event " + i);
    }
    processor.halt();
    assertTrue(consumer.join(PATIENCE));
  }

  @Test
  void aHaltEndsAProcessorThatWaitsAndItCanRunAgain() throws Exception {
    BatchEventProcessor<AtomicLong> processor = processor(() -> {});
    for (int i = 0; i < 2; i++) {
      ParkedThread<?> consumer =
          ParkedThread.in(
              () -> {
                processor.run();
                return null;
              });
      publish();
      processor.halt();
      consumer.result();
      assertFalse(processor.isRunning());
    }
  }

  @Test
  void aDisruptorShutsDownWithEveryEventHandled() throws Exception {
    AtomicLong handled = new AtomicLong();
    Disruptor<AtomicLong> disruptor =
        new Disruptor<>(
            AtomicLong::new, 1_024, DaemonThreadFactory.INSTANCE, ProducerType.SINGLE, strategy);
    disruptor.handleEventsWith((event, sequence, endOfBatch) -> handled.incrementAndGet());
    disruptor.start();
    awaitRegistered("waiter="); // a shutdown before the consumer has begun waits for nothing
    for (int i = 0; i < 1_000; i++) {
      disruptor.publishEvent((event, sequence) -> event.set(sequence));
    }
    disruptor.shutdown(10, TimeUnit.SECONDS);
    assertEquals(1_000, handled.get());
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    ParkedThread<Long> consumer = ParkedThread.in(() -> barrier.waitFor(0));
    consumer.thread.interrupt();
    assertEndsIn(InterruptedException.class, consumer);
    ParkedThread<Long> next = ParkedThread.in(() -> barrier.waitFor(0));
    publish();
    assertEquals(0, next.result());
  }

  @Test
  void anInterruptBeforehandEndsTheWait() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> barrier.waitFor(0));
  }

  @Test
  void aSequenceThatIsDependedOnIsSeenWithoutASignal() throws Exception {
    Sequence other = new Sequence();
    SequenceBarrier dependent = ring.newBarrier(other);
    publish();
    ParkedThread<Long> consumer = ParkedThread.in(() -> dependent.waitFor(0));
    other.set(0);
    assertEquals(0, consumer.result());
  }

  @Test
  void anAlertEndsTheWaitForASequenceThatIsDependedOn() throws Exception {
    SequenceBarrier dependent = ring.newBarrier(new Sequence());
    publish();
    ParkedThread<Long> consumer = ParkedThread.in(() -> dependent.waitFor(0));
    dependent.alert();
    assertEndsIn(AlertException.class, consumer);
  }

  @Test
  void anInterruptEndsTheWaitForASequenceThatIsDependedOn() throws Exception {
    SequenceBarrier dependent = ring.newBarrier(new Sequence());
    publish();
    ParkedThread<Long> consumer = ParkedThread.in(() -> dependent.waitFor(0));
    consumer.thread.interrupt();
    assertEndsIn(InterruptedException.class, consumer);
  }

  @Test
  void aConsumerThatWaitsWakesThoseThatDependOnIt() throws Exception {
    WakerWaitStrategy signalled = new WakerWaitStrategy(group, FOREVER);
    RingBuffer<AtomicLong> events = RingBuffer.createSingleProducer(AtomicLong::new, 8, signalled);
    Sequence first = new Sequence();
    SequenceBarrier ofFirst = events.newBarrier();
    SequenceBarrier ofSecond = events.newBarrier(first);
    ParkedThread<Long> second = ParkedThread.in(() -> ofSecond.waitFor(0));
    assertTrue(events.tryPublishEvent((event, sequence) -> event.set(sequence)));
    assertEquals(0, ofFirst.waitFor(0));
    second.awaitPark(); // now for the first one
    first.set(0); // as a BatchEventProcessor does at the end of a batch, before its next wait
    ParkedThread<Long> next = ParkedThread.in(() -> ofFirst.waitFor(1));
    assertEquals(0, second.result());
    ofFirst.alert();
    assertEndsIn(AlertException.class, next);
  }

  /** Without a glance: each event has to find each consumer, and each consumer those after it. */
  @ParameterizedTest
  @CsvSource({"1, SINGLE", "2, SINGLE", "3, MULTI", "4, MULTI"})
  void everyLoneEventReachesAllConsumersAndThoseThatDependOnThem(int consumers, ProducerType type)
      throws Exception {
    Disruptor<AtomicLong> disruptor =
        new Disruptor<>(
            AtomicLong::new,
            8,
            DaemonThreadFactory.INSTANCE,
            type,
            new WakerWaitStrategy(group, FOREVER));
    AtomicLongArray handled = new AtomicLongArray(consumers + 1);
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    AtomicWaker waker = new AtomicWaker();
    List<EventHandler<AtomicLong>> sideBySide = new ArrayList<>();
    for (int i = 0; i < consumers; i++) {
      int id = i;
      sideBySide.add(
          (event, sequence, endOfBatch) -> {
            if (event.get() != handled.getAndIncrement(id)) {
              wrong.add("consumer %d: event %d".formatted(id, sequence));
            }
          });
    }
    EventHandler<AtomicLong> last =
        (event, sequence, endOfBatch) -> {
          for (int i = 0; i < consumers; i++) {
            if (handled.get(i) <= sequence) {
              wrong.add("event %d, before consumer %d".formatted(sequence, i));
            }
          }
          handled.incrementAndGet(consumers);
          waker.wake();
        };
    disruptor.handleEventsWith(sideBySide.toArray(WakerWaitStrategyTest::handlers)).then(last);
    disruptor.start();
    int rounds = 2_000;
    for (int i = 1; i <= rounds; i++) {
      int due = i;
      disruptor.publishEvent((event, sequence) -> event.set(sequence));
      assertTrue(waker.await(() -> handled.get(consumers) == due, PATIENCE), "event " + i);
    }
    disruptor.shutdown(10, TimeUnit.SECONDS);
    assertEquals(List.of(), List.copyOf(wrong));
    for (int i = 0; i < consumers; i++) {
      assertEquals(rounds, handled.get(i));
    }
  }

  @SuppressWarnings("unchecked") // an array of a generic type, as the Disruptor wants one
  private static EventHandler<AtomicLong>[] handlers(int length) {
    return (EventHandler<AtomicLong>[]) new EventHandler<?>[length];
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aHaltEndsAllConsumersThatWait(int consumers) throws Exception {
    List<BatchEventProcessor<AtomicLong>> processors = new ArrayList<>();
    List<ParkedThread<?>> threads = new ArrayList<>();
    for (int i = 0; i < consumers; i++) {
      BatchEventProcessor<AtomicLong> processor = processor(() -> {});
      processors.add(processor);
      threads.add(
          ParkedThread.in(
              () -> {
                processor.run();
                return null;
              }));
    }
    processors.forEach(BatchEventProcessor::halt);
    for (ParkedThread<?> thread : threads) {
      thread.result();
    }
    assertEquals("WakerWaitStrategy[]", strategy.toString(), "nobody is left in the list");
  }

  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "3, false", "3, true"})
  void trafficComesInOrder(int producers, boolean inBursts) throws Exception {
    Traffic traffic = new Traffic(new WakerWaitStrategy(), producers, 1, PATIENCE);
    assertTrue(traffic.run(Duration.ofMillis(300), inBursts, () -> {}).events() > 0);
  }

  @Test
  void itSaysWhoWaits() throws Exception {
    ParkedThread<Long> consumer = ParkedThread.in(() -> barrier.waitFor(0));
    assertTrue(strategy.toString().contains(id(consumer)), strategy.toString());
    publish();
    consumer.result();
  }

  private void publish() {
    assertTrue(ring.tryPublishEvent((event, sequence) -> event.set(sequence)), "full");
  }

  private BatchEventProcessor<AtomicLong> processor(Runnable handler) {
    BatchEventProcessor<AtomicLong> processor =
        new BatchEventProcessorBuilder()
            .build(ring, barrier, (event, sequence, endOfBatch) -> handler.run());
    ring.addGatingSequences(processor.getSequence());
    return processor;
  }

  private void awaitRegistered(String waiter) {
    ParkedThread.await(() -> strategy.toString().contains(waiter), waiter + " is registered");
  }

  private static String id(ParkedThread<?> parked) {
    return "#" + parked.thread.threadId() + "]";
  }

  private static void meet(AtomicInteger rendezvous, int both) {
    rendezvous.incrementAndGet();
    ParkedThread.await(() -> rendezvous.get() >= both, "they meet");
  }

  private static <X extends Throwable> X assertEndsIn(Class<X> type, ParkedThread<?> parked) {
    return assertInstanceOf(
        type, assertThrows(ExecutionException.class, parked::result).getCause());
  }
}
