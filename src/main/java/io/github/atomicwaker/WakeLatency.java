package io.github.atomicwaker;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How long threads took from their wake until they ran: the first sign of carriers or processors
 * that are busy. A latency begins when {@link AtomicWaker#wake}, {@link AtomicWaker#take} or {@link
 * WakeBatch#wake} takes the thread out of the slot; so for the latter two it includes the time
 * until the thread is unparked. It ends when the park returns. A park that no wake ended has none.
 *
 * <p>Latencies are counted in buckets. {@link #max} and {@link #percentile} give the end of a
 * bucket: the right number, or up to a quarter more, in steps of at least 16 nanoseconds. Longer
 * latencies than 73 minutes are counted as 73 minutes.
 *
 * @since 0.1.0
 */
public final class WakeLatency {

  /** The shortest buckets are 2<sup>4</sup> nanoseconds wide. */
  private static final int UNIT_SHIFT = 4;

  /** Each power of two has four buckets. */
  private static final int SPLIT_SHIFT = 2;

  private static final int SPLIT = 1 << SPLIT_SHIFT;

  /** The last bucket ends at 2<sup>42</sup> nanoseconds. */
  private static final int LONGEST_SHIFT = 42;

  static final int BUCKETS = (LONGEST_SHIFT - UNIT_SHIFT - SPLIT_SHIFT + 1) * SPLIT;

  private final long[] counts;
  private final Duration total;

  /** Keeps the array. */
  WakeLatency(long[] counts, Duration total) {
    this.counts = counts;
    this.total = total;
  }

  static int bucket(long nanos) {
    long units = Math.min(nanos, (1L << LONGEST_SHIFT) - 1) >> UNIT_SHIFT;
    int power = Long.SIZE - 1 - SPLIT_SHIFT - Long.numberOfLeadingZeros(units | SPLIT);
    return power * SPLIT + (int) (units >> power);
  }

  /** Returns the nanoseconds at which the next bucket begins. */
  static long end(int bucket) {
    int power = Math.max(0, bucket / SPLIT - 1);
    return (bucket - power * SPLIT + 1L) << (power + UNIT_SHIFT);
  }

  /**
   * Returns how many threads ran after a wake. A wake that came just before the park is not among
   * them, nor, at worst, one right after a displacement; so this may be less than {@link
   * WakerStats.Wakeups#woken}.
   *
   * @return the number of latencies
   */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /**
   * Returns the sum of all latencies, in steps of about a microsecond; it is right on average.
   *
   * @return the sum
   */
  public Duration total() {
    return total;
  }

  /**
   * Returns the longest latency, or up to a quarter more.
   *
   * @return the longest; zero if there is none
   */
  public Duration max() {
    return percentile(1);
  }

  /**
   * Returns the latency that a share of all latencies does not exceed, or up to a quarter more.
   *
   * @param share for example 0.99
   * @return the latency; zero if there is none
   * @throws IllegalArgumentException if the share is not between 0 and 1
   */
  public Duration percentile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share from 0 to 1 is needed, and not " + share);
    }
    long rank = Math.max(1, (long) Math.ceil(share * count()));
    long passed = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      passed += counts[bucket];
      if (passed >= rank) {
        return Duration.ofNanos(end(bucket));
      }
    }
    return Duration.ZERO;
  }

  /**
   * Returns what was counted since an earlier reading of the same group.
   *
   * @param earlier the earlier reading
   * @return the latencies of the time in between
   */
  public WakeLatency minus(WakeLatency earlier) {
    long[] differences = counts.clone();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      differences[bucket] -= earlier.counts[bucket];
    }
    return new WakeLatency(differences, total.minus(earlier.total));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WakeLatency latency
        && total.equals(latency.total)
        && Arrays.equals(counts, latency.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(counts) + total.hashCode();
  }

  /** Returns the count, the mean, the median, the 99th percentile and the longest. */
  @Override
  public String toString() {
    long count = count();
    return "WakeLatency[count=%d, mean=%s, median=%s, p99=%s, max=%s]"
        .formatted(
            count,
            count == 0 ? Duration.ZERO : total().dividedBy(count),
            percentile(0.5),
            percentile(0.99),
            max());
  }
}
