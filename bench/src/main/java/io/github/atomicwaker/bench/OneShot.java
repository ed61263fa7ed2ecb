package io.github.atomicwaker.bench;

import com.sun.management.OperatingSystemMXBean;
import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jctools.queues.MpscUnboundedArrayQueue;
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

/**
 * Requests with one reply each, as a multiplexed connection has them: by one client at a time and
 * by 100.
 *
 * <p>One operation is a request, put into a queue; the reply, by the one server; and the return of
 * the client that waited for it. What the client waits in is the contestant, and is made for every
 * request ("fresh"); of "kept" ones the reply is made for every request, and the waker once per
 * client. A control is kept as well, and has a fresh waker in which nobody waits: what the server
 * pays for looking at one more object that the client has just made. The queue to the server is the
 * same for all: of JCTools, with an {@code AtomicWaker} of a group of its own, so that it teaches
 * those of the clients nothing.
 *
 * <p>In the row "service" the server works before it replies, as long as the clock says. It counts
 * the processor time of the process as well.
 *
 * <p>Not here: {@code SynchronousQueue}, {@code Exchanger} and {@code transfer}, in which the
 * server would have to wait for the client.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OneShot {

  /** All of it is made for every request. */
  public static final String FRESH = "fresh";

  /** But for the waker, which is the client's. */
  private static final String KEPT = "kept";

  /** As kept, with one more object that the server looks at: a waker that nobody waits in. */
  private static final String KEPT_BESIDE_FRESH = "kept, and a fresh one to look at";

  private static final List<String> CONTESTANTS =
      List.of(
          "AtomicWaker",
          "OneShot",
          "raw LockSupport",
          "CompletableFuture",
          "CountDownLatch",
          "Condition",
          "wait/notify",
          "Semaphore",
          "ArrayBlockingQueue(1)",
          "LinkedBlockingQueue",
          "LinkedTransferQueue",
          "JCTools blocking",
          "jox(1)");

  /** Those of the row "service". */
  private static final List<String> SERVED =
      List.of(
          "AtomicWaker",
          Links.PARKING_ONLY,
          "raw LockSupport",
          "spin 100, park",
          "CompletableFuture",
          "Condition");

  /** The row "one-shot": each contestant, fresh. */
  public static List<Point> replies(boolean quick) {
    List<Point> points = new ArrayList<>();
    for (String threads : List.of("virtual", "platform")) {
      for (int clients : new int[] {1, 100}) {
        for (String contestant : quick ? CONTESTANTS.subList(0, 8) : CONTESTANTS) {
          points.add(point(contestant, FRESH, threads, clients));
        }
      }
    }
    return points;
  }

  /** The row "fresh": what it costs not to keep a waker. */
  public static List<Point> freshAndKept(boolean quick) {
    List<Point> points = new ArrayList<>();
    for (String threads : List.of("virtual", "platform")) {
      for (int clients : new int[] {1, 100}) {
        points.add(point("AtomicWaker", FRESH, threads, clients));
        points.add(point("AtomicWaker", KEPT, threads, clients));
        points.add(point("AtomicWaker", KEPT_BESIDE_FRESH, threads, clients));
        points.add(point("raw LockSupport", FRESH, threads, clients));
      }
    }
    return points;
  }

  /** The row "service": replies that take the server a while, on cores that are free or not. */
  public static List<Point> service(boolean quick) {
    List<Point> points = new ArrayList<>();
    for (String threads : List.of("virtual", "platform")) {
      for (int clients : quick ? new int[] {1} : new int[] {1, 100}) {
        for (String cores : List.of("free", "busy")) {
          for (int micros : quick ? new int[] {5, 50} : new int[] {0, 5, 20, 50, 200}) {
            for (String contestant : SERVED) {
              points.add(service(contestant, threads, clients, cores, micros));
            }
          }
        }
      }
    }
    return points;
  }

  private static Point service(
      String contestant, String threads, int clients, String cores, int micros) {
    // A tenth of a second. Where cores are busy, one may give a thread back after milliseconds.
    int ops = cores.equals("busy") ? 200 : 100_000 / Math.max(5, micros);
    return Point.of(
        OneShot.class,
        "service",
        ops,
        "contestant",
        contestant,
        "threads",
        threads,
        "clients",
        clients,
        "cores",
        cores,
        "micros",
        micros,
        "ops",
        ops);
  }

  private static Point point(String contestant, String made, String threads, int clients) {
    int ops = clients == 1 ? 50_000 : 200_000;
    if (contestant.equals("wait/notify") && threads.equals("virtual")) {
      ops /= 50; // about 100 microseconds each
    } else if (threads.equals("platform") && !(clients == 1 && Links.mayOnlySpin(contestant))) {
      ops /= 5;
    }
    return Point.of(
        OneShot.class,
        "reply",
        ops,
        "contestant",
        contestant,
        "made",
        made,
        "threads",
        threads,
        "clients",
        clients,
        "ops",
        ops);
  }

  /** The name of the contestant in {@link Links}. */
  @Param("AtomicWaker")
  public String contestant = "";

  /** What is made for a request, and what is kept. */
  @Param(FRESH)
  public String made = "";

  /** The kind of clients and server. */
  @Param("virtual")
  public String threads = "";

  /** How many at once. */
  @Param("1")
  public int clients;

  /** How long the server works for a reply, in microseconds. */
  @Param("0")
  public int micros;

  /** "busy" if every core has something else to do, or "free". */
  @Param("free")
  public String cores = "";

  /** Requests per batch. */
  @Param("50000")
  public int ops;

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final MpscUnboundedArrayQueue<Link> requests = new MpscUnboundedArrayQueue<>(1024);
  private final AtomicWaker server = new AtomicWaker(WakerGroup.named("server"));
  private List<Thread> hogs = List.of();
  private Crew crew;

  /** Starts the threads. */
  @Setup
  public void start() {
    Crew.start(threads, this::serve);
    if (cores.equals("busy")) {
      hogs = Crew.keepCoresBusy();
    }
    List<Supplier<Link>> replies = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      replies.add(
          switch (made) {
            case FRESH -> Links.of(contestant);
            case KEPT -> Links.on(new AtomicWaker());
            case KEPT_BESIDE_FRESH -> Links.besideFresh(new AtomicWaker());
            default -> throw new IllegalArgumentException(made);
          });
    }
    int each = ops / clients;
    crew = new Crew(threads, clients, client -> requests(replies.get(client), each));
  }

  /** A batch of them, all clients together. */
  @Benchmark
  public void reply() {
    crew.batch();
  }

  /**
   * The same, with the processor time of the process, less that of what keeps the cores busy. The
   * JVM's own threads are in it.
   */
  @Benchmark
  public void service(ProcessorTime time) {
    long before = processorNanos();
    crew.batch();
    time.processorNanos += processorNanos() - before;
    time.replies += ops;
  }

  /** What JMH reports besides the time. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class ProcessorTime {
    private long processorNanos;
    private long replies;

    /** Of one reply, in nanoseconds. */
    public long processorNanosPerReply() {
      return replies == 0 ? 0 : processorNanos / replies;
    }

    /** Begins an iteration. */
    @Setup(Level.Iteration)
    public void reset() {
      processorNanos = 0;
      replies = 0;
    }
  }

  private long processorNanos() {
    long nanos = PROCESS.getProcessCpuTime();
    for (Thread hog : hogs) {
      nanos -= THREADS.getThreadCpuTime(hog.threadId());
    }
    return nanos;
  }

  private void serve() throws Exception {
    Link reply = server.awaitValue(requests::poll);
    long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
    while (micros > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    reply.send(this);
  }

  private void requests(Supplier<Link> replies, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      Link reply = replies.get();
      requests.offer(reply);
      server.wake();
      reply.receive();
    }
  }
}
