package io.github.atomicwaker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A row of the table: what {@code -Dbench} names.
 *
 * @param points what it measures, in short or in full
 */
record Row(String id, String title, Points points) {

  static final List<Row> ALL =
      List.of(
          new Row("idle-wake", "A wake with nobody waiting", IdleWake::points),
          new Row("round-trip", "A round trip, one pair", RoundTrip::onePair),
          new Row("load", "Round trips under load", RoundTrip::load),
          new Row("handoff", "Values handed over", HandOver::points),
          new Row("mailbox", "Mailbox: many producers, one consumer", Mailbox::points),
          new Row("one-shot", "Request, park, reply, resume", OneShot::replies),
          new Row("scale", "A million parked virtual threads", Scale::points),
          new Row("allocation", "Bytes allocated", Row::allocation),
          new Row("fresh", "A fresh waker per wait", OneShot::freshAndKept),
          new Row("constants", "The constants of adaptive waiting", RoundTrip::constants),
          new Row("recording", "What it costs to be seen", Row::recording));

  /** The list of a row's points. */
  @FunctionalInterface
  interface Points {
    List<Point> of(boolean quick);
  }

  /** On one carrier, where every wait parks; and wherever else the goals look. */
  private static List<Point> allocation(boolean quick) {
    List<Point> points = new ArrayList<>(RoundTrip.oneCarrier());
    for (String contestant : List.of("AtomicWaker", "raw LockSupport")) {
      points.add(RoundTrip.point(contestant, "virtual", 100, "all"));
      points.add(RoundTrip.point(contestant, "platform", 1, "all"));
    }
    points.addAll(HandOver.onePair());
    points.add(IdleWake.point("atomicWaker", "platform", 1));
    points.addAll(Ready.points());
    return points;
  }

  private static List<Point> recording(boolean quick) {
    return Stream.of(IdleWake.recorded(), RoundTrip.recorded(), HandOver.recorded())
        .flatMap(List::stream)
        .toList();
  }

  /** Whether the bytes that are allocated count as well. */
  boolean countsBytes() {
    return id.equals("allocation");
  }

  static Optional<Row> of(String id) {
    return ALL.stream().filter(row -> row.id.equals(id)).findAny();
  }
}
