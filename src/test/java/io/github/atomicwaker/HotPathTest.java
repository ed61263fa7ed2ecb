package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the hot paths must not do: allocate, or write to memory that threads share. */
@Tag("not-on-17") // takes too long
@Timeout(120)
class HotPathTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int OPERATIONS = 2_000_000;
  private static final int ROUNDS = 11;

  private final AtomicWaker waker = new AtomicWaker();

  @Test
  void aWakeThatFindsTheSlotEmptyAllocatesNothing() {
    assertAllocatesNothing(AtomicWaker::wake);
  }

  @Test
  void registeringAllocatesNothing() {
    assertAllocatesNothing(
        w -> {
          w.register();
          w.register();
          w.deregister();
        });
  }

  @Test
  void waitsForAConditionThatIsTrueAllocateNothing() {
    BooleanSupplier ready = () -> true;
    Supplier<String> poll = () -> "value";
    Duration timeout = Duration.ofSeconds(1);
    assertAllocatesNothing(
        w -> {
          w.await(ready);
          w.await(ready, timeout);
          w.awaitUninterruptibly(ready);
          w.awaitUninterruptibly(ready, timeout);
          w.awaitValue(poll);
          w.awaitValue(poll, timeout);
        });
  }

  @Test
  void aHandoffThatFindsSpaceOrAValueAllocatesNothing() {
    Handoff<String> handoff = new Handoff<>();
    Duration timeout = Duration.ofSeconds(1);
    assertAllocatesNothing(
        w -> {
          handoff.put("value");
          handoff.take();
          handoff.offer("value", timeout);
          handoff.poll(timeout);
        });
  }

  @Test
  void aReplyThatIsThereAllocatesNothing() {
    OneShot<String> reply = new OneShot<>();
    reply.complete("value");
    Duration timeout = Duration.ofSeconds(1);
    assertAllocatesNothing(
        w -> {
          try {
            reply.get();
            reply.get(timeout);
            reply.get(1, TimeUnit.SECONDS);
            reply.poll();
          } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
          }
          reply.isDone();
          reply.complete("other");
          reply.cancel();
        });
  }

  /** Waits for a condition that is true, and that is an object made for it. */
  static final class Capturing {
    public static void main(String[] args) {
      HotPathTest test = new HotPathTest();
      test.assertAllocatesNothing(
          waker -> {
            Object captured = waker.group();
            waker.await(() -> captured != null);
          });
      System.out.println("nothing");
    }
  }

  /** The JIT removes that object if it inlines the wait, and it inlines none that is too large. */
  @Test
  void aConditionThatCapturesAllocatesNothingWhereNoOtherIsWaitedFor() throws Exception {
    assertEquals(
        "nothing",
        ChildJvm.run(
            "-Xbatch", // otherwise it may end before the compiler has
            "-classpath",
            System.getProperty("java.class.path"),
            Capturing.class.getName()));
  }

  /** Waits that park. */
  static final class Parking {
    private static final int WAITS = 50_000;

    public static void main(String[] args) throws Exception {
      AtomicWaker ping = new AtomicWaker(WakerGroup.named("parking").parkingOnly());
      AtomicWaker pong = new AtomicWaker(WakerGroup.named("parking").parkingOnly());
      AtomicInteger sent = new AtomicInteger();
      Waiter<Boolean> other =
          Waiter.start(
              Waiter.Kind.VIRTUAL,
              () -> {
                takeTurns(sent, 1, pong, ping);
                return true;
              });
      takeTurns(sent, 0, ping, pong);
      other.result();
    }

    private static void takeTurns(AtomicInteger sent, int first, AtomicWaker own, AtomicWaker next)
        throws InterruptedException {
      for (int i = first; i < WAITS; i += 2) {
        int turn = i;
        own.await(() -> sent.get() == turn);
        sent.incrementAndGet();
        next.wake();
      }
    }
  }

  /** One more frame in a wait is memory of each thread that is parked, and its wake reads it. */
  @Test
  void noMethodOfAWaitIsTooLargeForTheJit() throws Exception {
    String printed =
        ChildJvm.run(
            Parking.class,
            List.of(
                "-XX:-TieredCompilation", // the first compiler prints as well, into the same lines
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+PrintInlining"));
    List<String> callees =
        printed
            .lines()
            .filter(line -> line.matches(".* @ \\d+ +io\\.github\\.atomicwaker\\..*"))
            .toList();
    assertTrue(callees.stream().anyMatch(line -> line.contains("WaitLoop::parkAndCheck")), printed);
    assertEquals(
        List.of(), callees.stream().filter(line -> line.contains("hot method too big")).toList());
  }

  @Test
  void aWakeThatFindsTheSlotEmptyWritesNothing() throws Exception {
    assertWritesNothing(AtomicWaker::wake);
  }

  @Test
  void registeringTheThreadInTheSlotWritesNothing() throws Exception {
    Thread thread = new Thread();
    assertWritesNothing(w -> w.register(thread));
  }

  private interface HotPath {
    void on(AtomicWaker waker) throws InterruptedException;
  }

  private static void repeat(AtomicWaker waker, HotPath operation) {
    try {
      for (int i = 0; i < OPERATIONS; i++) {
        operation.on(waker);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertAllocatesNothing(HotPath operation) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // the first rounds also load classes
      long before = THREADS.getCurrentThreadAllocatedBytes();
      repeat(waker, operation);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    long bytes = least;
    assertTrue(bytes < OPERATIONS, () -> bytes + " bytes in " + OPERATIONS + " operations");
  }

  /**
   * Two threads that write one cache line slow each other down several times over; two that only
   * read it do not at all. Compares processor time, and medians of some rounds, so that other load
   * on the machine hardly counts.
   */
  private static void assertWritesNothing(HotPath operation) throws Exception {
    AtomicWaker[] wakers = Stream.generate(AtomicWaker::new).limit(100).toArray(AtomicWaker[]::new);
    AtomicWaker shared = wakers[0];
    AtomicWaker farAway = wakers[99]; // on a cache line of its own
    long[] apart = new long[ROUNDS];
    long[] together = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      apart[i] = nanosOfTwo(shared, farAway, operation);
      together[i] = nanosOfTwo(shared, shared, operation);
    }
    double ratio = (double) median(together) / median(apart);
    assertTrue(ratio <= 2, () -> "two threads on one waker take " + ratio + " times as long");
  }

  private static long median(long[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static long nanosOfTwo(AtomicWaker one, AtomicWaker two, HotPath operation)
      throws InterruptedException, BrokenBarrierException {
    CyclicBarrier start = new CyclicBarrier(2);
    Waiter<Long> other = Waiter.start(Waiter.Kind.PLATFORM, () -> nanos(start, two, operation));
    return Math.max(nanos(start, one, operation), other.result());
  }

  private static long nanos(CyclicBarrier start, AtomicWaker waker, HotPath operation)
      throws InterruptedException, BrokenBarrierException {
    start.await();
    long begin = THREADS.getCurrentThreadCpuTime();
    repeat(waker, operation);
    return THREADS.getCurrentThreadCpuTime() - begin;
  }
}
