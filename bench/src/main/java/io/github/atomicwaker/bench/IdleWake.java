package io.github.atomicwaker.bench;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A wake with nobody waiting, by one thread to as many as there are cores, all on one object.
 *
 * <p>One operation is one signal to a thread that does not wait: what each send costs a producer
 * whose consumer is busy. JMH's own threads call it; for "virtual" they are virtual ones.
 *
 * <p>What is counted is the throughput of all threads together, and what is shown is the time of
 * one of them for one signal. (JMH's average time is the mean of the threads' averages, which one
 * thread that got the lock once can distort to any value.)
 *
 * <p>The floor, {@code unpark}, is that of a thread which is not parked: a platform thread that
 * sleeps (which is not parking), and a virtual one that is in {@code Object.wait}. The virtual one
 * has its permit after the first unpark, and then unpark is a read.
 *
 * <p>Not here: what stores each signal, since it piles up ({@code Semaphore}, queues), what refuses
 * it, since it is lost (an {@code offer} to a full queue or to a {@code SynchronousQueue}), and
 * what signals just once ({@code CountDownLatch}, {@code CompletableFuture}).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class IdleWake {

  private static final List<String> METHODS =
      List.of("atomicWaker", "atomicSwap", "condition", "waitNotify", "unpark");

  /** What is measured. */
  public static List<Point> points(boolean quick) {
    List<Point> points = new ArrayList<>();
    int cores = Runtime.getRuntime().availableProcessors();
    for (String threads : List.of("virtual", "platform")) {
      for (int count = 1; count <= cores; count++) {
        if (quick && count > 2 && count < cores) {
          continue;
        }
        for (String method : METHODS) {
          points.add(point(method, threads, count));
        }
      }
    }
    return points;
  }

  /** By as many threads as the goal speaks of, with statistics and without: for "recording". */
  public static List<Point> recorded() {
    return Stream.of(1, 2)
        .flatMap(
            count ->
                Stream.of("atomicWaker", "recordingWaker", "unpark")
                    .map(method -> point(method, "platform", count)))
        .toList();
  }

  /** One of the methods below. */
  public static Point point(String method, String threads, int count) {
    return Point.of(IdleWake.class, method, 1, "threads", threads)
        .workers(count)
        .jvmArgs("-Djmh.executor=" + threads.toUpperCase(Locale.ROOT));
  }

  /** The kind of the threads that wake. */
  @Param("platform")
  public String threads = "";

  private final AtomicWaker waker = new AtomicWaker();
  private final AtomicWaker recording =
      new AtomicWaker(WakerGroup.named("recording").recordingStats());
  private final AtomicReference<@Nullable Thread> swapped = new AtomicReference<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition condition = lock.newCondition();
  private final Object monitor = new Object();
  private Thread running;

  /** Starts the thread that {@code unpark} unparks. */
  @Setup
  public void start() throws InterruptedException {
    if (threads.equals("virtual")) {
      running = Thread.ofVirtual().start(this::waitForever);
    } else {
      running = Thread.ofPlatform().daemon().start(this::sleepForever);
    }
    while (running.getState() == Thread.State.RUNNABLE) {
      Thread.sleep(1);
    }
  }

  /** Checks that JMH did as it was told. */
  @State(Scope.Thread)
  public static class Caller {
    /** By its kind. */
    @Setup
    public void check(IdleWake row) {
      if (Thread.currentThread().isVirtual() != row.threads.equals("virtual")) {
        throw new IllegalStateException(Thread.currentThread() + " is not " + row.threads);
      }
    }
  }

  /** A fence and a read. */
  @Benchmark
  public boolean atomicWaker(Caller caller) {
    return waker.wake();
  }

  /** And a count. */
  @Benchmark
  public boolean recordingWaker(Caller caller) {
    return recording.wake();
  }

  /** A wake without the read before the swap. */
  @Benchmark
  public @Nullable Thread atomicSwap(Caller caller) {
    return swapped.getAndSet(null);
  }

  /** As every producer does in a queue with a lock. */
  @Benchmark
  public void condition(Caller caller) {
    lock.lock();
    try {
      condition.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The same with the object's own monitor. */
  @Benchmark
  public void waitNotify(Caller caller) {
    synchronized (monitor) {
      monitor.notify();
    }
  }

  /** A signal that does not look for a waiter. */
  @Benchmark
  public void unpark(Caller caller) {
    LockSupport.unpark(running);
  }

  private void waitForever() {
    Object never = new Object();
    synchronized (never) {
      while (true) {
        try {
          never.wait();
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private void sleepForever() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      // The end.
    }
  }
}
