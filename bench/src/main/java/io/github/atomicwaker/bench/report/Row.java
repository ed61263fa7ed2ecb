package io.github.atomicwaker.bench.report;

import io.github.atomicwaker.bench.FirstUse;
import io.github.atomicwaker.bench.IdleWake;
import io.github.atomicwaker.bench.Links;
import io.github.atomicwaker.bench.Mailbox;
import io.github.atomicwaker.bench.OneShot;
import io.github.atomicwaker.bench.Point;
import io.github.atomicwaker.bench.Ready;
import io.github.atomicwaker.bench.RoundTrip;
import io.github.atomicwaker.bench.Scale;
import io.github.atomicwaker.bench.ValueHandoff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A row of the table: what {@code -Dbench} names.
 *
 * @param operation what one operation is, and what a reader has to know of the contestants
 * @param points what it measures, in short or in full
 */
record Row(String id, String title, String operation, Points points) {

  private static final String IDLE_WAKE =
      """
      One operation is one signal to a thread that does not wait. The time is that of each thread. \
      `unpark` of a virtual thread that has its permit already is a read.""";

  private static final String FIRST_USE =
      """
      Each in a JVM of its own: how much longer than its 100 ms the first wait takes, and how long \
      the first wake of another thread.""";

  private static final String ROUND_TRIP =
      """
      One thread sends, the other one answers. An `Exchanger` takes two exchanges for it; "once" is \
      one exchange.""";

  private static final String LOAD =
      """
      Round trips by many pairs at once, on one carrier, or with a busy thread for each core. A \
      carrier runs one pair of virtual threads until that pair's batch is done, with any \
      contestant, since it first runs what is in its own queue.""";

  private static final String HANDOFF =
      """
      One thread puts a value, another one takes it. The producer may be one value ahead where \
      there is a place for it: "(1)", slots, semaphores.""";

  private static final String MAILBOX =
      """
      Many producers send messages to one consumer. "Bounded" is to 1,024. All but the JDK's queues \
      and jox are an MPSC queue of JCTools, whose consumer waits in the named way; its poll is \
      kept. Their producers wait for space in wakers. "With a fence" adds a wake's fence to each \
      send.""";

  private static final String REPLY =
      """
      A client puts a request into a queue, and waits for the reply of the one server.""";

  private static final String FRESH =
      """
      One-shot replies, with a waker for each request, or one for each client ("kept"). "A fresh \
      one to look at" is a control: a new waker in which nobody waits.""";

  private static final String SCALE =
      """
      One operation is one thread woken of a million, until the last one has returned from its \
      wait. The heap holds the thread, its stack, and what it waits in.""";

  private static final String ALLOCATION =
      """
      Bytes of all threads. A park of a virtual thread allocates by itself: raw `LockSupport` shows \
      that.""";

  private static final String CONSTANTS =
      """
      Round trips, hand-offs and messages to a mailbox, with one constant of the wait policy \
      changed.""";

  private static final String SERVICE =
      """
      One-shot replies of a server that works for as long as the column says. The processor time is \
      that of the process, with the server's work, and without what keeps the cores busy.""";

  private static final String RECORDING =
      """
      With statistics, with waits tracked, with neither, and in a JVM without \
      the flight recorder. The timed raw slot reads the clock twice for each park.""";

  static final List<Row> ALL =
      List.of(
          new Row("idle-wake", "Idle wake", IDLE_WAKE, IdleWake::points),
          new Row("first-wait", "First wait and first wake", FIRST_USE, FirstUse::points),
          new Row("round-trip", "Round trip", ROUND_TRIP, RoundTrip::onePair),
          new Row("load", "Round trips under load", LOAD, RoundTrip::load),
          new Row("handoff", "Hand-off", HANDOFF, ValueHandoff::points),
          new Row("mailbox", "Mailbox", MAILBOX, Mailbox::points),
          new Row("one-shot", "One-shot reply", REPLY, OneShot::replies),
          new Row("scale", "A million parked threads", SCALE, Scale::points),
          new Row("allocation", "Bytes allocated", ALLOCATION, Row::allocation),
          new Row("fresh", "Fresh waker", FRESH, OneShot::freshAndKept),
          new Row(
              "constants", "The constants of adaptive waiting", CONSTANTS, RoundTrip::constants),
          new Row("service", "Replies that take a while", SERVICE, OneShot::service),
          new Row("recording", "Statistics and JFR", RECORDING, Row::recording));

  /** The list of a row's points. */
  @FunctionalInterface
  interface Points {
    List<Point> of(boolean quick);
  }

  /** On one carrier, where every wait parks, and at the other points of the goals. */
  private static List<Point> allocation(boolean quick) {
    List<Point> points = new ArrayList<>(RoundTrip.oneCarrier());
    for (String contestant : List.of("AtomicWaker", Links.KEPT_PREDICATE, "raw LockSupport")) {
      points.add(RoundTrip.point(contestant, "virtual", 100, "all"));
      points.add(RoundTrip.point(contestant, "platform", 1, "all"));
    }
    points.addAll(ValueHandoff.oneCarrier());
    points.addAll(ValueHandoff.besideRaw());
    points.add(IdleWake.point("atomicWaker", "platform", 1));
    points.addAll(Ready.points());
    return points;
  }

  private static List<Point> recording(boolean quick) {
    return Stream.of(IdleWake.recorded(), RoundTrip.recorded(), ValueHandoff.recorded())
        .flatMap(List::stream)
        .toList();
  }

  /** Returns whether the bytes that are allocated count as well. */
  boolean countsBytes() {
    return id.equals("allocation");
  }

  /** Returns whether it has a page of its own: the main page has only its goals. */
  boolean apart() {
    return Set.of("constants", "fresh", "load", "recording", "service").contains(id);
  }

  static Optional<Row> of(String id) {
    return ALL.stream().filter(row -> row.id.equals(id)).findAny();
  }
}
