package io.github.atomicwaker.bench;

import static java.util.Objects.requireNonNull;

import com.softwaremill.jox.Channel;
import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.TunedGroup;
import io.github.atomicwaker.WakerGroup;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The contestants, each as its documentation tells to use it. A fork has one contestant in it, so
 * that the calls through {@link Link} are monomorphic and inlined: they are not what is measured.
 *
 * <p>Not here: the {@code Channel} of kotlinx-coroutines. It suspends coroutines; for a thread to
 * wait in it takes a {@code runBlocking} each time, whose event loop is what would be measured.
 */
final class Links {

  /** What stands between the name of a contestant and constants of its own. */
  static final String TUNED = " with ";

  /** A waker whose predicate is not made for every wait. */
  static final String KEPT_PREDICATE = "AtomicWaker, kept predicate";

  /** The floor of a hand-off whose parks are timed. */
  static final String TIMED_RAW_SLOT = "timed raw slot";

  static final String STATISTICS = "statistics";

  static final String NO_JFR = "no JFR";

  private Links() {}

  /** Makes the links of a contestant. */
  static Supplier<Link> of(String contestant) {
    String[] tuned = contestant.split(TUNED, 2);
    if (tuned.length > 1) {
      WakerGroup group = group(tuned[1]);
      return switch (tuned[0]) {
        case "AtomicWaker" -> () -> new Waker(new AtomicWaker(group));
        case "Handoff" -> () -> new Place(new Handoff<>(group));
        default -> throw new IllegalArgumentException(contestant);
      };
    }
    return switch (contestant) {
      // Signals: a message in a field, and something that wakes the one who waits for it.
      case "AtomicWaker" -> () -> new Waker(new AtomicWaker());
      case KEPT_PREDICATE -> KeptPredicate::new;
      case "raw LockSupport" -> Raw::new;
      case "pure spin" -> Spin::new;
      case "spin 100, park" -> SpinPark::new;
      case "2 yields, park" -> YieldPark::new;
      case "Condition" -> Conditional::new;
      case "wait/notify" -> Notify::new;
      case "Semaphore" -> Permit::new;
      // One-shot signals.
      case "CompletableFuture" -> Future::new;
      case "CountDownLatch" -> Latch::new;
      // Queues and channels.
      case "SynchronousQueue" -> () -> new Queue(new SynchronousQueue<>());
      case "Exchanger" -> Exchange::new;
      case "ArrayBlockingQueue(1)" -> () -> new Queue(new ArrayBlockingQueue<>(1));
      case "LinkedBlockingQueue" -> () -> new Queue(new LinkedBlockingQueue<>());
      case "LinkedBlockingQueue(1)" -> () -> new Queue(new LinkedBlockingQueue<>(1));
      case "LinkedTransferQueue" -> () -> new Queue(new LinkedTransferQueue<>());
      case "LinkedTransferQueue.transfer" -> Transfer::new;
      case "JCTools blocking" -> () -> new Queue(new MpscBlockingConsumerArrayQueue<>(16));
      case "jox" -> () -> new Jox(Channel.newBufferedDefaultChannel());
      case "jox rendezvous" -> () -> new Jox(Channel.newRendezvousChannel());
      case "jox(1)" -> () -> new Jox(Channel.newBufferedChannel(1));
      // One place.
      case "Handoff" -> () -> new Place(new Handoff<>());
      case "raw slot" -> RawSlot::new;
      case TIMED_RAW_SLOT -> TimedRawSlot::new;
      case "wait/notify slot" -> NotifySlot::new;
      case "2 Semaphores" -> PermitSlot::new;
      default -> throw new IllegalArgumentException(contestant);
    };
  }

  /** Makes links of one waker, one after the other. */
  static Supplier<Link> on(AtomicWaker waker) {
    return () -> new Waker(waker);
  }

