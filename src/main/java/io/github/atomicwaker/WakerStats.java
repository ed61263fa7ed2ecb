package io.github.atomicwaker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the wakers of a group have counted, all of them together, since the group was made: {@link
 * WakerGroup#stats}. Every number but {@link #waiting} and {@link #longestWait} only ever grows;
 * for a rate take the {@linkplain #minus difference} of two readings.
 *
 * <p>The numbers are read one after the other while threads go on counting, so that those of one
 * reading may differ by what happened meanwhile. Each of them is exact once nothing happens.
 *
 * @param wakes how wakes ended
 * @param wakeups how parks ended
 * @param races how often threads met in one slot
 * @param parkedWaits waits that parked, once or more often; each call of {@link AtomicWaker#park}
 *     or {@link AtomicWaker#parkNanos} counts as one
 * @param parkedTime the total time of all parks that have ended, in steps of about a microsecond;
 *     for shorter parks it is right on average. If the group {@linkplain WakerGroup#trackingWaits
 *     tracks waits}, parks that last are included, so that a thread that stays parked adds a second
 *     per second
 * @param spunWaits waits that spinning or yielding ended, without a park
 * @param waiting threads that are parked now; never negative. If the group tracks waits, a thread
 *     that ends one wait and begins another while this is read may count twice
 * @param lost counts that failed, since memory or the stack had ended; the wait or the wake went
 *     on. A lower bound, if several were lost at once
 * @param longestWait the age of the oldest wait that lasts now, from its first park on; zero if
 *     none does. Null if the group does not track waits: then it is not known
 * @param latency how long threads took from their wake until they ran. Null if the group does not
 *     track waits: then it is not known
 * @since 0.1.0
 */
public record WakerStats(
    Wakes wakes,
    Wakeups wakeups,
    Races races,
    long parkedWaits,
    Duration parkedTime,
    long spunWaits,
    long waiting,
    long lost,
    @Nullable Duration longestWait,
    @Nullable WakeLatency latency) {

  /**
   * How calls of {@link AtomicWaker#wake} and {@link AtomicWaker#take} ended.
   *
   * @param delivered {@link AtomicWaker#wake} took a thread and unparked it
   * @param taken {@link AtomicWaker#take} handed a thread out, for example to a {@link WakeBatch}
   * @param idle either found nobody
   * @since 0.1.0
   */
  public record Wakes(long delivered, long taken, long idle) {
    private Wakes minus(Wakes earlier) {
      return new Wakes(delivered - earlier.delivered, taken - earlier.taken, idle - earlier.idle);
    }
  }

  /**
   * How parks ended.
   *
   * @param woken the slot was empty: a wake had taken the thread out of it. Or, less often, the
   *     thread that displaced it had left, or it was not registered when it called {@link
   *     AtomicWaker#park} or {@link AtomicWaker#parkNanos}
   * @param spurious for no reason known here: the thread was in the slot, its time was not up, and
   *     it was not interrupted; an {@code unpark} by other code, a permit left over, or no cause at
   *     all
   * @param timeout the time was up
   * @param interrupted the thread was interrupted
   * @param displaced another thread was in the slot
   * @since 0.1.0
   */
  public record Wakeups(long woken, long spurious, long timeout, long interrupted, long displaced) {
    private Wakeups minus(Wakeups earlier) {
      return new Wakeups(
          woken - earlier.woken,
          spurious - earlier.spurious,
          timeout - earlier.timeout,
          interrupted - earlier.interrupted,
          displaced - earlier.displaced);
    }
  }

  /**
   * How often two threads met in one slot. Rust's {@code AtomicWaker} has states for these races.
   * All of them are handled; many of them are a sign of contention.
   *
   * @param early a waiter found itself taken after it had registered and before it parked: a lower
   *     bound, since it may also find that in a park that ends at once; a condition that itself
   *     waits on this waker counts as well, since it empties the slot
   * @param contended a wake or take saw a thread in the slot, but the slot was empty when it
   *     swapped
   * @param displaced a registration replaced another thread
   * @since 0.1.0
   */
  public record Races(long early, long contended, long displaced) {
    private Races minus(Races earlier) {
      return new Races(
          early - earlier.early, contended - earlier.contended, displaced - earlier.displaced);
    }
  }

  /**
   * Returns what was counted since an earlier reading of the same group.
   *
   * @param earlier the earlier reading
   * @return the differences; {@link #waiting} and {@link #longestWait} are those of this reading
   */
  public WakerStats minus(WakerStats earlier) {
    return new WakerStats(
        wakes.minus(earlier.wakes),
        wakeups.minus(earlier.wakeups),
        races.minus(earlier.races),
        parkedWaits - earlier.parkedWaits,
        parkedTime.minus(earlier.parkedTime),
        spunWaits - earlier.spunWaits,
        waiting,
        lost - earlier.lost,
        longestWait,
        latency == null || earlier.latency == null ? null : latency.minus(earlier.latency));
  }
}
