package io.github.atomicwaker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a group that tracks waits knows besides its counters. */
final class Tracking {

  final WaitTable waits;
  private final LatencyCounters latencies = new LatencyCounters();

  Tracking(Counters counters) {
    waits = new WaitTable(counters);
  }

  void addLatency(long begin, long end) {
    latencies.add(begin, end);
  }

  WakeLatency latency() {
    return latencies.sum();
  }

  /**
   * Returns the waits that last, the oldest first. Those that end meanwhile are left out: the
   * thread of one may have begun another that is in the list.
   */
  List<ParkedWait> snapshot() {
    Found found = new Found();
    waits.forEach(found);
    long now = System.nanoTime();
    Instant today = Instant.now();
    List<ParkedWait> snapshot = new ArrayList<>(found.waits.size());
    for (TrackedWait wait : found.waits) {
      Thread thread = wait.get();
      long since = wait.since();
      if (thread != null && since != TrackedWait.NONE) {
        Duration age = Duration.ofNanos(Math.max(0, now - since));
        boolean parked = wait.parkedSince() != TrackedWait.NONE;
        long wokenAt = parked ? wait.wokenAt() : TrackedWait.NONE;
        snapshot.add(
            new ParkedWait(
                thread,
                WaitLoop.identity(AtomicWaker.class, wait.waker),
                today.minus(age),
                age,
                wokenAt == TrackedWait.NONE ? null : today.minusNanos(Math.max(0, now - wokenAt))));
      }
    }
    snapshot.sort(new OldestFirst());
    return snapshot;
  }

  Lasting lasting() {
    Lasting lasting = new Lasting();
    waits.forEach(lasting);
    return lasting;
  }

  private static final class Found implements BiConsumer<TrackedWait, Thread> {
    final List<TrackedWait> waits = new ArrayList<>();

    @Override
    public void accept(TrackedWait wait, Thread thread) {
      waits.add(wait);
    }
  }

  private static final class OldestFirst implements Comparator<ParkedWait> {
    @Override
    public int compare(ParkedWait one, ParkedWait other) {
      return other.age().compareTo(one.age());
    }
  }

  /** The waits that last at one moment, all together. */
  static final class Lasting implements BiConsumer<TrackedWait, Thread> {

    private final long now = System.nanoTime();
    private int waits;
    private int parked;
    private long parkedTicks;
    private long age;
    private @Nullable TrackedWait oldest;
    private @Nullable Thread oldestThread;

    @Override
    public void accept(TrackedWait wait, Thread thread) {
      long parkedSince = wait.parkedSince();
      long since = wait.since();
      if (since == TrackedWait.NONE) {
        return;
      }
      waits++;
      if (parkedSince != TrackedWait.NONE) {
        parked++;
        parkedTicks += Math.max(0, Counters.ticks(parkedSince, now));
      }
      if (oldest == null || now - since > age) {
        age = Math.max(0, now - since);
        oldest = wait;
        oldestThread = thread;
      }
    }

    /** Returns how many waits there are. */
    int waits() {
      return waits;
    }

    /**
     * Returns how many of their threads are parked; the others are about to park again, or done.
     */
    int parked() {
      return parked;
    }

    /** Returns how long these have been parked, in {@linkplain Counters#ticks ticks}. */
    long parkedTicks() {
      return parkedTicks;
    }

    /** Returns the nanoseconds since the oldest began; 0 if there is none. */
    long age() {
      return age;
    }

    @Nullable TrackedWait oldest() {
      return oldest;
    }

    @Nullable Thread oldestThread() {
      return oldestThread;
    }
  }
}