  /** The same, each with a new waker in which nobody ever waits: what another object costs. */
  static Supplier<Link> besideFresh(AtomicWaker waker) {
    return () -> new WakerBesideFresh(waker, new AtomicWaker());
  }

  /**
   * Whether a pair of platform threads may do with spinning, in a hundred nanoseconds: the others
   * park and unpark, in forty thousand.
   */
  static boolean mayOnlySpin(String contestant) {
    return Stream.of("AtomicWaker", "Handoff", "Exchanger", "pure spin")
        .anyMatch(contestant::startsWith);
  }

  private static WakerGroup group(String with) {
    return switch (with) {
      case STATISTICS -> WakerGroup.named(with).recordingStats();
      case NO_JFR -> WakerGroup.named(with); // the difference is in the JVM
      default -> TunedGroup.of(with);
    };
  }

  /**
   * A message in a plain field, and a volatile count that tells of it. The sender sends no second
   * one before the first has been answered.
   */
  private abstract static class Signal implements Link {
    private @Nullable Object message;
    private long sends; // of the sender
    private long receives; // of the receiver
    private volatile long sent;

    @Override
    public final void send(Object sending) {
      message = sending;
      sent = ++sends;
      wake();
    }

    @Override
    public final Object receive() throws InterruptedException {
      await();
      receives++;
      return requireNonNull(message);
    }

    final boolean arrived() {
      return sent != receives;
    }

    abstract void wake();

    abstract void await() throws InterruptedException;
  }

  private static class Waker extends Signal {
    private final AtomicWaker waker;

    Waker(AtomicWaker waker) {
      this.waker = waker;
    }

    @Override
    void wake() {
      waker.wake();
    }

    @Override
    void await() throws InterruptedException {
      waker.await(this::arrived);
    }
  }

  private static final class WakerBesideFresh extends Waker {
    private final AtomicWaker fresh;

    WakerBesideFresh(AtomicWaker waker, AtomicWaker fresh) {
      super(waker);
      this.fresh = fresh;
    }

    @Override
    void wake() {
      if (fresh.registered() == null) {
        super.wake();
      }
    }
  }

  private static final class KeptPredicate extends Signal {
    private final AtomicWaker waker = new AtomicWaker();
    private final BooleanSupplier arrived = this::arrived;

    @Override
    void wake() {
      waker.wake();
    }

    @Override
    void await() throws InterruptedException {
      waker.await(arrived);
    }
  }

  private static final class Spin extends Signal {
    @Override
    void wake() {}

    @Override
    void await() {
      while (!arrived()) {
        Thread.onSpinWait();
      }
    }
  }

  /** The floor: parks at once, and unparks always. */
  private static class Raw extends Signal {
    private volatile @Nullable Thread receiver;

    @Override
    final void wake() {
      LockSupport.unpark(receiver);
    }

    @Override
    void await() {
      if (receiver == null) {
        receiver = Thread.currentThread();
      }
      while (!arrived()) {
        LockSupport.park(this);
      }
    }
  }

  private static final class SpinPark extends Raw {
    @Override
    void await() {
      for (int i = 0; i < 100 && !arrived(); i++) {
        Thread.onSpinWait();
      }
      super.await();
    }
  }

  private static final class YieldPark extends Raw {
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // the yields are what is measured
    void await() {
      for (int i = 0; i < 2 && !arrived(); i++) {
        Thread.yield();
      }
      super.await();
    }
  }

  private static final class Conditional extends Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sent = lock.newCondition();

