package io.github.atomicwaker.bench;

import java.util.List;
import java.util.Optional;

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
          new Row("load", "Round trips under load", RoundTrip::load));

  /** The list of a row's points. */
  @FunctionalInterface
  interface Points {
    List<Point> of(boolean quick);
  }

  /** Whether the bytes that are allocated count as well. */
  boolean countsBytes() {
    return id.equals("allocation");
  }

  static Optional<Row> of(String id) {
    return ALL.stream().filter(row -> row.id.equals(id)).findAny();
  }
}
