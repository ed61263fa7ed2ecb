package io.github.atomicwaker;

import java.util.Locale;

/** How a park ended. */
enum ParkOutcome {
  WOKEN,
  SPURIOUS,
  TIMEOUT,
  INTERRUPTED,
  DISPLACED,
  /** The bound of {@link Jdk8369227}, which no statistics show. */
  BOUND;

  /** Its name in events. */
  final String label = name().toLowerCase(Locale.ROOT);
}
