package io.github.atomicwaker.stress.soak;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place for one message at a time. A wait for it announces itself there, and the message is then
 * given to that wait. Two threads wait at once.
 */
final class AnnouncedPlace implements WaitTarget {
  private static final Message WITHDRAWN = new Message(0, 0);

  private final AtomicWaker waker;

  /** Holds null, a message, or a {@link Wait} that has announced itself. */
  private final AtomicReference<@Nullable Object> place = new AtomicReference<>();

  AnnouncedPlace(WakerGroup group) {
    this.waker = new AtomicWaker(group);
  }

  /**
   * Gives a message to the wait that has announced itself, or puts it if there is none; and wakes.
   *
   * @return whether the wake took a thread
   */
  boolean put(Message message) {
    boolean done = false;
    while (!done) {
      Object found = place.get();
      Fault.unless(!(found instanceof Message), "an earlier message is still there:", found);
      done = found instanceof Wait wait ? wait.settle(message) : place.compareAndSet(null, message);
    }
    return waker.wake();
  }

  /** Takes the message, if it was put and not given. */
  @Nullable Message poll() {
    return place.get() instanceof Message message && place.compareAndSet(message, null)
        ? message
        : null;
  }

  /**
   * Waits for a message; returns null if the time is up.
   *
   * @param hesitation for how many nanoseconds it parks before it withdraws, so that the message
   *     may come meanwhile
   */
  @Nullable Message await(WaitMethod method, Duration timeout, long hesitation)
      throws InterruptedException {
    Wait wait = new Wait(hesitation);
    try {
      Message message =
          switch (method) {
            case ANNOUNCED -> waker.awaitValue(wait, wait);
            case ANNOUNCED_TIMED ->
                waker.awaitValue(wait, wait, NANOSECONDS.convert(timeout), NANOSECONDS);
            default -> throw new Fault("not an announced wait: " + method);
          };
      wait.checkEnd(message);
      return message;
    } catch (InterruptedException | IllegalStateException e) {
      wait.checkEnd(null);
      throw e;
    }
  }

  @Override
  public boolean isDue(Thread waiter) {
    return place.get() instanceof Message || waker.registered() != waiter;
  }

  @Override
  public boolean isContested() {
    return true;
  }

  @Override
  public boolean isEmpty() {
    return place.get() == null && waker.registered() == null;
  }

  @Override
  public String toString() {
    return "%s, of a place with %s".formatted(waker, place);
  }

  /** The poll and the withdrawal of one wait. */
  private final class Wait implements Supplier<@Nullable Message>, BooleanSupplier {

    /** Null until this is settled; then the message that was given, or {@link #WITHDRAWN}. */
    private final AtomicReference<@Nullable Message> outcome = new AtomicReference<>();

    private final long hesitation;
    private boolean announced;

    Wait(long hesitation) {
      this.hesitation = hesitation;
    }

    @Override
    public @Nullable Message get() {
      if (announced) {
        return outcome.get();
      }
      Message message = poll();
      if (message == null && waker.registered() == Thread.currentThread()) {
        announced = place.compareAndSet(null, this);
      }
      return message;
    }

    /** Withdraws. */
    @Override
    public boolean getAsBoolean() {
      if (announced) {
        LockSupport.parkNanos(hesitation);
      }
      return settle(WITHDRAWN);
    }

    /** Returns whether this call settled it. In either case the place no longer holds it. */
    boolean settle(Message with) {
      boolean settled = outcome.compareAndSet(null, with);
      place.compareAndSet(this, null);
      return settled;
    }

    /** A wait that has announced itself ends with what it was given, or has withdrawn. */
    void checkEnd(@Nullable Message result) {
      Message settled = outcome.get();
      Fault.unless(
          !announced || Objects.equals(settled, result == null ? WITHDRAWN : result),
          "the wait ended with another message than it was given:",
          result,
          settled);
    }
  }
}
