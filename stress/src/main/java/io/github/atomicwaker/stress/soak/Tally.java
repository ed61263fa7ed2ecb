package io.github.atomicwaker.stress.soak;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.stress.soak.WaitMethod.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens. */
final class Tally {

  enum Count {
    SENT("messages sent"),
    RECEIVED("messages received"),
    WAKES("wakes that took a thread"),
    IDLE_WAKES("wakes that found nobody"),
    BATCHES("batches"),
    BATCHED("threads taken in a batch and unparked at its end"),
    MIGRATIONS("migrations of a waiter"),
    CONTENDED("waits of two at once"),
    CANCELLED("replies that their caller cancelled"),
    INTERRUPTS("interrupts sent"),
    INTERRUPTS_THROWN("interrupts received as an exception"),
    INTERRUPTS_SET("interrupts received as a status"),
    ROGUE_UNPARKS("rogue unparks"),
    ROGUE_WAKES("rogue wakes and takes"),
    THROWN("conditions that threw"),
    PARKED("conditions that parked"),
    NESTED("conditions that waited on a waker"),
    PAUSES("pauses");

    final String text;

    Count(String text) {
      this.text = text;
    }
  }

  // Filled here, and only read afterwards.
  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
  private final Map<WaitMethod, Map<Outcome, LongAdder>> waits = new EnumMap<>(WaitMethod.class);

  Tally() {
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
    }
    for (WaitMethod way : WaitMethod.values()) {
      Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        outcomes.put(outcome, new LongAdder());
      }
      waits.put(way, outcomes);
    }
  }

  void add(Count count) {
    add(count, 1);
  }

  void add(Count count, int times) {
    requireNonNull(counts.get(count)).add(times);
  }

  void add(WaitMethod way, Outcome outcome) {
    requireNonNull(requireNonNull(waits.get(way)).get(outcome)).increment();
  }

  long get(Count count) {
    return requireNonNull(counts.get(count)).sum();
  }

  /** The table at the end. */
  String table() {
    StringBuilder table = new StringBuilder("%-28s".formatted("waits"));
    for (Outcome outcome : Outcome.values()) {
      table.append("%13s".formatted(outcome.text));
    }
    waits.forEach(
        (way, outcomes) -> {
          table.append("%n  %-26s".formatted(way.text));
          outcomes.values().forEach(count -> table.append("%,13d".formatted(count.sum())));
        });
    counts.forEach(
        (count, adder) -> table.append("%n%-50s%,16d".formatted(count.text, adder.sum())));
    return table.toString();
  }
}
