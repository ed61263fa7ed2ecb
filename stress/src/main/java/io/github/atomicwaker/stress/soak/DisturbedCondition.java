package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.stress.soak.Tally.Count;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The condition of one wait. It polls, and at random it throws, parks, or waits on a waker itself.
 * It keeps what it polled and threw, for the checks after the wait.
 */
final class DisturbedCondition implements Supplier<@Nullable Message> {

  /** What else an evaluation may do, but for most waits. */
  private enum Disturbance {
    THROW,
    PARK,
    WAIT
  }

  private static final int ONE_IN = 16;
  private static final int THROWS_ONE_IN = 4;

  private final Supplier<@Nullable Message> poll;
  private final AtomicWaker waker;
  private final AtomicWaker another;
  private final WatchedThread watched;
  private final SplittableRandom random;
  private final Tally tally;
  private final @Nullable Disturbance disturbance;

  private @Nullable Message polled;
  private @Nullable Provoked provoked;

  /**
   * Makes one.
   *
   * @param waker on which it waits, if it does: the one of the outer wait
   * @param another or this one
   */
  DisturbedCondition(
      Supplier<@Nullable Message> poll,
      AtomicWaker waker,
      AtomicWaker another,
      WatchedThread watched,
      SplittableRandom random,
      Tally tally) {
    this.poll = poll;
    this.waker = waker;
    this.another = another;
    this.watched = watched;
    this.random = random;
    this.tally = tally;
    int drawn = random.nextInt(ONE_IN);
    Disturbance[] all = Disturbance.values();
    this.disturbance = drawn < all.length ? all[drawn] : null;
  }

  /** What the last evaluation polled; a wait must not drop it. */
  @Nullable Message polled() {
    return polled;
  }

  /** What an evaluation threw; a wait must not drop it. */
  @Nullable Provoked provoked() {
    return provoked;
  }

  boolean isTrue() {
    return get() != null;
  }

  @Override
  public @Nullable Message get() {
    watched.moved();
    Fault.unless(
        polled == null && provoked == null, "the condition is evaluated after it gave a value");
    if (disturbance == Disturbance.THROW && random.nextInt(THROWS_ONE_IN) == 0) {
      tally.add(Count.THROWN);
      provoked = new Provoked();
      throw provoked;
    }
    polled = poll.get();
    if (polled == null && (disturbance == Disturbance.PARK || disturbance == Disturbance.WAIT)) {
      WaitTarget outer = watched.target;
      watched.target = null; // while it is in a timed wait of another kind
      if (disturbance == Disturbance.PARK) {
        park();
      } else {
        await();
      }
      watched.target = outer;
    }
    return polled;
  }

  /** Consumes the permit of a wake that comes now, after the condition was false. */
  private void park() {
    tally.add(Count.PARKED);
    LockSupport.parkNanos(upToAMillisecond());
  }

  private void await() {
    tally.add(Count.NESTED);
    Duration timeout = Duration.ofNanos(upToAMillisecond());
    AtomicWaker inner = random.nextBoolean() ? waker : another;
    boolean seen = inner.awaitUninterruptibly(() -> (polled = poll.get()) != null, timeout);
    Fault.unless(seen == (polled != null), "the inner wait was wrong:", polled);
  }

  private long upToAMillisecond() {
    return random.nextLong(1L << random.nextInt(10, 20));
  }
}
