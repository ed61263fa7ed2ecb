package io.github.atomicwaker.bench;

import io.github.atomicwaker.AtomicWaker;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jol.info.ClassLayout;

/**
 * A million virtual threads, each parked on a {@link Link} of its own: the time to wake them all,
 * and the heap that they take.
 *
 * <p>One operation is one thread woken. The clock runs from the first wake until the last thread
 * has returned from its wait; the threads are started and parked before. The heap per waiter is all
 * that there is after a collection, thread, stack and link, less what there was before.
 *
 * <p>Not here: {@code wait/notify}, which takes a tenth of a millisecond for each virtual thread
 * (see {@link RoundTrip}), and queues, exchangers and channels, of which nobody makes one per
 * waiter, and in which threads wait by what is here.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Scale {

  private static final int WAITERS = 1_000_000;

  private static final String TRACKING = "AtomicWaker" + Links.TUNED + Links.TRACKING;

  private static final Set<Thread.State> PARKED =
      EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  /** What is measured. */
  public static List<Point> points(boolean quick) {
    return (quick
            ? Stream.of("AtomicWaker", TRACKING, "raw LockSupport")
            : Stream.of(
                "AtomicWaker",
                TRACKING,
                "raw LockSupport",
                "Condition",
                "Semaphore",
                "CompletableFuture",
                "CountDownLatch"))
        .map(
            contestant ->
                Point.of(Scale.class, "wakeAll", WAITERS, "contestant", contestant)
                    .jvmArgs("-Xms6g", "-Xmx6g", "-Djol.skipDynamicAttach=true"))
        .toList();
  }

  /** The name of the contestant in {@link Links}. */
  @Param("AtomicWaker")
  public String contestant = "";

  private final Link[] links = new Link[WAITERS];
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile @Nullable Thread caller;
  private long heapBefore;
  private long heapPerWaiter;
  private long bytesPerWaker;

  /** What JMH reports besides the time. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Sizes {
    /** All that a waiting thread takes, in bytes. */
    public long heapPerWaiter;

    /** One {@code AtomicWaker}, in bytes. */
    public long bytesPerWaker;
  }

  /**
   * Trains the compiler with few at a time. A million that park before the first one was ever woken
   * are a million frames of the interpreter, or of code that was compiled as if nobody returned
   * from a park: to wake them takes ten times as long.
   */
  @Setup(Level.Trial)
  public void train() throws Exception {
    for (int i = 0; i < 50; i++) {
      start(20_000);
      wake(20_000);
    }
    bytesPerWaker = ClassLayout.parseClass(AtomicWaker.class).instanceSize();
    heapBefore = usedHeap();
  }

  /** Starts the threads, and waits until all are parked. */
  @Setup(Level.Invocation)
  public void park() throws InterruptedException {
    start(WAITERS);
    heapPerWaiter = (usedHeap() - heapBefore) / WAITERS;
  }

  /** Wakes them, and waits for the last. */
  @Benchmark
  public void wakeAll(Sizes sizes) throws Exception {
    wake(WAITERS);
    sizes.heapPerWaiter = heapPerWaiter;
    if (contestant.equals("AtomicWaker")) {
      sizes.bytesPerWaker = bytesPerWaker;
    }
  }

  private void start(int count) throws InterruptedException {
    Supplier<Link> maker = Links.of(contestant);
    caller = Thread.currentThread();
    waiting.set(count);
    Thread[] threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      Link link = maker.get();
      links[i] = link;
      threads[i] = Thread.ofVirtual().start(() -> waitFor(link));
    }
    for (Thread thread : threads) {
      while (!PARKED.contains(thread.getState())) {
        Thread.sleep(1);
      }
    }
  }

  private void wake(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      links[i].send(this);
    }
    while (waiting.get() > 0) {
      LockSupport.park(this);
    }
  }

  private void waitFor(Link link) {
    try {
      link.receive();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    if (waiting.decrementAndGet() == 0) {
      LockSupport.unpark(caller);
    }
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
