package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What the wakers of one purpose share (one per queue, per connection, per request of a pool): a
 * name, how they wait, what they have learnt about waiting, and, if wanted, statistics. A program
 * that makes a waker per request should give them a group of their own: a waker that lives for one
 * wait can learn nothing itself, but begins with what the others of its group learnt last.
 *
 * {@snippet class="io.github.atomicwaker.SnippetsTest" region=group :
 * static final WakerGroup REPLIES = WakerGroup.named("replies");
 *
 * final AtomicWaker waker = new AtomicWaker(REPLIES);
 * }
 *
 * <p>A group is immutable, but for what it learns; it may be used by any threads. Two groups of one
 * name are two groups.
 *
 * <h2>How wakers wait</h2>
 *
 * <p>A wait whose condition is false at first <em>spins</em> for a moment, on a platform thread
 * <em>yields</em> for another, then parks. Spinning is the fastest way when the thread that is
 * waited for runs at the same time on another processor, and the slowest when it is queued behind
 * this very thread; so whether to spin is what a waker learns, from wait to wait. After a spin that
 * paid, the next wait spins; after each that did not, twice as many waits as before go by without
 * one. Of yields it learns the same, but it is periods of time that go by. A wait spins for a few
 * microseconds at most, and begins no yield after some tens of them, nor if its time-out is near.
 * It reads the clock once in four looks: if the condition becomes slow, so many slow looks come on
 * top. A group that is {@linkplain #parkingOnly parking only} does neither.
 *
 * @since 0.1.0
 */
public final class WakerGroup {

  /** What a waker belongs to that was given no group. */
  static final WakerGroup UNNAMED = new WakerGroup("", WaitPolicy.ADAPTIVE, null);

  static {
    Initialized.ensure(Counters.class);
  }

  private final String name;
  private final WaitPolicy policy;
  private final @Nullable Counters counters;

  /**
   * What fresh wakers begin with: of spins and of yields, what the waker knew that learnt last. Ten
   * thousand that wait for the first time at once would otherwise each try in vain what the others
   * have tried. A plain field, since a lost update costs nothing but a moment; written only when it
   * changes, so that it does not move between processors.
   */
  private int experience;

  WakerGroup(String name, WaitPolicy policy, @Nullable Counters counters) {
    this.name = name;
    this.policy = policy;
    this.counters = counters;
  }

  /**
   * Makes a group whose wakers wait adaptively.
   *
   * @param name what the group is called, in what {@link AtomicWaker#toString} returns
   * @return a new group
   */
  public static WakerGroup named(String name) {
    return new WakerGroup(requireNonNull(name, "name"), WaitPolicy.ADAPTIVE, null);
  }

  /**
   * Makes a group of the same name whose wakers park at once, without spinning or yielding before:
   * for waits that are known to be long, and where the fewest processor cycles count more than the
   * fastest answer.
   *
   * @return a new group
   */
  public WakerGroup parkingOnly() {
    return new WakerGroup(name, WaitPolicy.PARKING_ONLY, recordsStats() ? new Counters() : null);
  }

  /**
   * Makes a group of the same name and the same way to wait whose wakers count what they do, from
   * nothing. A count takes some nanoseconds, without a lock, and a park is timed; the counters of a
   * group take some 20 kilobytes. Groups that do not record have none of that. A count never fails
   * what it counts: one that can't be made is {@linkplain WakerStats#lost lost}.
   *
   * @return a new group
   */
  public WakerGroup recordingStats() {
    return new WakerGroup(name, policy, new Counters());
  }

  /**
   * Says whether this group records statistics.
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
  void lose() {
    if (counters != null) {
      counters.lose();
    }
  }

  /** What the first wait of a fresh waker begins with, as if the waker had learnt it. */
  int experience() {
    return Backoff.beginWith(experience);
  }

  /** Learns from a waker what that one did not know before. */
  void learn(int known, int lesson) {
    int before = experience;
    int after = Backoff.experience(before, known, lesson);
    if (after != before) {
      experience = after;
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
