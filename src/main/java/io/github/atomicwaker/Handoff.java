package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicReference;
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
 * <h2>Closing</h2>
 *
 * <p>Either side may {@link #close}. A value that is in its place then can still be taken. Methods
 * that put throw {@link HandoffClosedException} from the close on, those that take once the place
 * is empty: at once, be they immediate, timed or untimed; a thread that waits in one is woken into
 * it. A put that returned normally, or an offer that returned true, has delivered, and one that
 * threw or returned false has not.
 *
 * <p>Should the other side be a virtual thread whose scheduler rejects it, that thread is lost (see
 * {@link AtomicWaker}), but what this side did stands: the value is put, taken, or this is closed,
 * and the exception goes to the current thread's {@link Thread.UncaughtExceptionHandler}.
 *
 * <h2>Memory consistency effects</h2>
 *
 * <p>Actions in a thread before it puts a value <i>happen-before</i> actions after that value was
 * taken in another one, and actions before a take <i>happen-before</i> actions after the next put
 * that found the place free.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public final class Handoff<T> {

  /*
   * The place holds null, a value, CLOSED, or Last, a value that was there when it was closed. All
   * transitions are single compare-and-sets, so a put and a close that race are decided by whoever
   * comes first, and no value can slip in behind a close:
   *
   *   put    null -> value              take    value -> null
   *   close  null -> CLOSED                     Last -> CLOSED
   *          value -> Last
   */

  private static final Object CLOSED = new Object();

  private record Last(Object value) {}

  private final AtomicReference<@Nullable Object> place = new AtomicReference<>();
  private final WakerGroup group;
  private final AtomicWaker producer;
  private final AtomicWaker consumer;

  /** Kept, so that a put that waits allocates nothing. */
  private final AtomicWaker.Look<T, Boolean> putLook = this::trueOrNull;

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
    requireNonNull(value, "value");
    producer.await(value, putLook, AtomicWaker.OnInterrupt.THROW, AtomicWaker.FOREVER);
    wake(consumer);
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
    boolean put = tryPut(value);
    if (put) {
      wake(consumer);
    }
    return put;
  }

  /**
   * Puts a value, and waits while there is one already, for a limited time.
   *
   * @param value the value
   * @param timeout the longest time to wait; if zero or less, this does not wait
   * @return true if the value was put; false if the time is up
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     the value was not put
   * @throws HandoffClosedException if this is closed; the value was not put
   * @throws IllegalStateException if another producer has begun to wait in place of this one; the
   *     value was not put
   */
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    requireNonNull(value, "value");
    long nanos = NANOSECONDS.convert(requireNonNull(timeout, "timeout"));
    boolean put = producer.await(value, putLook, AtomicWaker.OnInterrupt.THROW, nanos) != null;
    if (put) {
      wake(consumer);
    }
    return put;
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
    T value =
        consumer.await(this, Handoff::tryTake, AtomicWaker.OnInterrupt.THROW, AtomicWaker.FOREVER);
    wake(producer);
    return requireNonNull(value);
  }

  /**
   * Takes the value, if there is one. Never blocks.
   *
   * @return the value, or null if there is none
   * @throws HandoffClosedException if this is closed and empty
   */
  public @Nullable T poll() {
    T value = tryTake();
    if (value != null) {
      wake(producer);
    }
    return value;
  }

  /**
   * Takes the value, and waits while there is none, for a limited time.
   *
   * @param timeout the longest time to wait; if zero or less, this does not wait
   * @return the value, or null if the time is up
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     nothing was taken
   * @throws HandoffClosedException if this is closed and empty
   * @throws IllegalStateException if another consumer has begun to wait in place of this one;
   *     nothing was taken
   */
  public @Nullable T poll(Duration timeout) throws InterruptedException {
    long nanos = NANOSECONDS.convert(requireNonNull(timeout, "timeout"));
    T value = consumer.await(this, Handoff::tryTake, AtomicWaker.OnInterrupt.THROW, nanos);
    if (value != null) {
      wake(producer);
    }
    return value;
  }

  /**
   * Closes this, from either side. A value in its place is still delivered. Closing again does
   * nothing. Never blocks.
   */
  public void close() {
    place.updateAndGet(
        found -> found == null ? CLOSED : meansClosed(found) ? found : new Last(found));
    wake(producer);
    wake(consumer);
  }

  /**
   * Says whether this was closed; a value may still be there to be taken. Never blocks.
   *
   * @return true if this was closed
   */
  public boolean isClosed() {
    return meansClosed(place.get());
  }

  /** Returns the identity, the group's name, whether there is a value, and who waits. */
  @Override
  public String toString() {
    Object found = place.get();
    StringJoiner details = new StringJoiner(", ", "[", "]");
    if (!group.name().isEmpty()) {
      details.add(group.name());
    }
    details.add(found == null || found == CLOSED ? "empty" : "full");
    if (meansClosed(found)) {
      details.add("closed");
    }
    addIfWaiting(details, "producer", producer);
    addIfWaiting(details, "consumer", consumer);
    return Objects.toIdentityString(this) + details;
  }

  private static void addIfWaiting(StringJoiner details, String role, AtomicWaker waker) {
    Thread waiter = waker.registered();
    if (waiter != null) {
      details.add(role + "=" + waiter);
    }
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
      otherSide.wake();
    } catch (RuntimeException | Error rejected) {
      Thread self = Thread.currentThread();
      self.getUncaughtExceptionHandler().uncaughtException(self, rejected);
    }
  }

  private static boolean meansClosed(@Nullable Object found) {
    return found == CLOSED || found instanceof Last;
  }

  private @Nullable Boolean trueOrNull(T value) {
    return tryPut(value) ? Boolean.TRUE : null;
  }

  private boolean tryPut(T value) {
    if (place.get() == null && place.compareAndSet(null, value)) {
      return true;
    }
    if (isClosed()) {
      throw new HandoffClosedException(this);
    }
    return false;
  }

  @SuppressWarnings("unchecked") // only values of type T are put
  private @Nullable T tryTake() {
    while (true) {
      Object found = place.get();
      if (found == null) {
        return null;
      }
      if (found == CLOSED) {
        throw new HandoffClosedException(this);
      }
      boolean last = found instanceof Last;
      if (place.compareAndSet(found, last ? CLOSED : null)) {
        return (T) (last ? ((Last) found).value : found);
      }
    }
  }
}
