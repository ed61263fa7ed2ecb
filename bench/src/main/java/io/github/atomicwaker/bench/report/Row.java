package io.github.atomicwaker.bench.report;

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
      One operation is one signal to a thread that does not wait, as each send is whose receiver is \
      busy. The time is that of each thread. `unpark` of a virtual thread that has its permit \
      already is a read: that is the floor there.""";

  private static final String ROUND_TRIP =
      """
      One operation is there and back: one thread sends, the other one receives and answers, the \
      first one receives. An `Exchanger` takes two exchanges for it; "once" is one, in which both \
      give at the same time. The channel of jox is made for virtual threads.""";

  private static final String MANY_PAIRS =
      """
       Many pairs of virtual threads are not all under way at once: a carrier runs first what is in \
      its own queue, and two threads that wake each other are always there, so that each carrier \
      has one pair until that one's batch is done. It is so with raw parks, semaphores and \
      synchronous queues as with wakers (counted by hand).""";

  private static final String HAND_OFF =
      """
      One operation is one value, put by one thread and taken by another one. Where there is a \
      place for it ("(1)", slots, semaphores) the producer may be one value ahead. An exchange is \
      one operation.""";

  private static final String MAILBOX =
      """
      One operation is one message, sent and received. All but the JDK's queues and jox are one \
      MPSC queue of JCTools with that to wait for messages in, and wakers of the producers, which \
      all have the same way to wait for space. JCTools' own blocking queue is always bounded: in \
      place of none it gets more places than a batch has messages. "With a fence": that queue, with \
      the fence after each send that a wake has, and it does not need.""";

  private static final String REPLY =
      """
      One operation is a request, put into a queue, the reply by the one server, and the return of \
      the client that waited for it in what was made for that reply. "Kept": but for the waker, \
      which is the client's; "and a fresh one to look at": a control, in which the server looks at \
      a new waker that nobody waits in, as well. JCTools' blocking queue and the channel of jox are \
      not made for this, but can do it.""";

  private static final String SCALE =
      """
      One operation is one of a million virtual threads woken, from the first wake until the last \
      thread has returned from its wait. The heap is all that a waiting thread takes: itself, its \
      stack, and what it waits in. A garbage collection goes before each batch.""";

  private static final String ALLOCATION =
      """
      Bytes for one operation, of all threads. A park of a virtual thread allocates by itself, on \
      one carrier in every wait; that is what raw `LockSupport` shows. A predicate that captures \
      something is an object for every wait, if the JIT does not see through the wait; a kept one \
      is a field.""";

  private static final String RECORDING =
      """
      Operations as in the rows of the same names, with the group's statistics and without, and in \
      a JVM without the flight recorder. "Timed raw slot": the raw slot, with two readings of the \
      clock for each park, which is the least that a time costs.""";

  static final List<Row> ALL =
      List.of(
          new Row("idle-wake", "A wake with nobody waiting", IDLE_WAKE, IdleWake::points),
          new Row("round-trip", "A round trip, one pair", ROUND_TRIP, RoundTrip::onePair),
          new Row("load", "Round trips under load", ROUND_TRIP + MANY_PAIRS, RoundTrip::load),
          new Row("handoff", "Values handed over", HAND_OFF + MANY_PAIRS, ValueHandoff::points),
          new Row("mailbox", "Mailbox: many producers, one consumer", MAILBOX, Mailbox::points),
          new Row("one-shot", "Request, park, reply, resume", REPLY, OneShot::replies),
          new Row("scale", "A million parked virtual threads", SCALE, Scale::points),
          new Row("allocation", "Bytes allocated", ALLOCATION, Row::allocation),
          new Row("fresh", "A fresh waker per wait", REPLY, OneShot::freshAndKept),
          new Row(
              "constants", "The constants of adaptive waiting", ROUND_TRIP, RoundTrip::constants),
          new Row("recording", "What it costs to be seen", RECORDING, Row::recording));

  /** The list of a row's points. */
  @FunctionalInterface
  interface Points {
    List<Point> of(boolean quick);
  }

  /** On one carrier, where every wait parks; and wherever else the goals look. */
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

  /** Whether the bytes that are allocated count as well. */
  boolean countsBytes() {
    return id.equals("allocation");
  }

  static Optional<Row> of(String id) {
    return ALL.stream().filter(row -> row.id.equals(id)).findAny();
  }
}
