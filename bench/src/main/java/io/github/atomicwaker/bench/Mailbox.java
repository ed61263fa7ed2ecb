package io.github.atomicwaker.bench;

import static java.util.Objects.requireNonNull;

import com.softwaremill.jox.Channel;
import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.TunedGroup;
import io.github.atomicwaker.WakerGroup;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
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
 * Many producers, one consumer. JCTools' queues for this do not block (but for one of them); with a
 * waker they do. They compete with the queues that block by themselves.
 *
 * <p>One operation is one message, sent and received. Bounded is to 1,024 messages: a producer that
 * finds the box full waits. The blocking queues and channels know how. JCTools' do not, so that all
 * of these, the blocking one among them, have the same back-pressure: each producer has a waker of
 * its own, and the consumer wakes them all each time that it has emptied half of it.
 *
 * <p>Two controls show the cause of a difference: a waker that parks at once, and JCTools' blocking
 * queue with a full fence after each send, which it does not need and a wake does.
 *
 * <p>Not here: JCTools' queue with a {@code Condition} or {@code wait/notify} around it, which is
 * to lock for each message, as the JDK's queues do; {@code SynchronousQueue}, which has no place.
 *
 * <p>JCTools' blocking queue is always bounded; as unbounded it gets more places than a batch has
 * messages.
 *
 * <p>The heap is fixed, and touched before. Otherwise contestants that allocate for each message
 * pay for the kernel's first touch of each page, which takes longer than the queue's own work. For
 * the same reason the waker's poll is kept, and not made for each message.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Mailbox {

  private static final int PLACES = 1024;
  private static final int BATCH = 160_000;

  /** The messages of a long batch. */
  public static final int STREAM = 400_000;

  private static final List<String> HEAP =
      List.of("-Xms256m", "-Xmx256m", "-Xmn64m", "-XX:+AlwaysPreTouch");

  private static final String TUNED = "AtomicWaker" + Links.TUNED;

  private static final List<String> MPSC =
      List.of("AtomicWaker", "raw LockSupport", "Semaphore", "JCTools blocking");
  private static final List<String> CONTROLS =
      List.of(Links.PARKING_ONLY, "JCTools blocking, with a fence");
  private static final List<String> BOUNDED =
      List.of("ArrayBlockingQueue", "LinkedBlockingQueue", "jox");
  private static final List<String> UNBOUNDED =
      List.of("LinkedTransferQueue", "LinkedBlockingQueue", "jox");

  /** What is measured. In short: without the controls. */
  public static List<Point> points(boolean quick) {
    List<Point> points = new ArrayList<>();
    for (String threads : quick ? List.of("virtual") : List.of("virtual", "platform")) {
      for (int producers : new int[] {1, 4, 16}) {
        for (boolean bounded : new boolean[] {true, false}) {
          List<String> contestants = new ArrayList<>(MPSC);
          contestants.addAll(quick ? List.of() : CONTROLS);
          contestants.addAll(bounded ? BOUNDED : UNBOUNDED);
          for (String contestant : contestants) {
            points.add(point(contestant, threads, producers, bounded, BATCH));
            if (producers == 1 && !bounded && !quick) {
              points.add(point(contestant, threads, producers, bounded, STREAM));
            }
          }
        }
      }
    }
    return points;
  }

  /** With the constants of streams changed: for the row "constants". */
  public static List<Point> streams() {
    List<String> contestants = new ArrayList<>(List.of("AtomicWaker"));
    TunedGroup.CHANGES_OF_STREAMS.forEach(change -> contestants.add(TUNED + change));
    return contestants.stream()
        .flatMap(
            contestant ->
                Stream.of("virtual", "platform")
                    .flatMap(
                        threads ->
                            Stream.of(
                                point(contestant, threads, 1, false, BATCH),
                                point(contestant, threads, 4, true, BATCH))))
        .toList();
  }

  private static Point point(
      String contestant, String threads, int producers, boolean bounded, int messages) {
    return Point.of(
            Mailbox.class,
            "message",
            messages,
            "contestant",
            contestant,
            "threads",
            threads,
            "producers",
            producers,
            "bounded",
            bounded,
            "messages",
            messages)
        .jvmArgs(HEAP.toArray(String[]::new));
  }

  /** The queue, or what makes a blocking one of JCTools' MPSC queue. */
  @Param("AtomicWaker")
  public String contestant = "";

  /** The kind of producers and consumer. */
  @Param("virtual")
  public String threads = "";

  /** How many. */
  @Param("1")
  public int producers;

  /** If true, they wait while it is full. */
  @Param("true")
  public boolean bounded;

  /** How many each batch has. */
  @Param("160000")
  public int messages;

  private Crew crew;

  /** Starts the threads. */
  @Setup
  public void start() {
    Box box = box();
    int each = messages / producers;
    crew =
        new Crew(
            threads,
            1 + producers,
            member -> {
              if (member == 0) {
                receive(box);
              } else {
                send(box, member - 1, each);
              }
            });
  }

  /** A batch of them. */
  @Benchmark
  public void message() {
    crew.batch();
  }

  private void send(Box box, int producer, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      box.send(producer, this);
    }
  }

  private void receive(Box box) throws InterruptedException {
    // Counted here: a field of the box that is written for each message would take the cache line
    // of the others from the producers.
    for (int received = 1; received <= messages; received++) {
      box.receive();
      if (received % (PLACES / 2) == 0) {
        box.makeRoom();
      }
    }
  }

  private Box box() {
    int places = bounded ? PLACES : Integer.MAX_VALUE;
    if (contestant.startsWith(TUNED)) {
      WakerGroup group = Links.group(contestant.substring(TUNED.length()));
      return new WakerBox(this, new AtomicWaker(group));
    }
    return switch (contestant) {
      case "AtomicWaker" -> new WakerBox(this, new AtomicWaker());
      case Links.PARKING_ONLY ->
          new WakerBox(this, new AtomicWaker(WakerGroup.named("mailbox").parkingOnly()));
      case "raw LockSupport" -> new RawBox(this);
      case "Semaphore" -> new PermitBox(this);
      case "JCTools blocking" -> new JCToolsBox(this);
      case "JCTools blocking, with a fence" -> new FencedJCToolsBox(this);
      case "ArrayBlockingQueue" -> new QueueBox(new ArrayBlockingQueue<>(places));
      case "LinkedBlockingQueue" -> new QueueBox(new LinkedBlockingQueue<>(places));
      case "LinkedTransferQueue" -> new QueueBox(new LinkedTransferQueue<>());
      case "jox" ->
          new JoxBox(bounded ? Channel.newBufferedChannel(places) : Channel.newUnlimitedChannel());
      default -> throw new IllegalArgumentException(contestant);
    };
  }

  private interface Box {
    void send(int producer, Object message) throws InterruptedException;

    Object receive() throws InterruptedException;

    /** Wakes the producers that wait for space, if the queue does not do so itself. */
    default void makeRoom() {}
  }

  private record QueueBox(BlockingQueue<Object> queue) implements Box {
    @Override
    public void send(int producer, Object message) throws InterruptedException {
      queue.put(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return queue.take();
    }
  }

  private record JoxBox(Channel<Object> channel) implements Box {
    @Override
    public void send(int producer, Object message) throws InterruptedException {
      channel.send(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return channel.receive();
    }
  }

  /** A queue of JCTools, and the back-pressure that all of them get. */
  private abstract static class MpscBox implements Box {
    final Queue<Object> queue;
    private final AtomicWaker[] producers;

    MpscBox(Mailbox row, Queue<Object> queue) {
      this.queue = queue;
      producers = new AtomicWaker[row.bounded ? row.producers : 0];
      Arrays.setAll(producers, producer -> new AtomicWaker());
    }

    MpscBox(Mailbox row) {
      this(row, row.bounded ? new MpscArrayQueue<>(PLACES) : new MpscUnboundedArrayQueue<>(PLACES));
    }

    @Override
    public final void send(int producer, Object message) throws InterruptedException {
      if (!queue.offer(message)) {
        producers[producer].await(() -> queue.offer(message));
      }
      wake();
    }

    @Override
    public final void makeRoom() {
      for (AtomicWaker producer : producers) {
        producer.wake();
      }
    }

    abstract void wake();
  }

  private static final class WakerBox extends MpscBox {
    private final AtomicWaker consumer;
    private final Supplier<@Nullable Object> poll;

    WakerBox(Mailbox row, AtomicWaker consumer) {
      super(row);
      this.consumer = consumer;
      poll = queue::poll;
    }

    @Override
    void wake() {
      consumer.wake();
    }

    @Override
    public Object receive() throws InterruptedException {
      return consumer.awaitValue(poll);
    }
  }

  /** The floor: unparks always. */
  private static final class RawBox extends MpscBox {
    private volatile @Nullable Thread consumer;

    RawBox(Mailbox row) {
      super(row);
    }

    @Override
    void wake() {
      LockSupport.unpark(consumer);
    }

    @Override
    public Object receive() {
      if (consumer == null) {
        consumer = Thread.currentThread();
      }
      Object message;
      while ((message = queue.poll()) == null) {
        LockSupport.park(this);
      }
      return message;
    }
  }

  private static final class PermitBox extends MpscBox {
    private final Semaphore messages = new Semaphore(0);

    PermitBox(Mailbox row) {
      super(row);
    }

    @Override
    void wake() {
      messages.release();
    }

    @Override
    public Object receive() throws InterruptedException {
      messages.acquire();
      return requireNonNull(queue.poll());
    }
  }

  private static class JCToolsBox extends MpscBox {
    private final BlockingQueue<Object> blocking;

    JCToolsBox(Mailbox row) {
      this(row, new MpscBlockingConsumerArrayQueue<>(row.bounded ? PLACES : row.messages));
    }

    private JCToolsBox(Mailbox row, MpscBlockingConsumerArrayQueue<Object> queue) {
      super(row, queue);
      blocking = queue;
    }

    @Override
    void wake() {}

    @Override
    public Object receive() throws InterruptedException {
      return blocking.take();
    }
  }

  /** What the fence of a wake costs, by itself. */
  private static final class FencedJCToolsBox extends JCToolsBox {
    FencedJCToolsBox(Mailbox row) {
      super(row);
    }

    @Override
    void wake() {
      VarHandle.fullFence();
    }
  }
}
