package io.github.atomicwaker;

import java.time.Duration;
import java.time.Instant;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A wait that has parked and is not over: see {@link WakerGroup#waits}.
 *
 * @param thread the thread that waits
 * @param waker the identity of the waker it waits on: what {@link AtomicWaker#toString} begins
 *     with, and thread dumps print for a blocker
 * @param since when it parked for the first time in this wait; a park that returned, and was
 *     repeated, does not change this
 * @param age how long ago that was, by a clock that is never set
 * @param wokenAt when a wake took the thread out of the slot since it last parked; null if none
 *     has, or the thread runs. A thread that was woken long ago waits for a carrier or a processor,
 *     or for the {@code unpark} that the caller of {@link AtomicWaker#take} or a {@link WakeBatch}
 *     owes it
 * @since 0.1.0
 */
public record ParkedWait(
    Thread thread, String waker, Instant since, Duration age, @Nullable Instant wokenAt) {

  /** Returns who waits, on what, and since when. */
  @Override
  public String toString() {
    StringJoiner details =
        new StringJoiner(", ", WaitLoop.describe(thread) + " waits on " + waker + " ", "")
            .add("since " + since)
            .add("for " + age);
    if (wokenAt != null) {
      details.add("woken at " + wokenAt);
    }
    return details.toString();
  }
}