    @Override
    void wake() {
      lock.lock();
      try {
        sent.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    void await() throws InterruptedException {
      lock.lock();
      try {
        while (!arrived()) {
          sent.await();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private static final class Notify extends Signal {
    @Override
    synchronized void wake() {
      notify();
    }

    @Override
    synchronized void await() throws InterruptedException {
      while (!arrived()) {
        wait();
      }
    }
  }

  private static final class Permit implements Link {
    private final Semaphore sent = new Semaphore(0);
    private @Nullable Object message;

    @Override
    public void send(Object sending) {
      message = sending;
      sent.release();
    }

    @Override
    public Object receive() throws InterruptedException {
      sent.acquire();
      return requireNonNull(message);
    }
  }

  private static final class Future implements Link {
    private final CompletableFuture<Object> message = new CompletableFuture<>();

    @Override
    public void send(Object sending) {
      message.complete(sending);
    }

    @Override
    public Object receive() throws Exception {
      return message.get();
    }
  }

  private static final class Latch implements Link {
    private final CountDownLatch sent = new CountDownLatch(1);
    private @Nullable Object message;

    @Override
    public void send(Object sending) {
      message = sending;
      sent.countDown();
    }

    @Override
    public Object receive() throws InterruptedException {
      sent.await();
      return requireNonNull(message);
    }
  }

  private record Queue(BlockingQueue<Object> queue) implements Link {
    @Override
    public void send(Object message) throws InterruptedException {
      queue.put(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return queue.take();
    }
  }

  private record Place(Handoff<Object> handoff) implements Link {
    @Override
    public void send(Object message) throws InterruptedException {
      handoff.put(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return handoff.take();
    }
  }

  private static final class Transfer implements Link {
    private final LinkedTransferQueue<Object> queue = new LinkedTransferQueue<>();

    @Override
    public void send(Object message) throws InterruptedException {
      queue.transfer(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return queue.take();
    }
  }

  /** One way only: what the receiver gives in exchange means nothing. */
  private static final class Exchange implements Link {
    private final Exchanger<Object> exchanger = new Exchanger<>();

    @Override
    public void send(Object message) throws InterruptedException {
      exchanger.exchange(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return exchanger.exchange(this);
    }
  }

  private record Jox(Channel<Object> channel) implements Link {
    @Override
    public void send(Object message) throws InterruptedException {
      channel.send(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return channel.receive();
    }
  }

  /** The floor of a hand-off: a volatile slot, and each side parks at once. */
  private static class RawSlot implements Link {
    private volatile @Nullable Thread sender;
    private volatile @Nullable Thread receiver;
    private volatile @Nullable Object slot;

    @Override
    public final void send(Object message) {
      if (sender == null) {
        sender = Thread.currentThread();
      }
      while (slot != null) {
        park();
      }
      slot = message;
      LockSupport.unpark(receiver);
    }

    @Override
    public final Object receive() {
      if (receiver == null) {
        receiver = Thread.currentThread();
      }
      Object message;
      while ((message = slot) == null) {
        park();
      }
      slot = null;
      LockSupport.unpark(sender);
      return message;
    }

    void park() {
      LockSupport.park(this);
    }
  }

  /** And the least that a park costs whose time is known: two readings of the clock. */
  private static final class TimedRawSlot extends RawSlot {
    @Override
    void park() {
      long begin = System.nanoTime();
      super.park();
      if (System.nanoTime() - begin < 0) { // else nothing would need the readings
        throw new IllegalStateException("the clock went back");
      }
    }
  }

  private static final class NotifySlot implements Link {
    private @Nullable Object slot;

    @Override
    public synchronized void send(Object message) throws InterruptedException {
      while (slot != null) {
        wait();
      }
      slot = message;
      notify();
    }

    @Override
    public synchronized Object receive() throws InterruptedException {
      Object message;
      while ((message = slot) == null) {
        wait();
      }
      slot = null;
      notify();
      return message;
    }
  }

  private static final class PermitSlot implements Link {
    private final Semaphore free = new Semaphore(1);
    private final Semaphore full = new Semaphore(0);
    private @Nullable Object slot;

    @Override
    public void send(Object message) throws InterruptedException {
      free.acquire();
      slot = message;
      full.release();
    }

    @Override
    public Object receive() throws InterruptedException {
      full.acquire();
      Object message = requireNonNull(slot);
      free.release();
      return message;
    }
  }
}
