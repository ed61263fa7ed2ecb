package io.github.atomicwaker.samples.recipes;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code docs/adopting.md} puts side by side, before and after, and what differs: both pass
 * the same tests.
 */
@Timeout(60)
class AdoptingTest {
  private static final Duration BRIEF = Duration.ofNanos(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  /** One of several ways to wait for an item. */
  record Inbox(Consumer<String> put, Callable<String> take) {}

  private static final class ParkLoop<T> {
    private final Queue<T> items = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread waiter;

    void put(T item) {
      items.add(item);
      LockSupport.unpark(waiter);
    }

    T take() throws InterruptedException {
      waiter = Thread.currentThread();
      try {
        T item;
        while ((item = items.poll()) == null) {
          LockSupport.park(this);
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
        return item;
      } finally {
        waiter = null;
      }
    }
  }

  private static final class WaitOnACondition<T> {
    private final Queue<T> items = new ArrayDeque<>();
    private final Lock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();

    void put(T item) {
      lock.lock();
      try {
        items.add(item);
        notEmpty.signal();
      } finally {
        lock.unlock();
      }
    }

    T take() throws InterruptedException {
      lock.lock();
      try {
        while (items.isEmpty()) {
          notEmpty.await();
        }
        return items.remove();
      } finally {
        lock.unlock();
      }
    }
  }

  private static final class WaitOnAQueue<T> {
    private final BlockingQueue<T> items = new LinkedBlockingQueue<>();

    void put(T item) {
      items.add(item);
    }

    T take() throws InterruptedException {
      return items.take();
    }
  }

  private static final class WaitForAnItem<T> {
    private final Queue<T> items = new ConcurrentLinkedQueue<>();
    private final AtomicWaker waker = new AtomicWaker();

    void put(T item) {
      items.add(item);
      waker.wake();
    }

    T take() throws InterruptedException {
      return waker.awaitValue(items::poll);
    }
  }

  private static Stream<Named<Inbox>> inboxes() {
    ParkLoop<String> parkLoop = new ParkLoop<>();
    WaitOnACondition<String> condition = new WaitOnACondition<>();
    WaitOnAQueue<String> queue = new WaitOnAQueue<>();
    WaitForAnItem<String> after = new WaitForAnItem<>();
    return Stream.of(
        named("before: a park loop", new Inbox(parkLoop::put, parkLoop::take)),
        named("before: a Condition", new Inbox(condition::put, condition::take)),
        named("before: a BlockingQueue", new Inbox(queue::put, queue::take)),
        named("after", new Inbox(after::put, after::take)));
  }

  @ParameterizedTest
  @MethodSource("inboxes")
  void anItemEndsTheWait(Inbox inbox) throws Exception {
    ParkedThread<String> consumer = ParkedThread.in(inbox.take);
    inbox.put.accept("one");
    inbox.put.accept("two");
    assertEquals("one", consumer.result());
    assertEquals("two", inbox.take.call());
    assertEndsByInterrupt(ParkedThread.in(inbox.take));
  }

  /** One of several ways to wait for a flag. */
  record Gate(Runnable open, Callable<Object> pass) {}

  private static final class SleepingLoop {
    private volatile boolean open;

    void open() {
      open = true;
    }

    void pass() throws InterruptedException {
      while (!open) {
        LockSupport.parkNanos(100_000);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
  }

  private static final class WaitAndNotify {
    private boolean open;

    synchronized void open() {
      open = true;
      notifyAll();
    }

    synchronized void pass() throws InterruptedException {
      while (!open) {
        wait();
      }
    }
  }

  private static final class WaitForAFlag {
    private final AtomicWaker waker = new AtomicWaker();
    private volatile boolean open;

    void open() {
      open = true;
      waker.wake();
    }

    void pass() throws InterruptedException {
      waker.await(() -> open);
    }
  }

  interface Pass {
    void pass() throws InterruptedException;
  }

  private static Gate gate(Runnable open, Pass pass) {
    return new Gate(
        open,
        () -> {
          pass.pass();
          return "passed";
        });
  }

  private static Stream<Named<Gate>> gates() {
    SleepingLoop sleeping = new SleepingLoop();
    WaitAndNotify monitor = new WaitAndNotify();
    WaitForAFlag after = new WaitForAFlag();
    return Stream.of(
        named("before: a loop that sleeps", gate(sleeping::open, sleeping::pass)),
        named("before: wait and notify", gate(monitor::open, monitor::pass)),
        named("after", gate(after::open, after::pass)));
  }

  @ParameterizedTest
  @MethodSource("gates")
  void aFlagEndsTheWait(Gate gate) throws Exception {
    assertEndsByInterrupt(ParkedThread.in(gate.pass));
    ParkedThread<Object> waiter = ParkedThread.in(gate.pass);
    gate.open.run();
    assertEquals("passed", waiter.result());
    assertEquals("passed", gate.pass.call());
  }

  /** One of several ways to wait for one reply; null if none came in time. */
  record Call(Consumer<String> complete, Get get) {}

  interface Get {
    @Nullable String get(Duration timeout) throws InterruptedException;
  }

  private static final class LatchAndField<T> {
    private final CountDownLatch replied = new CountDownLatch(1);
    private volatile @Nullable T reply;

    void complete(T value) {
      reply = value;
      replied.countDown();
    }

    /** Returns null if there was no reply in time. */
    @Nullable T get(Duration timeout) throws InterruptedException {
      return replied.await(timeout.toNanos(), NANOSECONDS) ? reply : null;
    }
  }

  private static final class FutureReply<T> {
    private final CompletableFuture<T> reply = new CompletableFuture<>();

    void complete(T value) {
      reply.complete(value);
    }

    /** Returns null if there was no reply in time. */
    @Nullable T get(Duration timeout) throws InterruptedException {
      try {
        return reply.get(timeout.toNanos(), NANOSECONDS);
      } catch (TimeoutException late) {
        return null;
      } catch (ExecutionException never) {
        throw new AssertionError(never);
      }
    }
  }

  private static final class WaitForAReply<T> {
    private final AtomicWaker waker = new AtomicWaker();
    private volatile @Nullable T reply;

    void complete(T value) {
      reply = value;
      waker.wake();
    }

    /** Returns null if there was no reply in time. */
    @Nullable T get(Duration timeout) throws InterruptedException {
      return waker.awaitValue(() -> reply, timeout);
    }
  }

  private static Stream<Named<Call>> calls() {
    LatchAndField<String> latch = new LatchAndField<>();
    FutureReply<String> future = new FutureReply<>();
    WaitForAReply<String> after = new WaitForAReply<>();
    return Stream.of(
        named("before: a latch and a field", new Call(latch::complete, latch::get)),
        named("before: a CompletableFuture", new Call(future::complete, future::get)),
        named("after", new Call(after::complete, after::get)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aReplyEndsTheWait(Call call) throws Exception {
    assertNull(call.get.get(BRIEF));
    assertEndsByInterrupt(ParkedThread.in(() -> requireNonNull(call.get.get(LONG))));
    ParkedThread<String> caller = ParkedThread.in(() -> requireNonNull(call.get.get(LONG)));
    call.complete.accept("yes");
    assertEquals("yes", caller.result());
    assertEquals("yes", call.get.get(BRIEF));
  }

  private static final class SemaphoreAsSignal {
    private final Semaphore signal = new Semaphore(0);

    void release() {
      signal.release();
    }

    void acquire() throws InterruptedException {
      signal.acquire();
      signal.drainPermits(); // several signals are one
    }
  }

  private static Stream<Named<Gate>> signals() {
    SemaphoreAsSignal semaphore = new SemaphoreAsSignal();
    Permit after = new Permit();
    return Stream.of(
        named("before: a Semaphore", gate(semaphore::release, semaphore::acquire)),
        named("after", gate(after::release, after::acquire)));
  }

  @ParameterizedTest
  @MethodSource("signals")
  void aSignalIsStoredOnce(Gate signal) throws Exception {
    signal.open.run();
    signal.open.run();
    assertEquals("passed", signal.pass.call());
    ParkedThread<Object> waiter = ParkedThread.in(signal.pass);
    signal.open.run();
    assertEquals("passed", waiter.result());
    assertEndsByInterrupt(ParkedThread.in(signal.pass));
  }

  // What differs.

  private final AtomicWaker waker = new AtomicWaker(WakerGroup.named("adopting").parkingOnly());

  @Test
  void anUntimedWaitShowsThatItIsUntimed() throws Exception {
    AtomicBoolean ready = new AtomicBoolean();
    ParkedThread<Object> before =
        ParkedThread.in(
            () -> {
              while (!ready.get()) {
                LockSupport.parkNanos(Long.MAX_VALUE);
              }
              return "ready";
            });
    ParkedThread<Object> after =
        ParkedThread.in(
            () -> {
              waker.await(ready::get);
              return "ready";
            });
    assertEquals(Thread.State.TIMED_WAITING, before.thread.getState());
    assertEquals(
        losesUnparks() ? Thread.State.TIMED_WAITING : Thread.State.WAITING,
        after.thread.getState());
    ready.set(true);
    LockSupport.unpark(before.thread);
    waker.wake();
    assertEquals("ready", before.result());
    assertEquals("ready", after.result());
  }

  /** Whether this JDK has JDK-8369227: there every park has a time-out. */
  private static boolean losesUnparks() {
    Runtime.Version jdk = Runtime.version();
    return switch (jdk.feature()) {
      case 25 -> jdk.update() < 3;
      case 26 -> jdk.update() < 1;
      default -> false;
    };
  }

  @Test
  void aValueThatComesLateWins() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    assertEquals(
        "late", waker.awaitValue(() -> looks.getAndIncrement() == 0 ? null : "late", BRIEF));
  }

  @Test
  void aValueThatComesWithAnInterruptWins() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    String value =
        waker.awaitValue(
            () -> {
              if (looks.getAndIncrement() == 0) {
                Thread.currentThread().interrupt();
                return null;
              }
              return "value";
            });
    assertEquals("value", value);
    assertTrue(Thread.interrupted(), "it stays pending");
  }

  private static void assertEndsByInterrupt(ParkedThread<?> parked) {
    parked.thread.interrupt();
    ExecutionException thrown = assertThrows(ExecutionException.class, parked::result);
    assertEquals(InterruptedException.class, requireNonNull(thrown.getCause(), "cause").getClass());
  }
}
