package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The place of a {@link Handoff}. It holds a value or a parked thread's request for one, so it is a
 * dual data structure (Scherer and Scott, 2004).
 */
abstract class HandoffPlace<T> {

  /*
   * Overview.
   *
   * The place holds null, a value, or one of these:
   *
   *   ParkedPut(first, next)   a value, and the next one, of a put that is parked
   *   ParkedTake               no value, and a take that is parked
   *   Transfer                 a value that only a consumer takes, for the time of a spin
   *   Closed(value, refused)   the last value or null; the ParkedPut that came too late, or null
   *
   * All transitions are single compare-and-sets, so the first one decides every race, and no value
   * can follow a close:
   *
   *   put        null -> value
   *   announce   value -> ParkedPut(value, next)
   *              null -> ParkedTake
   *   take       value -> null
   *              ParkedPut p -> p.next
   *              Closed(value, refused) -> Closed(null, refused)
   *   withdraw   ParkedPut p -> p.first
   *   transfer   null -> Transfer
   *   clear      ParkedTake or Transfer t -> null, where t is settled
   *   close      null, ParkedTake or Transfer -> Closed(null, null)
   *              value -> Closed(value, null)
   *              ParkedPut p -> Closed(p.first, p)
   *
   * and of a ParkedTake or a Transfer itself, which settles it, once:
   *
   *   give       ParkedTake: null -> value
   *   withdraw   ParkedTake: null -> WITHDRAWN
   *   take       Transfer: OPEN -> TAKEN
   *   withdraw   Transfer: OPEN -> WITHDRAWN
   *
   * A put that finds the place full spins, then registers, announces its value, and parks. The take
   * that makes room moves the announced value into the place in the same step, so that the next
   * take finds one without waiting for the producer's thread. A take that finds the place empty
   * announces itself in the same way. The put that finds it gives it the value, so that the next
   * put finds the place free without waiting for the consumer's thread. So one value is given, one
   * is in the place, and one waits behind it: each side switches threads once for three values.
   *
   * A put learns from the place alone what became of its ParkedPut p. While the place holds p, the
   * put waits. If it holds a Closed that refused p, the put never delivers. Otherwise a take has
   * moved the value, and the put has delivered, whatever ends its wait. So a put that times out, is
   * interrupted or displaced has not delivered if it can still withdraw p, or if p was refused.
   * This compares p itself, which is created for one put and announced once: two values may be the
   * same object.
   *
   * A take learns from its ParkedTake t alone whether it has taken: whatever ends its wait, it has
   * taken unless it can withdraw t. After the announcement it must not take a value from the place:
   * that may be the value after its own. A place that holds t is empty, settled or not. The thread
   * that settles t then clears the place, and so does a put that comes between the two steps.
   *
   * A consumer that spins has announced nothing. So tryTransfer lays a Transfer down for the time of
   * a spin. A take or poll that looks meanwhile takes the value; else tryTransfer withdraws it. A put
   * that finds a Transfer withdraws it as well, rather than wait for the thread that laid it down: no
   * consumer had taken it.
   *
   * A close may replace a ParkedTake that is not settled, and a put that found it before may then
   * still give. Both that put and the take began before the close ended, and count as done just
   * before it, when the place was empty. So a take regards the hand-off as closed only once it has
   * withdrawn.
   */

  private static final class Closed {
    final @Nullable Object value;
    final @Nullable ParkedPut refused;
    final @Nullable Throwable cause;

    Closed(@Nullable Object value, @Nullable ParkedPut refused, @Nullable Throwable cause) {
      this.value = value;
      this.refused = refused;
      this.cause = cause;
    }

    static Closed after(@Nullable Object found, @Nullable Throwable cause) {
      if (found instanceof ParkedPut put) {
        return new Closed(put.first, put, cause);
      }
      return new Closed(isVacant(found) ? null : found, null, cause);
    }

    Closed withoutValue() {
      return new Closed(null, refused, cause);
    }

    HandoffClosedException thrownBy(HandoffPlace<?> place) {
      return new HandoffClosedException(place, cause);
    }
  }

