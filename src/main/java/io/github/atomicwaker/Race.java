package io.github.atomicwaker;

import java.util.Locale;

/** How two threads met in one slot. */
enum Race {
  /** A wake took the thread before that one had checked its condition. */
  EARLY,
  /** Two wakes found the same thread, and the other one took it. */
  CONTENDED,
  /** A registration displaced another thread, parked or not. */
  DISPLACED;

  /** Its name in events. */
  final String label = name().toLowerCase(Locale.ROOT);
}
