package io.github.atomicwaker.samples.disruptor;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventTranslator;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.dsl.ProducerType;
import com.sun.management.OperatingSystemMXBean;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Workers;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Numbered events through one ring buffer, from some producers to a consumer that checks them. */
final class Traffic {

  /** What was measured until the consumer had handled the last event. */
  record Measured(long events, long bursts, double nanos, double cpuNanos, double latencyNanos) {}

  private static final class Event {
    private int producer;
    private long number;

    /** When the burst began that this is the first event of; or 0. */
    private long began;
  }

  static final int PLACES = 1_024;
  private static final int LONGEST_BURST = 32;
  private static final int LONGEST_PAUSE_MICROS = 500;

  /** How often to look for the end: the consumer is measured, so it signals nothing. */
  private static final Duration GLANCE = Duration.ofMillis(1);

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final RingBuffer<Event> ring;
  private final BatchEventProcessor<Event> processor;
  private final Producer[] producers;
  private final Duration patience;

  /** The next number of each producer that the consumer waits for. */
  private final long[] due;

  private long latency;
  private @Nullable String wrong;

  /** Whether the producers are to stop, since no consumer makes room for them. */
  private volatile boolean ended;

  Traffic(WaitStrategy strategy, int producers, int seed, Duration patience) {
    ProducerType type = producers == 1 ? ProducerType.SINGLE : ProducerType.MULTI;
    this.ring = RingBuffer.create(type, Event::new, PLACES, strategy);
    this.processor =
        new BatchEventProcessorBuilder()
            .build(ring, ring.newBarrier(), (event, sequence, endOfBatch) -> handle(event));
    ring.addGatingSequences(processor.getSequence());
    this.producers = new Producer[producers];
    for (int id = 0; id < producers; id++) {
      this.producers[id] = new Producer(id, seed);
    }
    this.due = new long[producers];
    this.patience = patience;
  }

  /** Lets the producers publish for a while. Returns only if every event was handled, in order. */
  Measured run(Duration time, boolean inBursts, Runnable progress)
      throws Failure, InterruptedException {
    try (Workers consumer = new Workers();
        Workers crew = new Workers()) {
      return run(consumer, crew, time, inBursts, progress);
    }
  }

  private Measured run(
      Workers consumer, Workers crew, Duration time, boolean inBursts, Runnable progress)
      throws Failure, InterruptedException {
    try {
      consumer.start(Thread.ofPlatform().daemon().name("consumer"), this::consume);
      long cpu = PROCESS.getProcessCpuTime();
      long start = System.nanoTime();
      for (Producer producer : producers) {
        crew.start(
            Thread.ofPlatform().daemon().name("producer-", producer.id),
            () -> producer.publishUntil(start + time.toNanos(), inBursts));
      }
      if (!crew.await(crew::ended, this::handled, patience, progress) || !awaitHandled(consumer)) {
        throw new Failure(
            Failure.WRONG,
            "%,d events were published, but only %,d handled"
                .formatted(ring.getCursor() + 1, handled() + 1));
      }
      double nanos = System.nanoTime() - start;
      double cpuNanos = PROCESS.getProcessCpuTime() - cpu;
      processor.halt();
      consumer.join(this::handled, patience, progress);
      check();
      long bursts = Stream.of(producers).mapToLong(producer -> producer.bursts).sum();
      return new Measured(ring.getCursor() + 1, bursts, nanos, cpuNanos, latency);
    } finally {
      ended = true;
      processor.halt();
    }
  }

  private void consume() {
    try {
      processor.run();
    } finally {
      ended = true;
    }
  }

  private void handle(Event event) {
    if (event.number != due[event.producer] && wrong == null) {
      wrong =
          "event %,d of producer %d came where %,d was due"
              .formatted(event.number, event.producer, due[event.producer]);
    }
    due[event.producer]++;
    if (event.began != 0) {
      latency += System.nanoTime() - event.began;
    }
  }

  private boolean awaitHandled(Workers consumer) throws Failure, InterruptedException {
    consumer.await(
        () -> handled() >= ring.getCursor() || consumer.ended(),
        this::handled,
        patience,
        GLANCE,
        () -> {});
    return handled() >= ring.getCursor();
  }

  /** The sequence of the last event that was handled. */
  private long handled() {
    return processor.getSequence().get();
  }

  private void check() throws Failure {
    String found = wrong;
    if (found != null) {
      throw new Failure(Failure.WRONG, found);
    }
    for (Producer producer : producers) {
      if (due[producer.id] != producer.next) {
        throw new Failure(
            Failure.WRONG,
            "producer %d published %,d events, and %,d were handled"
                .formatted(producer.id, producer.next, due[producer.id]));
      }
    }
  }

  private final class Producer implements EventTranslator<Event> {
    private final int id;
    private final SplittableRandom random;
    private long next;
    private long bursts;
    private long began;

    Producer(int id, int seed) {
      this.id = id;
      this.random = new SplittableRandom(seed + ((long) id << 32));
    }

    void publishUntil(long end, boolean inBursts) {
      do {
        if (inBursts) {
          bursts++;
          publish(1 + random.nextInt(LONGEST_BURST), System.nanoTime());
          LockSupport.parkNanos(1_000L * random.nextInt(LONGEST_PAUSE_MICROS));
        } else {
          publish(1_000, 0);
        }
      } while (System.nanoTime() - end < 0 && !ended);
    }

    private void publish(int count, long now) {
      began = now;
      for (int i = 0; i < count; i++) {
        while (!ring.tryPublishEvent(this)) {
          if (ended) {
            return;
          }
          LockSupport.parkNanos(1); // as the Disruptor's own producers wait for a free place
        }
        began = 0;
        next++;
      }
    }

    @Override
    public void translateTo(Event event, long sequence) {
      event.producer = id;
      event.number = next;
      event.began = began;
    }
  }
}