  /** A value that is laid down for a consumer that looks now. Its value tells what became of it. */
  static final class Transfer extends AtomicInteger {
    private static final long serialVersionUID = 1;
    private static final int OPEN = 0;
    private static final int TAKEN = 1;
    private static final int WITHDRAWN = 2;

    private final transient Object value;

    Transfer(Object value) {
      super(OPEN);
      this.value = value;
    }

    /** Returns the value if this call took it. In either case the place no longer holds this. */
    @Nullable Object take(HandoffPlace<?> place) {
      return settle(place, TAKEN) ? value : null;
    }

    /** Returns true unless it was taken. In either case the place no longer holds this. */
    boolean withdraw(HandoffPlace<?> place) {
      settle(place, WITHDRAWN);
      return get() == WITHDRAWN;
    }

    private boolean settle(HandoffPlace<?> place, int outcome) {
      boolean settled = compareAndSet(OPEN, outcome);
      place.replace(this, null);
      return settled;
    }

    boolean isSettled() {
      return get() != OPEN;
    }
  }

  /** A put or a take whose spins have failed. One whose spins succeed allocates nothing. */
  abstract static class ParkedSide {

    /** Used by its own thread only. */
    boolean announced;

    /** Returns true if it is done. Otherwise tries to announce it. Its thread is registered. */
    abstract boolean isDone(HandoffPlace<?> place);

    /** Returns true if it is not done, and never will be. */
    abstract boolean withdraw(HandoffPlace<?> place);
  }

  static final class ParkedPut extends ParkedSide {
    /** Null once this was refused, since the closed place still refers to this. */
    private @Nullable Object next;

    /** Written before this is announced, which publishes it, and never after. */
    private @Nullable Object first;

    ParkedPut(Object next) {
      this.next = next;
    }

    @Override
    boolean isDone(HandoffPlace<?> place) {
      if (!announced) {
        Object obstacle = place.putOrFindObstacle(requireNonNull(next));
        if (obstacle != null && !(obstacle instanceof ParkedPut)) {
          first = obstacle;
          announced = place.replace(obstacle, this);
        }
        return obstacle == null;
      }
      Object found = place.content; // once: a close may come between two reads
      if (found instanceof Closed closed && closed.refused == this) {
        throw closed.thrownBy(place);
      }
      return found != this;
    }

    @Override
    boolean withdraw(HandoffPlace<?> place) {
      if (place.replace(this, first)) {
        return true;
      }
      if (place.content instanceof Closed closed && closed.refused == this) {
        next = null;
        return true;
      }
      return !announced;
    }
  }

  static final class ParkedTake extends ParkedSide {
    private static final Object WITHDRAWN = new Object();
    private static final AtomicReferenceFieldUpdater<ParkedTake, @Nullable Object> OUTCOME =
        AtomicReferenceFieldUpdater.newUpdater(ParkedTake.class, Object.class, "outcome");

    /** Null until this is settled; then the value, or WITHDRAWN. */
    volatile @Nullable Object outcome;

    @Override
    boolean isDone(HandoffPlace<?> place) {
      if (!announced) {
        outcome = place.tryTake();
        announced = outcome == null && place.replace(null, this);
      } else if (outcome == null && place.content instanceof Closed closed && withdraw(place)) {
        throw closed.thrownBy(place);
      }
      return outcome != null;
    }

    @Override
    boolean withdraw(HandoffPlace<?> place) {
      settle(place, WITHDRAWN);
      return outcome == WITHDRAWN;
    }

    /** Returns true if this call settled it. In either case the place no longer holds it. */
    boolean settle(HandoffPlace<?> place, Object outcome) {
      boolean settled = OUTCOME.compareAndSet(this, null, outcome);
      place.replace(this, null);
      return settled;
    }
  }

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static final AtomicReferenceFieldUpdater<HandoffPlace, @Nullable Object> CONTENT =
      AtomicReferenceFieldUpdater.newUpdater(HandoffPlace.class, Object.class, "content");

  static final Check<HandoffPlace<?>, Object> TRY_TAKE = new TryTake();
  static final Check<Transfer, Boolean> IS_SETTLED = new IsSettled();

  static {
    Initialized.ensure(
        Closed.class,
        CommittedWake.class,
        HandoffClosedException.class,
        ParkedPut.class,
        ParkedTake.class,
        Transfer.class);
  }

