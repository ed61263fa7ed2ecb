package io.github.atomicwaker;

import java.util.Locale;

/** How a park ended. */
enum ParkOutcome {
  WOKEN,
  SPURIOUS,
  TIMEOUT,
  INTERRUPTED,
  DISPLACED,
  /** The time limit of {@link Jdk8369227}. {@link WakerStats} does not show it. */
  BOUND;

  /** Its name in events. */
  final String label = name().toLowerCase(Locale.ROOT);
}
