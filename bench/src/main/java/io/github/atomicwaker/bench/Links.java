package io.github.atomicwaker.bench;

import com.softwaremill.jox.Channel;
import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.TunedGroup;
import io.github.atomicwaker.WakerGroup;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;

/**
 * The contestants, each used as its documentation recommends. A fork has one contestant in it, so
 * that the calls through {@link Link} are monomorphic and inlined: they are not what is measured.
 *
 * <p>Not here: the {@code Channel} of kotlinx-coroutines. It suspends coroutines; for a thread to
 * wait in it takes a {@code runBlocking} each time, whose event loop is what would be measured.
 */
public final class Links {

  /** Separates the name of a contestant from its own constants. */
  public static final String TUNED = " with ";

  /** A waker whose predicate is not made for every wait. */
  public static final String KEPT_PREDICATE = "AtomicWaker, kept predicate";

  /** The floor of a slot in which a thread registers, where raw parks have none. */
  public static final String BARE_SLOT = "bare slot";

  /** A waker that neither spins nor yields. */
  public static final String PARKING_ONLY = "AtomicWaker, parking only";

  /** The floor of a hand-off whose parks are timed. */
  static final String TIMED_RAW_SLOT = "timed raw slot";

  /** A group that counts. */
  public static final String STATISTICS = "statistics";

  /** After {@link #TUNED}: a group that tracks waits, and records statistics as well. */
  public static final String TRACKING = "tracking";

  /** A JVM without the flight recorder. */
  public static final String NO_JFR = "no JFR";

  private Links() {}

  /** Makes the links of a contestant. */
  static Supplier<Link> of(String contestant) {
    String[] tuned = contestant.split(TUNED, 2);
    if (tuned.length > 1) {
      WakerGroup group = group(tuned[1]);
      return switch (tuned[0]) {
        case "AtomicWaker" -> () -> new Signals.Waker(new AtomicWaker(group));
        case "Handoff" -> () -> new Slots.Place(new Handoff<>(group));
        default -> throw new IllegalArgumentException(contestant);
      };
    }
    return switch (contestant) {
      case "AtomicWaker" -> () -> new Signals.Waker(new AtomicWaker());
      case KEPT_PREDICATE -> Signals.KeptPredicate::new;
      case PARKING_ONLY -> {
        WakerGroup group = WakerGroup.named("parking").parkingOnly();
        yield () -> new Signals.Waker(new AtomicWaker(group));
      }
      case "raw LockSupport" -> Signals.Raw::new;
      case BARE_SLOT -> Signals.BareSlot::new;
      case "pure spin" -> Signals.Spin::new;
      case "spin 100, park" -> Signals.SpinPark::new;
      case "2 yields, park" -> Signals.YieldPark::new;
      case "Condition" -> Signals.Conditional::new;
      case "wait/notify" -> Signals.Notify::new;
      case "Semaphore" -> Signals.Permit::new;
      case "OneShot" -> OneShotSignals.Reply::new;
      case "CompletableFuture" -> OneShotSignals.Future::new;
      case "CountDownLatch" -> OneShotSignals.Latch::new;
      case "SynchronousQueue" -> () -> new Channels.Queue(new SynchronousQueue<>());
      case "Exchanger" -> Channels.Exchange::new;
      case "ArrayBlockingQueue(1)" -> () -> new Channels.Queue(new ArrayBlockingQueue<>(1));
      case "LinkedBlockingQueue" -> () -> new Channels.Queue(new LinkedBlockingQueue<>());
      case "LinkedBlockingQueue(1)" -> () -> new Channels.Queue(new LinkedBlockingQueue<>(1));
      case "LinkedTransferQueue" -> () -> new Channels.Queue(new LinkedTransferQueue<>());
      case "LinkedTransferQueue.transfer" -> Channels.Transfer::new;
      case "JCTools blocking" -> () -> new Channels.Queue(new MpscBlockingConsumerArrayQueue<>(16));
      case "jox" -> () -> new Channels.Jox(Channel.newBufferedDefaultChannel());
      case "jox rendezvous" -> () -> new Channels.Jox(Channel.newRendezvousChannel());
      case "jox(1)" -> () -> new Channels.Jox(Channel.newBufferedChannel(1));
      case "Handoff" -> () -> new Slots.Place(new Handoff<>());
      case "raw slot" -> Slots.RawSlot::new;
      case TIMED_RAW_SLOT -> Slots.TimedRawSlot::new;
      case "wait/notify slot" -> Slots.NotifySlot::new;
      case "2 Semaphores" -> Slots.PermitSlot::new;
      default -> throw new IllegalArgumentException(contestant);
    };
  }

  /** Makes links of one waker, one after the other. */
  static Supplier<Link> on(AtomicWaker waker) {
    return () -> new Signals.Waker(waker);
  }

  /** The same, each with a new waker in which nobody ever waits: what another object costs. */
  static Supplier<Link> besideFresh(AtomicWaker waker) {
    return () -> new Signals.WakerBesideFresh(waker, new AtomicWaker());
  }

  /**
   * Returns whether a pair of platform threads may only spin, which takes a hundred nanoseconds.
   * The others park and unpark, which takes forty thousand.
   */
  static boolean mayOnlySpin(String contestant) {
    return Stream.of("AtomicWaker", "OneShot", "Handoff", "Exchanger", "pure spin")
        .anyMatch(contestant::startsWith);
  }

  /** Makes the group of a contestant, from what follows {@link #TUNED}. */
  static WakerGroup group(String with) {
    return switch (with) {
      case STATISTICS -> WakerGroup.named(with).recordingStats();
      case TRACKING -> WakerGroup.named(with).trackingWaits();
      case NO_JFR -> WakerGroup.named(with); // the difference is in the JVM
      default -> TunedGroup.of(with);
    };
  }
}