  private volatile @Nullable Object content;

  // Fields, so that a wait does not allocate them.
  final Check<T, Boolean> tryPut = new TryPut();
  final Check<ParkedSide, Boolean> isDone = new IsDone();

  private boolean replace(@Nullable Object found, @Nullable Object next) {
    return CONTENT.compareAndSet(this, found, next);
  }

  /** Returns null if the value was put, or else what is in its way: a value, or a ParkedPut. */
  final @Nullable Object putOrFindObstacle(Object value) {
    while (true) {
      Object found = content;
      if (found == null) {
        if (replace(null, value)) {
          return null;
        }
      } else if (found instanceof ParkedTake take) {
        if (take.settle(this, value)) {
          return null;
        }
      } else if (found instanceof Transfer transfer) {
        transfer.withdraw(this);
      } else if (found instanceof Closed closed) {
        throw closed.thrownBy(this);
      } else {
        return found;
      }
    }
  }

  /**
   * Gives a value to a take that is parked, or else lays it down, if the place is free.
   *
   * @return null if the value was given, the transfer if that lies in the place, or what is in the
   *     way
   */
  final @Nullable Object giveOrLay(Transfer transfer) {
    while (true) {
      Object found = content;
      if (found == null) {
        if (replace(null, transfer)) {
          return transfer;
        }
      } else if (found instanceof ParkedTake take) {
        if (take.settle(this, transfer.value)) {
          return null;
        }
      } else if (found instanceof Closed closed) {
        throw closed.thrownBy(this);
      } else {
        return found;
      }
    }
  }

  @SuppressWarnings("unchecked") // only values of type T are put
  final @Nullable T tryTake() {
    while (true) {
      Object found = content;
      Object value = found;
      Object left = null;
      if (found == null || found instanceof ParkedTake) {
        return null;
      }
      if (found instanceof Transfer transfer) {
        value = transfer.take(this);
        if (value != null) {
          return (T) value;
        }
        continue;
      }
      if (found instanceof ParkedPut put) {
        value = put.first;
        left = put.next;
      } else if (found instanceof Closed closed) {
        if (closed.value == null) {
          throw closed.thrownBy(this);
        }
        value = closed.value;
        left = closed.withoutValue();
      }
      if (replace(found, left)) {
        return (T) value;
      }
    }
  }

  final void closePlace(@Nullable Throwable cause) {
    while (true) {
      Object found = content;
      if (found instanceof Closed || replace(found, Closed.after(found, cause))) {
        if (found instanceof Transfer transfer) {
          transfer.withdraw(this);
        }
        return;
      }
    }
  }

  /** Returns whether a place that holds this has no value. */
  private static boolean isVacant(@Nullable Object found) {
    return found == null || found instanceof ParkedTake || found instanceof Transfer;
  }

  boolean isClosed() {
    return content instanceof Closed;
  }

  /** Returns whether there is a value, and whether this is closed, in words. */
  final String describePlace() {
    Object found = content;
    Object value = found instanceof Closed closed ? closed.value : found;
    String filled = isVacant(value) ? "empty" : "full";
    return found instanceof Closed ? filled + ", closed" : filled;
  }

  // Not lambdas: see Checks.

  private static final class TryTake implements Check<HandoffPlace<?>, Object> {
    @Override
    public @Nullable Object on(HandoffPlace<?> place) {
      return place.tryTake();
    }
  }

  private static final class IsSettled implements Check<Transfer, Boolean> {
    @Override
    public @Nullable Boolean on(Transfer transfer) {
      return Check.trueOrNull(transfer.isSettled());
    }
  }

  private final class TryPut implements Check<T, Boolean> {
    @Override
    public @Nullable Boolean on(T value) {
      return Check.trueOrNull(putOrFindObstacle(value) == null);
    }
  }

  private final class IsDone implements Check<ParkedSide, Boolean> {
    @Override
    public @Nullable Boolean on(ParkedSide side) {
      return Check.trueOrNull(side.isDone(HandoffPlace.this));
    }

    @Override
    public boolean withdraw(ParkedSide side) {
      return side.withdraw(HandoffPlace.this);
    }
  }
}
