package io.github.atomicwaker.samples.disruptor;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class WakerWaitStrategyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final WakerWaitStrategy strategy =
      new WakerWaitStrategy(WakerGroup.named("events").parkingOnly());
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
  void anEventThatIsNotFarEnoughDoesNotEndTheWait() throws Exception {
    ParkedThread<Long> consumer = ParkedThread.in(() -> barrier.waitFor(2));
    for (int i = 0; i < 3; i++) {
      awaitRegistered(id(consumer)); // once more, since the event before has taken it
      publish();
    }
    assertEquals(2, consumer.result());
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
  void ofTwoThatWaitTheFirstIsTold() throws Exception {
    ParkedThread<Long> first = ParkedThread.in(() -> barrier.waitFor(0));
    ParkedThread<Long> second = ParkedThread.in(() -> barrier.waitFor(0));
    IllegalStateException thrown = assertEndsIn(IllegalStateException.class, first);
    assertTrue(requireNonNull(thrown.getMessage()).contains(id(first)), thrown.getMessage());
    assertTrue(requireNonNull(thrown.getMessage()).contains(id(second)), thrown.getMessage());
    publish();
    assertEquals(0, second.result());
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
