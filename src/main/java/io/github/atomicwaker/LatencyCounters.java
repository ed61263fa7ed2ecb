package io.github.atomicwaker;

import java.util.concurrent.atomic.AtomicLongArray;

/** The latencies of a group, in stripes: threads that run at once rarely add to the same one. */
final class LatencyCounters {

  /** A power of two. */
  private static final int STRIPES = 16;

  /** In longs: the total, the buckets, and enough for two stripes to share no cache line. */
  private static final int STRIPE_LENGTH = 1 + WakeLatency.BUCKETS + 11;

  static {
    Initialized.ensure(WakeLatency.class);
  }

  private final AtomicLongArray stripes = new AtomicLongArray(STRIPES * STRIPE_LENGTH);

  /**
   * Adds a latency, from a time of {@link System#nanoTime} to another. A wake that comes when a
   * park has ended already, before its end is noted, has none.
   */
  void add(long begin, long end) {
    int stripe = (int) StripedCounters.number(Thread.currentThread()) & (STRIPES - 1);
    int total = stripe * STRIPE_LENGTH;
    long nanos = Math.max(0, end - begin);
    stripes.getAndAdd(total, Counters.ticks(begin, begin + nanos));
    stripes.getAndAdd(total + 1 + WakeLatency.bucket(nanos), 1);
  }

  WakeLatency sum() {
    long[] counts = new long[WakeLatency.BUCKETS];
    long ticks = 0;
    for (int total = 0; total < stripes.length(); total += STRIPE_LENGTH) {
      ticks += stripes.get(total);
      for (int bucket = 0; bucket < counts.length; bucket++) {
        counts[bucket] += stripes.get(total + 1 + bucket);
      }
    }
    return new WakeLatency(counts, Counters.time(ticks));
  }
}
