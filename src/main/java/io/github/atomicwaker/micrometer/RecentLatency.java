package io.github.atomicwaker.micrometer;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.WakeLatency;
import io.github.atomicwaker.WakerGroup;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The latencies of the last one to two minutes, without a thread: each time it is asked, it keeps a
 * reading for later. What it returns began with the last reading that is at least a minute old. So
 * a registry that is read every five minutes sees each latency once.
 */
final class RecentLatency {

  private static final long LEAST = Duration.ofMinutes(1).toNanos();

  /** Readings take a kilobyte each. With these steps there are seven at most. */
  private static final long STEP = Duration.ofSeconds(10).toNanos();

  private record Reading(long at, WakeLatency latency) {}

  private final Clock clock;

  /** The oldest first; never empty. */
  private final List<Reading> readings = new ArrayList<>();

  RecentLatency(WakerGroup group, Clock clock) {
    this.clock = clock;
    readings.add(read(group));
  }

  /** Does not keep the group: meters refer to it weakly. */
  synchronized WakeLatency of(WakerGroup group) {
    Reading latest = read(group);
    while (readings.size() > 1 && latest.at - readings.get(1).at >= LEAST) {
      readings.remove(0);
    }
    WakeLatency recent = latest.latency.minus(readings.get(0).latency);
    if (latest.at - readings.get(readings.size() - 1).at >= STEP) {
      readings.add(latest);
    }
    return recent;
  }

  private Reading read(WakerGroup group) {
    return new Reading(clock.monotonicTime(), requireNonNull(group.stats().latency()));
  }
}
