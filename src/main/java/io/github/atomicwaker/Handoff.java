package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.atomicwaker.AtomicWaker.Look;
import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Hands values from one thread to another, through one place: a {@link #put} waits while the place
 * is full, a {@link #take} while it is empty. One producer and one consumer at a time; each may be
 * another thread each time.
 *
 * {@snippet class="io.github.atomicwaker.SnippetsTest" region=handoff :
 * final Handoff<Line> lines = new Handoff<>();
 *
 * void produce() throws InterruptedException {
 *   for (Line line; (line = read()) != null; ) {
 *     lines.put(line);
 *   }
 *   lines.close();
 * }
 *
 * void consume() throws InterruptedException {
 *   try {
 *     while (true) {
 *       process(lines.take());
 *     }
 *   } catch (HandoffClosedException end) {
 *     // every line was processed
 *   }
 * }
 * }
 *
 * <p>Values arrive in the order in which they were put, each of them once. Two producers, or two
 * consumers, at once lose and duplicate nothing; but where two of them <em>wait</em> at once, the
 * one that came first gets an {@link IllegalStateException}, as with {@link AtomicWaker}.
 *
 * <p>Neither side need wait for the thread of the other. If a put is parked, the take of the value
 * before it moves its value into the place, from where the next take has it, be the producer
 * already running again or not. If a take is parked, the next put gives it the value, and the place
 * stays free for another. That put has then delivered, or that take has taken, and returns
 * normally, whatever interrupt, time-out, close or second thread on its side comes meanwhile; an
 * interrupt stays pending.
 *
 * <h2>Closing</h2>
 *
 * <p>Either side may {@link #close}. A value that is in its place then can still be taken; that of
 * a put that waits behind it is not delivered. Methods that put throw {@link
 * HandoffClosedException} from the close on, those that take once the place is empty: at once, be
 * they immediate, timed or untimed; a thread that waits in one is woken into it. A put that
 * returned normally, or an offer that returned true, has delivered, and one that threw or returned
 * false has not. That holds for an end of the stack or the heap, too: what threw a {@link
 * StackOverflowError} or an {@link OutOfMemoryError} has put, taken or closed nothing.
 *
 * <p>Should the {@code unpark} of the other side's thread throw, what this side did stands: the
 * value is put, taken, or this is closed. The exception goes to the current thread's {@link
 * Thread.UncaughtExceptionHandler}; what that one throws is ignored. The other thread is in its
 * waker again, so that the next value, or another {@link #close}, tries to wake it once more. If it
 * is a virtual thread whose scheduler rejected it, it is lost (see {@link AtomicWaker}), and with
 * it the value that its take was given.
 *
 * <h2>Memory consistency effects</h2>
 *
 * <p>Actions in a thread before it puts a value <i>happen-before</i> actions after that value was
 * taken in another one, and actions before a take <i>happen-before</i> actions after the put that
 * was waiting for it, that gave it the value, or that next found the place free.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public final class Handoff<T> {

  /*
   * Overview.
   *
   * The place holds null, a value, or one of these:
   *
   *   Waiting(first, next)     a value, and behind it that of a put which is parked
   *   Wanted                   no value, and a take which is parked
   *   Closed(value, refused)   the last value or null; the Waiting that came too late, or null
   *
   * All transitions are single compare-and-sets, so whatever races is decided by who comes first,
   * and no value can slip in behind a close:
   *
   *   put        null -> value
   *   announce   value -> Waiting(value, next)
   *              null -> Wanted
   *   take       value -> null
   *              Waiting w -> w.next
   *              Closed(value, refused) -> Closed(null, refused)
   *   withdraw   Waiting w -> w.first
   *   clear      Wanted w -> null, where w is settled
   *   close      null or Wanted -> Closed(null, null)
   *              value -> Closed(value, null)
   *              Waiting w -> Closed(w.first, w)
   *
   * and of a Wanted itself, which settles it, once:
   *
   *   give       null -> value
   *   withdraw   null -> WITHDRAWN
   *
   * A put that finds the place full lingers, and if that is in vain it registers, announces its
   * value, and parks. The take that makes room for it moves its value into the place in the same
   * step, so that the next take finds one without waiting for the producer's thread. A take that
   * finds the place empty does the same: it announces that it wants a value, and parks. The put
   * that finds this gives it the value, so that the next put finds the place free without waiting
   * for the consumer's thread. So one value is given, one is in the place, and one waits behind it:
   * three values cost one switch to each side, not three of each.
   *
   * The place alone tells a put what became of its Waiting w. While w is in it, the put waits. If
   * it is a Closed that refused w, the put never delivers. Otherwise a take has moved the value,
   * and the put has delivered, whatever ends its wait. So one that times out, is interrupted or
   * displaced has not delivered if it can still withdraw w, or if w was refused. This asks for the
   * identity of w, which is made for one put and announced once: values may be the same object.
   *
   * Its Wanted w alone tells a take what became of it: whatever ends its wait, it has taken unless
   * it can withdraw w. Once it has announced it must not look for a value in the place, where there
   * may be the one that comes after its own. Settled or not, w in the place is an empty place;
   * whoever settles w clears it away, and so does a put that comes between the two steps.
   *
   * A close may take the place from a Wanted that is not settled, and a put that has found it there
   * may then still give. Both that put and the take began before the close ended, and count as done
   * just before it, when the place was empty, too. So a take believes in the close only once it has
   * withdrawn.
   *
   * Who wakes whom:
   *
   * - The place is filled where it was empty, and a take is given a value, by a put alone, which
   *   then wakes the consumer. Where a take fills the place, it has not been empty since, and no
   *   consumer waits on account of that.
   * - The place is emptied, or filled from a Waiting, by a take, which then wakes the producer. Where
   *   a Wanted comes or goes, the place is empty before and after, and no producer waits on account
   *   of that: a put that loses its compare-and-set to one tries again.
   * - Either is registered before it announces: it is taken, or looks once more before it parks.
   * - A put that finds the Waiting of another one waits as if there were a value alone, and a take
   *   that finds the Wanted of another one as if there were nothing. If the other withdraws, the
   *   place is as full or as empty as before. If it is moved or given, the wake may take either of
   *   them: the one that is in the slot looks, and announces; the other one was unparked as it was
   *   displaced, and finds that it has delivered or taken.
   * - A close wakes both.
   */

  private static final class Closed {
    final @Nullable Object value;
    final @Nullable Waiting refused;

    Closed(@Nullable Object value, @Nullable Waiting refused) {
      this.value = value;
      this.refused = refused;
    }
  }

  /** A put or a take that has lingered in vain; others allocate nothing. */
  private abstract static class Parked {

    /** Of no concern to any thread but this one's. */
    boolean announced;

    /** How it looks, once registered: returns true if it is done, and else announces if it can. */
    abstract boolean isDone(Handoff<?> handoff);

    /** Returns true if it is not done, and will not be. */
    abstract boolean withdraw(Handoff<?> handoff);
  }

  private static final class Waiting extends Parked {
    /**
     * Null once this was refused: nobody needs it then, but the place goes on referring to this.
     */
    @Nullable Object next;

    /** Written before this is announced, which publishes it, and never after. */
    @Nullable Object first;

    Waiting(Object next) {
      this.next = next;
    }

    @Override
    boolean isDone(Handoff<?> handoff) {
      if (!announced) {
        Object inTheWay = handoff.tryPut(requireNonNull(next));
        if (inTheWay != null && !(inTheWay instanceof Waiting)) {
          first = inTheWay;
          announced = handoff.place.compareAndSet(inTheWay, this);
        }
        return inTheWay == null;
      }
      Object found = handoff.place.get();
      if (found instanceof Closed closed && closed.refused == this) {
        throw new HandoffClosedException(handoff);
      }
      return found != this;
    }

    @Override
    boolean withdraw(Handoff<?> handoff) {
      if (handoff.place.compareAndSet(this, first)) {
        return true;
      }
      if (handoff.place.get() instanceof Closed closed && closed.refused == this) {
        next = null;
        return true;
      }
      return !announced;
    }
  }

  private static final class Wanted extends Parked {
    private static final Object WITHDRAWN = new Object();
    private static final AtomicReferenceFieldUpdater<Wanted, @Nullable Object> OUTCOME =
        AtomicReferenceFieldUpdater.newUpdater(Wanted.class, Object.class, "outcome");

    /** Null until this is settled; then the value, or WITHDRAWN. */
    volatile @Nullable Object outcome;

    @Override
    boolean isDone(Handoff<?> handoff) {
      if (!announced) {
        outcome = handoff.tryTake();
        announced = outcome == null && handoff.place.compareAndSet(null, this);
      } else if (outcome == null && handoff.isClosed()) {
        throw new HandoffClosedException(handoff);
      }
      return outcome != null;
    }

    @Override
    boolean withdraw(Handoff<?> handoff) {
      return settle(handoff, WITHDRAWN);
    }

    /** Returns true if this was the one to settle it. Either way the place is no longer this. */
    boolean settle(Handoff<?> handoff, Object outcome) {
      boolean settled = OUTCOME.compareAndSet(this, null, outcome);
      handoff.place.compareAndSet(this, null);
      return settled;
    }
  }

  private static final Look<Handoff<?>, Object> TAKING = new Taking();

  static {
    Initialized.ensure(Closed.class, HandoffClosedException.class, Waiting.class, Wanted.class);
  }

  private final AtomicReference<@Nullable Object> place = new AtomicReference<>();
  private final WakerGroup group;
  private final AtomicWaker producer;
  private final AtomicWaker consumer;

  // Kept, so that a wait does not allocate them.
  private final Putting putting = new Putting();
  private final Parking parking = new Parking();

  /** Creates an empty hand-off, in an unnamed group. */
  public Handoff() {
    this(WakerGroup.UNNAMED);
  }

  /**
   * Creates an empty hand-off.
   *
   * @param group what its waits have in common with others: a name, how to wait, and experience
   */
  public Handoff(WakerGroup group) {
    this.group = requireNonNull(group, "group");
    producer = new AtomicWaker(group);
    consumer = new AtomicWaker(group);
  }

  /**
   * Puts a value, and waits while there is one already.
   *
   * @param value the value
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     the value was not put
   * @throws HandoffClosedException if this is closed; the value was not put
   * @throws IllegalStateException if another producer has begun to wait in place of this one; the
   *     value was not put
   */
  public void put(T value) throws InterruptedException {
    put(value, AtomicWaker.FOREVER);
  }

  /**
   * Puts a value if the place is free. Never blocks.
   *
   * @param value the value
   * @return true if the value was put; false if there is one already
   * @throws HandoffClosedException if this is closed
   */
  public boolean offer(T value) {
    requireNonNull(value, "value");
    StackReserve.ensure();
    boolean put = tryPut(value) == null;
    if (put) {
      wake(consumer);
    }
    return put;
  }

  /**
   * Puts a value, and waits while there is one already, for a limited time.
   *
   * @param value the value
   * @param timeout how long to wait at most; if zero or less, this does not wait
   * @return true if the value was put; false if the time is up
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     the value was not put
   * @throws HandoffClosedException if this is closed; the value was not put
   * @throws IllegalStateException if another producer has begun to wait in place of this one; the
   *     value was not put
   */
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    return put(value, NANOSECONDS.convert(requireNonNull(timeout, "timeout")));
  }

  /**
   * Takes the value, and waits while there is none.
   *
   * @return the value
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     nothing was taken
   * @throws HandoffClosedException if this is closed and empty
   * @throws IllegalStateException if another consumer has begun to wait in place of this one;
   *     nothing was taken
   */
  public T take() throws InterruptedException {
    return requireNonNull(take(AtomicWaker.FOREVER));
  }

  /**
   * Takes the value, if there is one. Never blocks.
   *
   * @return the value, or null if there is none
   * @throws HandoffClosedException if this is closed and empty
   */
  public @Nullable T poll() {
    StackReserve.ensure();
    T value = tryTake();
    if (value != null) {
      wake(producer);
    }
    return value;
  }

  /**
   * Takes the value, and waits while there is none, for a limited time.
   *
   * @param timeout how long to wait at most; if zero or less, this does not wait
   * @return the value, or null if the time is up
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     nothing was taken
   * @throws HandoffClosedException if this is closed and empty
   * @throws IllegalStateException if another consumer has begun to wait in place of this one;
   *     nothing was taken
   */
  public @Nullable T poll(Duration timeout) throws InterruptedException {
    return take(NANOSECONDS.convert(requireNonNull(timeout, "timeout")));
  }

  /**
   * Closes this, from either side. A value in its place is still delivered. Closing again does
   * nothing but wake those that should still wait. Never blocks.
   */
  public void close() {
    StackReserve.ensure();
    while (true) {
      Object found = place.get();
      if (found instanceof Closed || place.compareAndSet(found, closed(found))) {
        break;
      }
    }
    wake(producer);
    wake(consumer);
  }

  private static Closed closed(@Nullable Object found) {
    if (found instanceof Waiting put) {
      return new Closed(put.first, put);
    }
    return new Closed(found instanceof Wanted ? null : found, null);
  }

  /**
   * Says whether this was closed; a value may still be there to be taken. Never blocks.
   *
   * @return true if this was closed
   */
  public boolean isClosed() {
    return place.get() instanceof Closed;
  }

  /**
   * Returns the identity, the group's name, whether there is a value, and the wakers of both sides:
   * their identities, which thread dumps print for blockers, and who waits in them.
   */
  @Override
  public String toString() {
    Object found = place.get();
    StringJoiner details = new StringJoiner(", ", "[", "]");
    if (!group.name().isEmpty()) {
      details.add(group.name());
    }
    Object value = found instanceof Closed closed ? closed.value : found;
    details.add(value == null || value instanceof Wanted ? "empty" : "full");
    if (found instanceof Closed) {
      details.add("closed");
    }
    details.add("producer=" + producer);
    details.add("consumer=" + consumer);
    return Objects.toIdentityString(this) + details;
  }

  AtomicWaker producer() {
    return producer;
  }

  AtomicWaker consumer() {
    return consumer;
  }

  /**
   * Wakes the other side, after the place has changed. That cannot be taken back: if the scheduler
   * of the other side rejects it, this side must keep the value that it took, and must not believe
   * that it did not put one.
   */
  private static void wake(AtomicWaker otherSide) {
    try {
      otherSide.wakeWithinReserve();
    } catch (RuntimeException | Error rejected) {
      report(rejected);
    }
  }

  /** As the JVM does, this ignores what a handler throws. */
  private static void report(Throwable thrown) {
    try {
      Thread self = Thread.currentThread();
      self.getUncaughtExceptionHandler().uncaughtException(self, thrown);
    } catch (Throwable ofTheHandler) {
      // what this side did stands nevertheless
    }
  }

  private boolean put(T value, long nanos) throws InterruptedException {
    requireNonNull(value, "value");
    long deadline = begin(nanos);
    if (offer(value)) {
      return true;
    }
    if (nanos <= 0) {
      return false;
    }
    if (producer.linger(Thread.currentThread(), value, putting, nanos, deadline) != null) {
      wake(consumer);
      return true;
    }
    return park(producer, new Waiting(value), consumer, nanos, deadline);
  }

  /** Returns the deadline of a wait that begins. */
  private static long begin(long nanos) throws InterruptedException {
    StackReserve.ensure();
    if (Thread.interrupted()) {
      AtomicWaker.THROW.goesOn();
    }
    return AtomicWaker.deadline(nanos);
  }

  @SuppressWarnings("unchecked") // only values of type T are put
  private @Nullable T take(long nanos) throws InterruptedException {
    long deadline = begin(nanos);
    T value = poll();
    if (value != null || nanos <= 0) {
      return value;
    }
    value = (T) consumer.linger(Thread.currentThread(), this, TAKING, nanos, deadline);
    if (value != null) {
      wake(producer);
      return value;
    }
    Wanted wanted = new Wanted();
    return park(consumer, wanted, producer, nanos, deadline) ? (T) wanted.outcome : null;
  }

  /** Returns true if the put or take is done; false if its time is up. */
  private boolean park(
      AtomicWaker side, Parked parked, AtomicWaker otherSide, long nanos, long deadline)
      throws InterruptedException {
    Thread self = Thread.currentThread();
    try {
      Boolean done =
          side.awaitParked(self, parked, parking, AtomicWaker.THROW, nanos, deadline, false);
      if (done == null && parked.withdraw(this)) {
        return false;
      }
    } catch (Throwable thrown) {
      if (parked.withdraw(this)) {
        throw thrown;
      }
      // It has delivered or taken, and one that throws has not.
      if (thrown instanceof InterruptedException) {
        AtomicWaker.interrupt(self);
      } else if (!(thrown instanceof IllegalStateException)) {
        report(thrown);
      }
    }
    if (!parked.announced) { // else the other side has done it, and waits for nothing of that
      wake(otherSide);
    }
    return true;
  }

  // How a wait looks. Not lambdas: see AtomicWaker.

  private final class Putting implements Look<T, Boolean> {
    @Override
    public @Nullable Boolean at(T value) {
      return trueOrNull(tryPut(value) == null);
    }
  }

  private static final class Taking implements Look<Handoff<?>, Object> {
    @Override
    public @Nullable Object at(Handoff<?> handoff) {
      return handoff.tryTake();
    }
  }

  private final class Parking implements Look<Parked, Boolean> {
    @Override
    public @Nullable Boolean at(Parked parked) {
      return trueOrNull(parked.isDone(Handoff.this));
    }
  }

  private static @Nullable Boolean trueOrNull(boolean done) {
    return done ? Boolean.TRUE : null;
  }

  /** Returns null if the value was put, or else what is in its way: a value, or a Waiting. */
  private @Nullable Object tryPut(Object value) {
    while (true) {
      Object found = place.get();
      if (found == null) {
        if (place.compareAndSet(null, value)) {
          return null;
        }
      } else if (found instanceof Wanted wanted) {
        if (wanted.settle(this, value)) {
          return null;
        }
      } else if (found instanceof Closed) {
        throw new HandoffClosedException(this);
      } else {
        return found;
      }
    }
  }

  @SuppressWarnings("unchecked") // only values of type T are put
  private @Nullable T tryTake() {
    while (true) {
      Object found = place.get();
      Object value = found;
      Object left = null;
      if (found == null || found instanceof Wanted) {
        return null;
      } else if (found instanceof Waiting put) {
        value = put.first;
        left = put.next;
      } else if (found instanceof Closed closed) {
        value = closed.value;
        left = new Closed(null, closed.refused);
      }
      if (value == null) {
        throw new HandoffClosedException(this);
      }
      if (place.compareAndSet(found, left)) {
        return (T) value;
      }
    }
  }
}
