package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What wakers of one purpose (one per queue, per connection, per request) share: a name, how they
 * wait, their backoff, and optional statistics. A program that creates a waker per request should
 * give these wakers a group of their own: a waker that waits once learns nothing from it, but
 * begins with the backoff of its group.
 *
 * {@snippet class="io.github.atomicwaker.SnippetsTest" region=group :
 * static final WakerGroup REPLIES = WakerGroup.named("replies");
 *
 * final AtomicWaker waker = new AtomicWaker(REPLIES);
 * }
 *
 * <p>A group is immutable, except for its backoff and its statistics; any threads may use it. Two
 * groups of one name are two groups.
 *
 * <h2>How wakers wait</h2>
 *
 * <p>A wait whose condition is false at first <em>spins</em> briefly, on a platform thread
 * <em>yields</em> briefly, and then parks. Spinning is the fastest way if the waking thread runs at
 * the same time on another processor, and the slowest if it is queued behind the waiting thread. So
 * each waker learns from its waits. After a spin that ended the wait, the next wait spins; after
 * one that did not, the number of waits until the next spin doubles. Yields back off in the same
 * way, by time. A wait spins for a few microseconds at most, and begins no yield after some tens of
 * microseconds, nor if its time-out is near. It reads the clock once in four checks: if the
 * condition becomes slow, up to four slow checks are added. A group that is {@linkplain
 * #parkingOnly parking only} neither spins nor yields.
 *
 * @since 0.1.0
 */
public final class WakerGroup {

  /** The group of a waker that is created without one. */
  static final WakerGroup UNNAMED = new WakerGroup("", WaitPolicy.ADAPTIVE, null);

  static {
    Initialized.ensure(Counters.class);
  }

  private final String name;
  private final WaitPolicy policy;
  private final @Nullable Counters counters;

  /**
   * The {@link Backoff} with which fresh wakers begin: that of the waker that last changed its own.
   * Otherwise each of ten thousand fresh wakers would try what has just failed for the others. A
   * plain field, since a lost update is harmless; written only when it changes, so that its cache
   * line stays shared.
   */
  private int backoff;

  WakerGroup(String name, WaitPolicy policy, @Nullable Counters counters) {
    this.name = name;
    this.policy = policy;
    this.counters = counters;
  }

  /**
   * Creates a group whose wakers wait adaptively.
   *
   * @param name the group's name, which {@link AtomicWaker#toString} shows
   * @return a new group
   */
  @CheckReturnValue
  public static WakerGroup named(String name) {
    return new WakerGroup(requireNonNull(name, "name"), WaitPolicy.ADAPTIVE, null);
  }

  /**
   * Creates a group of the same name whose wakers park at once, without a spin or a yield: for
   * waits that are known to be long, or where processor cycles matter more than latency.
   *
   * @return a new group
   */
  @CheckReturnValue
  public WakerGroup parkingOnly() {
    return new WakerGroup(name, WaitPolicy.PARKING_ONLY, recordsStats() ? new Counters() : null);
  }

  /**
   * Creates a group of the same name and the same way to wait whose wakers count what they do, from
   * zero. A count takes some nanoseconds and no lock, and each park is timed; the counters of a
   * group take some 20 kilobytes. Groups that do not record pay none of this. A count never makes a
   * wait or a wake fail: a count that fails is {@linkplain WakerStats#lost lost}.
   *
   * @return a new group
   */
  @CheckReturnValue
  public WakerGroup recordingStats() {
    return new WakerGroup(name, policy, new Counters());
  }

  /**
   * Returns whether this group records statistics.
   *
   * @return true if it was made by {@link #recordingStats}, or from such a group
   */
  public boolean recordsStats() {
    return counters != null;
  }

  /**
   * Reads what the wakers of this group have counted. Never blocks.
   *
   * @return the statistics of this moment
   * @throws IllegalStateException if this group does not record statistics
   */
  public WakerStats stats() {
    if (counters == null) {
      throw new IllegalStateException(
          this + " records no statistics: make it with recordingStats()");
    }
    return counters.stats();
  }

  /**
   * Returns the name.
   *
   * @return the name, as it was given
   */
  public String name() {
    return name;
  }

  WaitPolicy policy() {
    return policy;
  }

  @Nullable Counters counters() {
    return counters;
  }

  /** Never throws. */
  void count(Counters.Event event) {
    if (counters != null) {
      counters.count(event);
    }
  }

  /** Never throws. */
  void count(Race race) {
    if (counters != null) {
      counters.count(race);
    }
  }

  /** Never throws. */
  void lose() {
    if (counters != null) {
      counters.lose();
    }
  }

  /** Returns the backoff with which a fresh waker begins. */
  int firstBackoff() {
    return Backoff.first(backoff);
  }

  /** Takes over what a wait changed in the backoff of its waker. */
  void learn(int before, int after) {
    int own = backoff;
    int shared = Backoff.shared(own, before, after);
    if (shared != own) {
      backoff = shared;
    }
  }

  /** Returns the name, and how this group differs from one that is only named. */
  @Override
  public String toString() {
    StringJoiner details = new StringJoiner(", ", "WakerGroup[", "]").add(name);
    if (policy.parksOnly()) {
      details.add("parking only");
    }
    if (recordsStats()) {
      details.add("recording stats");
    }
    return details.toString();
  }
}
