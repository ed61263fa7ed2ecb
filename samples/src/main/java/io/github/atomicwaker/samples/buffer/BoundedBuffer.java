package io.github.atomicwaker.samples.buffer;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Rounds;
import io.github.atomicwaker.samples.common.Sample;
import io.github.atomicwaker.samples.common.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The example of {@link Condition}'s documentation, before and after: a bounded buffer on a lock
 * with two conditions, and the same for one producer and one consumer on two wakers. In turn they
 * do the same work.
 */
public final class BoundedBuffer {

  /** Elements come out in the order in which they were put in, each of them once. */
  interface Buffer<E> {

    /** Waits while the buffer is full. */
    void put(E element) throws InterruptedException;

    /** Waits while the buffer is empty. */
    E take() throws InterruptedException;
  }

  /** Before: for any number of producers and consumers. */
  static final class OfConditions<E> implements Buffer<E> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notFull = lock.newCondition();
    private final Condition notEmpty = lock.newCondition();
    private final E[] ring;
    private int putIndex;
    private int takeIndex;
    private int count;

    @SuppressWarnings("unchecked") // only elements of type E are put
    OfConditions(int capacity) {
      ring = (E[]) new Object[capacity];
    }

    @Override
    public void put(E element) throws InterruptedException {
      lock.lock();
      try {
        while (count == ring.length) {
          notFull.await();
        }
        ring[putIndex] = element;
        putIndex = (putIndex + 1) % ring.length;
        count++;
        notEmpty.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public E take() throws InterruptedException {
      lock.lock();
      try {
        while (count == 0) {
          notEmpty.await();
        }
        E element = ring[takeIndex];
        takeIndex = (takeIndex + 1) % ring.length;
        count--;
        notFull.signal();
        return element;
      } finally {
        lock.unlock();
      }
    }
  }

  /** After: for one producer and one consumer. No lock, and no count: a free place is null. */
  static final class OfWakers<E> implements Buffer<E> {
    private final AtomicWaker notFull = new AtomicWaker();
    private final AtomicWaker notEmpty = new AtomicWaker();
    private final AtomicReferenceArray<@Nullable E> ring;
    private int putIndex; // the producer's own
    private int takeIndex; // the consumer's own

    OfWakers(int capacity) {
      ring = new AtomicReferenceArray<>(capacity);
    }

    @Override
    public void put(E element) throws InterruptedException {
      requireNonNull(element, "element");
      notFull.await(() -> ring.getAcquire(putIndex) == null);
      ring.setRelease(putIndex, element);
      putIndex = (putIndex + 1) % ring.length();
      notEmpty.wake();
    }

    @Override
    public E take() throws InterruptedException {
      E element = notEmpty.awaitValue(() -> ring.getAcquire(takeIndex));
      ring.setRelease(takeIndex, null);
      takeIndex = (takeIndex + 1) % ring.length();
      notFull.wake();
      return element;
    }
  }

  public static final Sample SAMPLE =
      new Sample(
          "BoundedBuffer",
          "the example of Condition's documentation, and the same on two wakers",
          List.of(Rounds.SECONDS),
          BoundedBuffer::main);

  private static final int CAPACITY = 100;
  private static final int WARM_UP_ROUNDS = 9;
  private static final int ROUNDS = 21;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What the producer puts last. */
  private static final long END = -1;

  private final Duration turn;
  private final Duration patience;
  private final Console console;
  private long taken;

  BoundedBuffer(Duration turn, Duration patience, Console console) {
    this.turn = turn;
    this.patience = patience;
    this.console = console;
  }

  private static void main(Console console) throws Exception {
    new BoundedBuffer(Rounds.turn(WARM_UP_ROUNDS, ROUNDS, 2), PATIENCE, console)
        .run(
            WARM_UP_ROUNDS,
            ROUNDS,
            () -> new OfWakers<>(CAPACITY),
            () -> new OfConditions<>(CAPACITY));
  }

  /** Runs all rounds. Returns only if every element came, in order. */
  void run(
      int warmUpRounds,
      int rounds,
      Supplier<Buffer<Long>> wakers,
      Supplier<Buffer<Long>> conditions)
      throws Exception {
    console.line(
        "A buffer of %d places between a producer and a consumer, two virtual threads."
            .formatted(CAPACITY));
    Rounds compared =
        Rounds.run(
            warmUpRounds,
            rounds,
            List.of(
                round -> turn(round, "AtomicWaker", wakers.get()),
                round -> turn(round, "Condition", conditions.get())));
    console.line(
        """

        %,d elements, each one checked: none is missing, all are in order.

        Nanoseconds per element, median of %d rounds, and the ratio (least to most):
          with a lock and two conditions   %8.1f
          with two wakers                  %8.1f
          ratio                               %s"""
            .formatted(
                taken,
                rounds,
                compared.median(1, 0),
                compared.median(0, 0),
                compared.ratio(1, 0, 0)));
  }

  /** Returns the nanoseconds per element. */
  private double[] turn(String round, String way, Buffer<Long> buffer)
      throws Failure, InterruptedException {
    AtomicLong put = new AtomicLong();
    AtomicLong took = new AtomicLong();
    long start = System.nanoTime();
    try (Workers workers = new Workers()) {
      workers.start(
          Thread.ofVirtual().name("producer"),
          () -> put.set(putAll(buffer, start + turn.toNanos())));
      workers.start(Thread.ofVirtual().name("consumer"), () -> takeAll(buffer, took));
      workers.join(
          took::get,
          patience,
          () -> console.live("%-14s %,14d elements, with %s".formatted(round, taken, way)));
    }
    double elapsed = System.nanoTime() - start;
    if (took.get() != put.get()) {
      throw new Failure(
          Failure.WRONG, "%,d elements were put, and %,d taken".formatted(put.get(), took.get()));
    }
    taken += took.get();
    return new double[] {elapsed / took.get()};
  }

  private static long putAll(Buffer<Long> buffer, long end) throws InterruptedException {
    long next = 0;
    do {
      for (int i = 0; i < 1_000; i++) {
        buffer.put(next++);
      }
    } while (System.nanoTime() - end < 0);
    buffer.put(END);
    return next;
  }

  private static void takeAll(Buffer<Long> buffer, AtomicLong took)
      throws Failure, InterruptedException {
    for (long next = 0; ; next++) {
      took.setOpaque(next);
      long element = buffer.take();
      if (element == END) {
        return;
      }
      if (element != next) {
        throw new Failure(
            Failure.WRONG, "element %,d came where %,d was due".formatted(element, next));
      }
    }
  }
}
