package io.github.atomicwaker.bench;

import io.github.atomicwaker.TunedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Round trips: one pair of threads, and many of them at once.
 *
 * <p>One operation is one full round trip: one thread sends, the other one receives and then sends
 * back, the first one receives. Each way is a {@link Link} of its own, but for an {@code
 * Exchanger}, which goes both ways: a round trip is two exchanges in it, since the answer comes
 * after the question; "Exchanger, once" shows what one exchange costs, in which both give at the
 * same time.
 *
 * <p>Not here: {@code CompletableFuture} and {@code CountDownLatch} work once, see {@link OneShot};
 * and 10,000 pairs of platform threads, which are more than a machine of this size has room for.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoundTrip {

  /** How to wait, decided once and for all: what an adaptive wait is measured by. */
  public static final List<String> FIXED =
      List.of("raw LockSupport", "spin 100, park", "2 yields, park");

  private static final List<String> PEERS =
      List.of(
          "Condition",
          "wait/notify",
          "Semaphore",
          "SynchronousQueue",
          "Exchanger",
          "Exchanger, once",
          "ArrayBlockingQueue(1)",
          "LinkedBlockingQueue",
          "LinkedTransferQueue",
          "JCTools blocking",
          "jox");

  /** One pair. */
  public static List<Point> onePair(boolean quick) {
    List<Point> points = new ArrayList<>();
    for (String threads : List.of("virtual", "platform")) {
      points.add(point("AtomicWaker", threads, 1, "all"));
      FIXED.forEach(fixed -> points.add(point(fixed, threads, 1, "all")));
      // Only here: with more threads than cores it would never end.
      points.add(point("pure spin", threads, 1, "all"));
      PEERS.forEach(peer -> points.add(point(peer, threads, 1, "all")));
    }
    return points;
  }

  /** Many pairs, and few carriers. In short: those that the goals speak of. */
  public static List<Point> load(boolean quick) {
    List<String> contestants = new ArrayList<>(List.of("AtomicWaker", Links.BARE_SLOT));
    contestants.addAll(FIXED);
    contestants.addAll(quick ? List.of("Condition") : PEERS);
    List<Point> points = new ArrayList<>();
    for (int pairs : quick ? new int[] {2, 100, 10_000} : new int[] {1, 2, 10, 100, 10_000}) {
      for (String contestant : contestants) {
        if (pairs > 1) {
          points.add(point(contestant, "virtual", pairs, "all"));
        }
        if (!quick || pairs <= 100) {
          points.add(point(contestant, "virtual", pairs, "1"));
        }
        if (!quick && pairs > 1 && pairs <= 100) {
          points.add(point(contestant, "platform", pairs, "all"));
        }
      }
    }
    for (String contestant : contestants) {
      points.add(busy(contestant, "platform", 1));
      points.add(busy(contestant, "platform", 2));
      if (!quick) {
        points.add(busy(contestant, "virtual", 1));
      }
    }
    return points;
  }

  /** Adaptive waiting, with one constant at a time changed. */
  public static List<Point> constants(boolean quick) {
    List<String> contestants = new ArrayList<>(List.of("AtomicWaker", "raw LockSupport"));
    TunedGroup.CHANGES.forEach(change -> contestants.add("AtomicWaker" + Links.TUNED + change));
    List<Point> points = new ArrayList<>();
    for (String contestant : contestants) {
      for (int pairs : quick ? new int[] {1} : new int[] {1, 2, 100, 10_000}) {
        points.add(point(contestant, "virtual", pairs, "all"));
      }
      points.add(point(contestant, "virtual", 1, "1"));
      if (!quick) {
        points.add(point(contestant, "virtual", 100, "1"));
        points.add(point(contestant, "platform", 1, "all"));
        points.add(point(contestant, "platform", 10, "all"));
        points.add(busy(contestant, "platform", 2));
      }
    }
    points.addAll(ValueHandoff.pauses());
    if (!quick) {
      points.addAll(Mailbox.streams());
    }
    return points;
  }

  /** With statistics and without, and where nobody can record events: for "recording". */
  public static List<Point> recorded() {
    return Stream.of(
            "AtomicWaker",
            "AtomicWaker" + Links.TUNED + Links.STATISTICS,
            "AtomicWaker" + Links.TUNED + Links.TRACKING,
            "AtomicWaker" + Links.TUNED + Links.NO_JFR,
            "raw LockSupport")
        .flatMap(
            contestant ->
                Stream.of(
                    point(contestant, "virtual", 1, "all"),
                    point(contestant, "virtual", 100, "all"),
                    point(contestant, "virtual", 1, "1")))
        .map(Point::withoutJfr)
        .toList();
  }

  /** One pair of each contestant on one carrier: for the row "allocation". */
  public static List<Point> oneCarrier() {
    return Stream.of(List.of("AtomicWaker", Links.KEPT_PREDICATE, "raw LockSupport"), PEERS)
        .flatMap(List::stream)
        .map(contestant -> point(contestant, "virtual", 1, "1"))
        .toList();
  }

  /** Some pairs of one kind, that have the machine for themselves. */
  public static Point point(String contestant, String threads, int pairs, String carriers) {
    int ops = ops(contestant, threads, pairs);
    // Ten thousand pairs take long to settle, and a batch of theirs long to run.
    return point(contestant, threads, pairs, carriers, "free", ops)
        .timesAsLong(pairs > 1_000 ? 3 : 1);
  }

  /** Some pairs, with something else to do for every core. */
  private static Point busy(String contestant, String threads, int pairs) {
    int ops =
        threads.equals("virtual")
            ? contestant.equals("wait/notify") ? 1_000 : 20_000
            : contestant.equals("2 yields, park") ? 100 : 2_000;
    return point(contestant, threads, pairs, "all", "busy", ops);
  }

  private static Point point(
      String contestant, String threads, int pairs, String carriers, String cores, int ops) {
    return Point.of(
            RoundTrip.class,
            "roundTrip",
            ops,
            "contestant",
            contestant,
            "threads",
            threads,
            "pairs",
            pairs,
            "carriers",
            carriers,
            "cores",
            cores,
            "ops",
            ops)
        .carriers(carriers);
  }

  /** A batch takes some milliseconds at least, and less than a second. */
  private static int ops(String contestant, String threads, int pairs) {
    int each =
        switch (pairs) {
          case 1, 2 -> 50_000;
          case 10 -> 10_000;
          case 100 -> 2_000;
          default -> 60;
        };
    if (contestant.equals("wait/notify") && threads.equals("virtual")) {
      each /= pairs > 100 ? 10 : 50; // about 100 microseconds each
    } else if (contestant.equals("spin 100, park") && pairs > 1) {
      each /= 3; // microseconds, since it holds the carrier that the other one needs
    } else if (threads.equals("platform") && !(pairs == 1 && Links.mayOnlySpin(contestant))) {
      each /= 5;
    }
    return each * pairs;
  }

  /** The name of the contestant in {@link Links}. */
  @Param("AtomicWaker")
  public String contestant = "";

  /** Their kind. */
  @Param("virtual")
  public String threads = "";

  /** How many at once. */
  @Param("1")
  public int pairs;

  /** How many carriers the JVM was given, "all" or "1": for the report. */
  @Param("all")
  public String carriers = "";

  /** "busy" if every core has something else to do, or "free". */
  @Param("free")
  public String cores = "";

  /** Round trips per batch. */
  @Param("100000")
  public int ops;

  private Crew crew;

  /** Starts the threads. */
  @Setup
  public void start() {
    boolean once = contestant.equals("Exchanger, once");
    Supplier<Link> links = Links.of(once ? "Exchanger" : contestant);
    Link[] there = new Link[pairs];
    Link[] back = new Link[pairs];
    for (int i = 0; i < pairs; i++) {
      Link in = links.get();
      Link out = once ? new NoLink() : contestant.equals("Exchanger") ? in : links.get();
      there[i] = in;
      back[i] = out;
      Crew.start(threads, () -> out.send(in.receive()));
    }
    int each = ops / pairs;
    if (cores.equals("busy")) {
      Crew.keepCoresBusy();
    }
    crew = new Crew(threads, pairs, pair -> roundTrips(there[pair], back[pair], each));
  }

  /** A batch of them, all pairs together. */
  @Benchmark
  public void roundTrip() {
    crew.batch();
  }

  private void roundTrips(Link out, Link in, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      out.send(this);
      in.receive();
    }
  }

  /** The way back of an exchange, which has happened already. */
  private static final class NoLink implements Link {
    @Override
    public void send(Object message) {}

    @Override
    public Object receive() {
      return this;
    }
  }
}
