package io.github.atomicwaker;

import java.util.Locale;

/** How two threads met in one slot. */
enum Race {
  /** A wake took the thread after it registered, and before it had checked its condition. */
  EARLY,
  /** A wake found a thread, and another wake took it, or it deregistered, before the swap. */
  CONTENDED,
  /** A registration displaced another thread, parked or not. */
  DISPLACED;

  /** Its name in events. */
  final String label = name().toLowerCase(Locale.ROOT);
}
