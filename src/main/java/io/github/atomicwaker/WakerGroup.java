package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.List;
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
 * condition becomes slow, up to four slow checks are added.
 *
 * <p>Where values come in a stream, a wait that finds none at its first check pauses for a
 * microsecond before it spins. The producers get ahead, and the next waits find their values at
 * once. A stream begins where a spin finds a value in its first sixteen checks, and eight more
 * values are ready after it. {@link Handoff} and {@link OneShot} never pause.
 *
 * <p>A group that is {@linkplain #parkingOnly parking only} neither spins nor pauses nor yields.
 *
 * @since 0.1.0
 */
public final class WakerGroup extends SlotGroup {

  /** The group of a waker that is created without one. */
  static final WakerGroup UNNAMED = new WakerGroup("", WaitPolicy.ADAPTIVE, null);

  static {
    Initialized.ensure(Counters.class);
  }

  /**
   * The {@link Backoff} with which fresh wakers begin: that of the waker that last changed its own.
   * Otherwise each of ten thousand fresh wakers would try what has just failed for the others. A
   * plain field, since a lost update is harmless; written only when it changes, so that its cache
   * line stays shared.
   */
  private int backoff;

  WakerGroup(String name, WaitPolicy policy, @Nullable Counters counters) {
    super(name, policy, counters);
    if (tracking() != null) {
      FlightRecorder.showWaits(this);
    }
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
    Counters counters = counters();
    return new WakerGroup(
        name(), WaitPolicy.PARKING_ONLY, counters == null ? null : counters.fresh());
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
    return new WakerGroup(name(), policy(), new Counters(tracking() != null));
  }

  /**
   * Creates a group that {@linkplain #recordingStats records statistics}, from zero, and tracks its
   * waits: which threads wait now, since when, and how long they take from their wake until they
   * run. See {@link #waits}, {@link WakerStats#longestWait} and {@link WakerStats#latency}. A wait
   * that parks takes some 70 bytes, which the next wait of the same thread on the same waker uses
   * again, unless the waits or the statistics were read meanwhile, or another wait took the place;
   * each waker takes 40 more, and the group 40 kilobytes. A wait that ends by spinning pays
   * nothing. A wait for which there is no memory goes on untracked, and is {@linkplain
   * WakerStats#lost lost}. While a recording of the JDK's flight recorder runs, an event shows the
   * waits every ten seconds.
   *
   * @return a new group
   */
  @CheckReturnValue
  public WakerGroup trackingWaits() {
    return new WakerGroup(name(), policy(), new Counters(true));
  }

  /**
   * Returns whether this group records statistics.
   *
   * @return true if it was made by {@link #recordingStats} or {@link #trackingWaits}, or from such
   *     a group
   */
  public boolean recordsStats() {
    return counters() != null;
  }

  /**
   * Returns whether this group tracks its waits.
   *
   * @return true if it was made by {@link #trackingWaits}, or from such a group
   */
  public boolean tracksWaits() {
    return tracking() != null;
  }

  /**
   * Reads what the wakers of this group have counted. Never blocks.
   *
   * @return the statistics of this moment
   * @throws IllegalStateException if this group does not record statistics
   */
  public WakerStats stats() {
    Counters counters = counters();
    if (counters == null) {
      throw new IllegalStateException(
          this + " records no statistics: make it with recordingStats()");
    }
    return counters.stats();
  }

  /**
   * Returns the waits of this group's wakers that have parked and are not over: a snapshot, the
   * oldest first. Waits begin and end meanwhile. A thread is not among them if it is garbage or has
   * ended, or if a wake, a registration or a batch could not unpark it. Never blocks. Takes time in
   * proportion to the largest number of waits there has been.
   *
   * {@snippet class="io.github.atomicwaker.SnippetsTest" region=waits :
   * for (ParkedWait wait : ORDERS.waits()) {
   *   System.out.println(wait);
   * }
   * }
   *
   * @return the waits
   * @throws IllegalStateException if this group does not track waits
   */
  public List<ParkedWait> waits() {
    Tracking tracking = tracking();
    if (tracking == null) {
      throw new IllegalStateException(this + " tracks no waits: make it with trackingWaits()");
    }
    return tracking.snapshot();
  }

  /**
   * Returns the name.
   *
   * @return the name, as it was given
   */
  @Override
  public String name() {
    return super.name();
  }

  /** Returns what a slot that belongs to this group refers to. */
  SlotGroup ofSlot() {
    Counters counters = counters();
    Tracking tracking = tracking();
    return counters == null || tracking == null
        ? this
        : new TrackedSlot(this, counters, tracking.waits);
  }

  @Nullable Tracking tracking() {
    Counters counters = counters();
    return counters == null ? null : counters.tracking();
  }

  @Override
  int firstBackoff() {
    return Backoff.first(backoff);
  }

  @Override
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
    StringJoiner details = new StringJoiner(", ", "WakerGroup[", "]").add(name());
    if (policy().parksOnly()) {
      details.add("parking only");
    }
    if (recordsStats()) {
      details.add("recording stats");
    }
    if (tracksWaits()) {
      details.add("tracking waits");
    }
    return details.toString();
  }
}
