package io.github.atomicwaker.bench;

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
 * Hand-offs of values from one thread to another through at most one place, by one pair and by 100.
 *
 * <p>One operation is one value, put by one thread and taken by the other. The producer may be one
 * value ahead where there is a place for it ("(1)", slots, semaphores; in a {@code Handoff} two, if
 * a take is parked, which is given one of them), and waits for the taker where there is none
 * ({@code SynchronousQueue}, {@code Exchanger}, {@code transfer}, rendezvous). An exchange is one
 * operation, since nothing of use goes the other way.
 *
 * <p>{@code ArrayBlockingQueue(1)} is a lock with two {@code Condition}s. Not here: JCTools'
 * blocking queue, whose {@code put} does not wait for space but throws.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ValueHandoff {

  private static final List<String> CONTESTANTS =
      List.of(
          "Handoff",
          "raw slot",
          "SynchronousQueue",
          "Exchanger",
          "ArrayBlockingQueue(1)",
          "LinkedBlockingQueue(1)",
          "LinkedTransferQueue.transfer",
          "jox rendezvous",
          "jox(1)",
          "2 Semaphores",
          "wait/notify slot");

  /** What is measured. */
  public static List<Point> points(boolean quick) {
    List<Point> points = new ArrayList<>();
    for (String threads : List.of("virtual", "platform")) {
      for (int pairs : new int[] {1, 100}) {
        if (!(quick && threads.equals("platform") && pairs > 1)) {
          CONTESTANTS.forEach(contestant -> points.add(point(contestant, threads, pairs)));
        }
      }
    }
    return points;
  }

  /** One pair of each contestant on one carrier, where each wait parks: for "allocation". */
  public static List<Point> oneCarrier() {
    return CONTESTANTS.stream().map(contestant -> point(contestant, "virtual", 1, "1")).toList();
  }

  /** Where some waits park, and some do not: for "allocation". */
  public static List<Point> besideRaw() {
    return Stream.of("Handoff", "raw slot")
        .flatMap(
            contestant ->
                Stream.of(
                    point(contestant, "virtual", 100),
                    point(contestant, "platform", 1),
                    point(contestant, "platform", 100)))
        .toList();
  }

  /** Where a pause counts most: for the row "constants". */
  public static List<Point> pauses() {
    return Stream.of(
            "Handoff",
            "raw slot",
            "Handoff" + Links.TUNED + "turnsPerPause 1",
            "Handoff" + Links.TUNED + "turnsPerPause 16")
        .flatMap(
            contestant ->
                Stream.of(point(contestant, "virtual", 1), point(contestant, "platform", 1)))
        .toList();
  }

  /** With statistics and without, and where nobody can record events: for "recording". */
  public static List<Point> recorded() {
    return Stream.of(
            "Handoff",
            "Handoff" + Links.TUNED + Links.STATISTICS,
            "Handoff" + Links.TUNED + Links.TRACKING,
            "Handoff" + Links.TUNED + Links.NO_JFR,
            "raw slot",
            Links.TIMED_RAW_SLOT)
        .flatMap(
            contestant ->
                Stream.of(
                    point(contestant, "virtual", 1),
                    point(contestant, "virtual", 1, "1"),
                    point(contestant, "virtual", 100),
                    point(contestant, "platform", 1)))
        .map(Point::withoutJfr)
        .toList();
  }

  private static Point point(String contestant, String threads, int pairs) {
    return point(contestant, threads, pairs, "all");
  }

  /** Some pairs of which one thread puts what the other one takes. */
  public static Point point(String contestant, String threads, int pairs, String carriers) {
    int ops = pairs == 1 ? 50_000 : 200_000;
    if (contestant.startsWith("wait/notify") && threads.equals("virtual")) {
      ops /= 50; // about 100 microseconds each
    } else if (threads.equals("platform") && !(pairs == 1 && Links.mayOnlySpin(contestant))) {
      ops /= 5;
    }
    return Point.of(
            ValueHandoff.class,
            "handoff",
            ops,
            "contestant",
            contestant,
            "threads",
            threads,
            "pairs",
            pairs,
            "carriers",
            carriers,
            "ops",
            ops)
        .carriers(carriers);
  }

  /** The name of the contestant in {@link Links}. */
  @Param("Handoff")
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

  /** Values per batch. */
  @Param("50000")
  public int ops;

  private Crew crew;

  /** Starts the threads. */
  @Setup
  public void start() {
    Supplier<Link> links = Links.of(contestant);
    Link[] slots = new Link[pairs];
    for (int i = 0; i < pairs; i++) {
      Link slot = links.get();
      slots[i] = slot;
      Crew.start(threads, slot::receive);
    }
    int each = ops / pairs;
    crew = new Crew(threads, pairs, pair -> give(slots[pair], each));
  }

  /** A batch of them, all pairs together. */
  @Benchmark
  public void handoff() {
    crew.batch();
  }

  private void give(Link slot, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      slot.send(this);
    }
  }
}
