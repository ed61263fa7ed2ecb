package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The buckets of latencies, and what is read from them. */
class WakeLatencyTest {

  private static WakeLatency of(long... nanos) {
    LatencyCounters counters = new LatencyCounters();
    LongStream.of(nanos).forEach(each -> counters.add(-each, 0));
    return counters.sum();
  }

  @Test
  void eachLatencyIsInABucketThatEndsUpToAQuarterLater() {
    int last = 0;
    for (long nanos = 0; nanos < 1L << 42; nanos += 1 + nanos / 1_000) {
      int bucket = WakeLatency.bucket(nanos);
      long end = WakeLatency.end(bucket);
      long most = Math.max(nanos + 16, nanos + nanos / 4);
      assertTrue(nanos < end && end <= most, nanos + " is in a bucket that ends at " + end);
      assertTrue(last <= bucket && bucket <= last + 1, "bucket " + bucket + " after " + last);
      last = bucket;
    }
    assertEquals(WakeLatency.BUCKETS - 1, last);
    assertEquals(last, WakeLatency.bucket(Long.MAX_VALUE));
  }

  @Test
  void aShareOfThemIsNotLongerThanThePercentile() {
    WakeLatency latency = of(LongStream.rangeClosed(1, 1_000).map(i -> i * 1_000).toArray());
    assertEquals(1_000, latency.count());
    assertBetween(500_500_000 - 1_024_000, 500_500_000 + 1_024_000, latency.total());
    assertBetween(500_000, 625_000, latency.percentile(0.5));
    assertBetween(990_000, 1_237_500, latency.percentile(0.99));
    assertBetween(1_000_000, 1_250_000, latency.max());
    assertBetween(1_000, 1_250, latency.percentile(0));
    assertEquals(latency.max(), latency.percentile(1));
  }

  private static void assertBetween(long least, long most, Duration found) {
    assertTrue(least <= found.toNanos() && found.toNanos() <= most, found::toString);
  }

  @Test
  void aDifferenceHasTheLatenciesOfItsInterval() {
    LatencyCounters counters = new LatencyCounters();
    counters.add(0, 1_000_000_000);
    WakeLatency before = counters.sum();
    counters.add(0, 1_000);
    counters.add(0, 2_048);
    WakeLatency meanwhile = counters.sum().minus(before);
    assertEquals(of(1_000, 2_048).count(), meanwhile.count());
    assertEquals(Duration.ofNanos(2_048), meanwhile.total());
    WakeLatency same = counters.sum().minus(before);
    assertEquals(same, meanwhile);
    assertEquals(same.hashCode(), meanwhile.hashCode());
    assertNotEquals(counters.sum(), meanwhile);
    assertEquals(2, meanwhile.count());
    assertBetween(2_048, 2_560, meanwhile.max());
  }

  @Test
  void ofNoneAllAreZero() {
    WakeLatency none = of();
    assertEquals(0, none.count());
    assertEquals(Duration.ZERO, none.total());
    assertEquals(Duration.ZERO, none.max());
    assertEquals(Duration.ZERO, none.percentile(0.5));
    assertEquals("WakeLatency[count=0, mean=PT0S, median=PT0S, p99=PT0S, max=PT0S]", "" + none);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, 99, Double.NaN})
  void noOtherShareIsTaken(double share) {
    assertThrows(IllegalArgumentException.class, () -> of(1).percentile(share));
  }
}
