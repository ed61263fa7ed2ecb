package io.github.atomicwaker;

import static io.github.atomicwaker.CommittedWake.wake;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands values from one thread to another, through one place: a {@link #put} waits while the place
 * is full, a {@link #take} while it is empty. One producer and one consumer may wait at a time;
 * they need not be the same threads each time.
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
 *   for (Line line; (line = lines.takeUnlessClosed()) != null; ) {
 *     process(line);
 *   }
 * }
 * }
 *
 * <p>Values arrive in the order in which they were put, each of them once. Two producers, or two
 * consumers, at once lose and duplicate nothing. But if two of them <em>wait</em> at once, the one
 * that came first gets an {@link IllegalStateException}, as with {@link AtomicWaker}.
 *
 * <p>Neither side waits until the other side's parked thread is scheduled. If a put is parked, the
 * take that makes room moves its value into the place, and the next take finds it there, even if
 * the producer does not run yet. If a take is parked, the next put gives it the value, and the
 * place stays free for another. That put has then delivered, or that take has taken, and returns
 * normally, whatever interrupt, time-out, close or second thread on its side comes meanwhile; an
 * interrupt stays pending.
 *
 * <h2>Closing</h2>
 *
 * <p>Either side may {@link #close}. The value in the place can still be taken; the value of a put
 * that waits behind it is not delivered. From then on, methods that put throw {@link
 * HandoffClosedException}; methods that take throw it once the place is empty. They throw at once,
 * timed or not, and a thread that waits in one of them is woken and throws. A put that returned
 * normally, or an offer that returned true, has delivered, and one that threw or returned false has
 * not. This includes the end of the stack and of the heap: what threw a {@link StackOverflowError}
 * or an {@link OutOfMemoryError} has put, taken or closed nothing.
 *
 * <p>If the {@code unpark} of the other side's thread throws, the step of this side stands: the
 * value is put or taken, or this is closed. The exception goes to the current thread's {@link
 * Thread.UncaughtExceptionHandler}; an exception of the handler is ignored. The other thread is in
 * its waker again, and the next value, or another {@link #close}, tries to wake it again. A virtual
 * thread whose scheduler rejected it is lost (see the {@linkplain io.github.atomicwaker package
 * description}), and with it the value that its take was given.
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
public final class Handoff<T> extends HandoffPlace<T> implements AutoCloseable {

  /*
   * Overview. HandoffPlace has the states and transitions of the place. Who wakes whom:
   *
   * - Only a put fills an empty place, or gives a value to a take. It then wakes the consumer. A
   *   take that refills the place from a ParkedPut wakes no consumer: the place was not empty
   *   before, so no consumer waits for that.
   * - Only a take empties the place, or refills it from a ParkedPut. It then wakes the producer. A
   *   ParkedTake that comes or goes wakes no producer: the place is empty before and after, and a
   *   put that loses its compare-and-set to one tries again.
   * - Either side registers before it announces, so a wake takes it, or it checks once more before
   *   it parks.
   * - A put that finds the ParkedPut of another thread waits as if there were a value alone, and a
   *   take that finds the ParkedTake of another thread as if there were nothing. If the other one
   *   withdraws, the place is as full or as empty as before. If it is moved or given, the wake may
   *   take either thread: the one in the slot checks, and announces; the other one was unparked as
   *   it was displaced, and finds that it has delivered or taken.
   * - A close wakes both.
   */

  private final WakerGroup group;
  private final AtomicWaker producer;
  private final AtomicWaker consumer;

  /** Creates an empty hand-off, in an unnamed group. */
  public Handoff() {
    this(WakerGroup.UNNAMED);
  }

  /**
   * Creates an empty hand-off.
   *
   * @param group what its waits share with others: a name, how to wait, statistics
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
    put(value, WaitLoop.FOREVER);
  }

  /**
   * Puts a value if the place is free. Never blocks.
   *
   * @param value the value
   * @return true if the value was put; false if there is one already
   * @throws HandoffClosedException if this is closed: false, as for a {@link
   *     java.util.concurrent.BlockingQueue}, means that a later try may succeed
   */
  public boolean offer(T value) {
    requireNonNull(value, "value");
    StackReserve.ensure();
    boolean put = putOrFindObstacle(value) == null;
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

  /** {@link #offer(Object, Duration)}, with the time-out in a unit. */
  public boolean offer(T value, long timeout, TimeUnit unit) throws InterruptedException {
    return put(value, unit.toNanos(timeout));
  }

  /**
   * Gives a value to a consumer that waits, and to nobody otherwise: no value stays in the place.
   * So a pool can ask for an idle worker, and start another one if there is none. A consumer that
   * is parked gets it at once. For one that spins, this spins as long as a wait does, some
   * microseconds, and a {@link #poll()} meanwhile gets it as well; in a group that is {@linkplain
   * WakerGroup#parkingOnly parking only} no consumer spins, and neither does this. If another
   * producer puts a value meanwhile, that value comes first, and this returns false. Never blocks.
   *
   * @param value the value
   * @return true if a consumer has the value; false if none has, and none will
   * @throws HandoffClosedException if this is closed
   */
  public boolean tryTransfer(T value) {
    Transfer transfer = new Transfer(requireNonNull(value, "value"));
    StackReserve.ensure();
    Object found = giveOrLay(transfer);
    if (found == transfer) {
      return isTakenInTime(transfer);
    }
    if (found == null) {
      wake(consumer);
    }
    return found == null;
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
    return requireNonNull(take(WaitLoop.FOREVER));
  }

  /**
   * Takes the value, and waits while there is none, until this is closed: for a consumer's loop.
   *
   * @return the value, or null if this is closed without a cause, and empty
   * @throws InterruptedException as {@link #take} does
   * @throws HandoffClosedException if this is closed with a cause, and empty
   * @throws IllegalStateException as {@link #take} does
   */
  public @Nullable T takeUnlessClosed() throws InterruptedException {
    try {
      return take();
    } catch (HandoffClosedException closed) {
      if (closed.getCause() == null) {
        return null;
      }
      throw closed;
    }
  }

  /**
   * Takes the value, if there is one. After a close this gives back what was put and never taken.
   * Never blocks.
   *
   * @return the value, or null if there is none
   * @throws HandoffClosedException if this is closed and empty: null, as for a {@link
   *     java.util.concurrent.BlockingQueue}, means that a later try may succeed
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

  /** {@link #poll(Duration)}, with the time-out in a unit. */
  public @Nullable T poll(long timeout, TimeUnit unit) throws InterruptedException {
    return take(unit.toNanos(timeout));
  }

  /**
   * Closes this, from either side. A value in its place is still delivered. Closing again does
   * nothing but wake those that should still wait. Never blocks.
   */
  @Override
  public void close() {
    closeFor(null);
  }

  /**
   * Closes this, as {@link #close()} does, since something failed: each {@link
   * HandoffClosedException} has the cause. If this is closed already, the cause is ignored.
   *
   * @param cause why this is closed
   */
  public void close(Throwable cause) {
    closeFor(requireNonNull(cause, "cause"));
  }

  private void closeFor(@Nullable Throwable cause) {
    StackReserve.ensure();
    closePlace(cause);
    wake(producer);
    wake(consumer);
  }

  /**
   * Returns whether this was closed; a value may still be there to be taken. Never blocks.
   *
   * @return true if this was closed
   */
  @Override
  public boolean isClosed() {
    return super.isClosed();
  }

  /**
   * Returns the identity, the group's name, whether there is a value, and the wakers of both sides:
   * their identities, which thread dumps print for blockers, and who waits in them.
   */
  @Override
  public String toString() {
    StringJoiner details = new StringJoiner(", ", "[", "]");
    if (!group.name().isEmpty()) {
      details.add(group.name());
    }
    details.add(describePlace());
    details.add("producer=" + producer);
    details.add("consumer=" + consumer);
    return WaitLoop.identity(this) + details;
  }

  AtomicWaker producer() {
    return producer;
  }

  AtomicWaker consumer() {
    return consumer;
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
    if (producer.spinOrYield(Thread.currentThread(), value, tryPut, nanos, deadline) != null) {
      wake(consumer);
      return true;
    }
    return park(producer, new ParkedPut(value), consumer, nanos, deadline);
  }

  /** Ensures the reserve, throws if the thread is interrupted, and returns the deadline. */
  private static long begin(long nanos) throws InterruptedException {
    StackReserve.ensure();
    if (Thread.interrupted()) {
      WaitLoop.THROW.goesOn();
    }
    return WaitLoop.deadline(nanos);
  }

  private boolean isTakenInTime(Transfer transfer) {
    try {
      WaitPolicy policy = group.policy();
      long end = System.nanoTime() + policy.maxSpinNanos;
      policy.spin(Thread.currentThread(), transfer, IS_SETTLED, end, policy.maxSpinTurns);
    } catch (Error struck) {
      if (transfer.withdraw(this)) {
        throw struck;
      }
    }
    return !transfer.withdraw(this);
  }

  @SuppressWarnings("unchecked") // only values of type T are put
  private @Nullable T take(long nanos) throws InterruptedException {
    long deadline = begin(nanos);
    T value = poll();
    if (value != null || nanos <= 0) {
      return value;
    }
    value = (T) consumer.spinOrYield(Thread.currentThread(), this, TRY_TAKE, nanos, deadline);
    if (value != null) {
      wake(producer);
      return value;
    }
    ParkedTake take = new ParkedTake();
    return park(consumer, take, producer, nanos, deadline) ? (T) take.outcome : null;
  }

  /** Returns true if the put or take is done; false if its time is up. */
  private boolean park(
      AtomicWaker waker, ParkedSide side, AtomicWaker otherWaker, long nanos, long deadline)
      throws InterruptedException {
    Thread self = Thread.currentThread();
    boolean done =
        waker.awaitParked(self, side, isDone, WaitLoop.THROW, nanos, deadline, false) != null;
    if (done && !side.announced) { // otherwise the other side did it, and does not wait for this
      wake(otherWaker);
    }
    return done;
  }
}
