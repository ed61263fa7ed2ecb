package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One reply, for which one thread waits, once. Any thread {@linkplain #complete completes} it with
 * a value, {@linkplain #fail fails} it with an exception, or {@linkplain #cancel cancels} it; the
 * first of these calls decides, and the others change nothing. {@link #get} waits until then.
 *
 * {@snippet class="io.github.atomicwaker.SnippetsTest" region=oneshot :
 * Reply ask(Question request) throws Exception {
 *   OneShot<Reply> reply = new OneShot<>(REPLIES);
 *   waiting.put(request.number(), reply); // first, as the reply may be fast
 *   send(request);
 *   try {
 *     return reply.get(TIMEOUT);
 *   } finally {
 *     waiting.remove(request.number());
 *   }
 * }
 *
 * void received(Reply message) { // in the thread that reads
 *   OneShot<Reply> reply = waiting.get(message.number());
 *   if (reply != null) { // unless its caller has given up
 *     reply.complete(message);
 *   }
 * }
 * }
 *
 * <p>One thread waits at a time, as with {@link AtomicWaker}. If a second one begins to wait, the
 * first gets an {@link IllegalStateException}, unless this is done by then. Once it is done, any
 * threads may call the methods that get, any number of times.
 *
 * <p>A {@code get} whose thread is interrupted on entry throws, even if this is done, as {@link
 * AtomicWaker#await} does. An outcome that comes while it waits wins over an interrupt, which then
 * stays pending, over a time-out, and over a second waiter. A wait that ended in one of these ways
 * leaves this as it is: it may still be completed. A caller that gives up for good calls {@link
 * #cancel}, whose result tells whether it was in time.
 *
 * <p>If the {@code unpark} of the waiting thread throws, the completion, failure or cancellation
 * stands, and the method returns true. The exception goes to the current thread's {@link
 * Thread.UncaughtExceptionHandler}; an exception of the handler is ignored. What threw a {@link
 * StackOverflowError} or an {@link OutOfMemoryError} has changed nothing.
 *
 * <h2>Memory consistency effects</h2>
 *
 * <p>Actions in a thread before the call that completed, failed or cancelled this
 * <i>happen-before</i> actions in another thread after a {@code get} or {@link #poll} returned or
 * threw the outcome, and after {@link #isDone} returned true.
 *
 * @param <T> the type of the reply
 * @since 0.1.0
 */
public final class OneShot<T> {

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static final AtomicReferenceFieldUpdater<OneShot, @Nullable Object> OUTCOME =
      AtomicReferenceFieldUpdater.newUpdater(OneShot.class, Object.class, "outcome");

  private static final Check<OneShot<?>, Object> IS_DONE = new IsDone();
  private static final NoValue VOID = new NoValue("done", null);
  private static final NoValue CANCELLED = new NoValue("cancelled", null);

  /**
   * Of those without a group. Each has a waker that waits once, so it begins with what earlier ones
   * have learnt. They learn nothing from other wakers, which wait for other things.
   */
  private static final WakerGroup UNNAMED = new WakerGroup("", WaitPolicy.ADAPTIVE, null);

  static {
    Initialized.ensure(
        AtomicWaker.class,
        CancellationException.class,
        CommittedWake.class,
        ExecutionException.class,
        TimeoutException.class);
  }

  private final AtomicWaker waker;

  /** Null until this is done; then the value, or a NoValue. */
  private volatile @Nullable Object outcome;

  /**
   * Creates a reply to wait for. All that are created in this way share one unnamed group, apart
   * from other wakers: each begins to wait with what earlier ones have learnt. Replies of one kind
   * should have a {@linkplain #OneShot(WakerGroup) group} of their own if others take much shorter
   * or longer.
   */
  public OneShot() {
    this(UNNAMED);
  }

  /**
   * Creates a reply to wait for.
   *
   * @param group what its wait shares with others: a name, how to wait, statistics
   */
  public OneShot(WakerGroup group) {
    waker = new AtomicWaker(group);
  }

  /**
   * Completes this with a value, unless it is done, and wakes the thread that waits. Never blocks.
   *
   * @param value the value
   * @return true if this call decided the outcome; false if this was done already
   */
  public boolean complete(T value) {
    return end(requireNonNull(value, "value"));
  }

  /**
   * Completes a reply that has no value, unless it is done, and wakes the thread that waits: its
   * {@link #get} returns null, as {@link #poll} does. Replies of other types cannot be completed
   * without a value. Never blocks.
   *
   * @param reply what to complete
   * @return true if this call decided the outcome; false if the reply was done already
   */
  public static boolean completeVoid(OneShot<Void> reply) {
    return reply.end(VOID);
  }

  /**
   * Fails this, unless it is done, and wakes the thread that waits: each {@link #get} throws a new
   * {@link ExecutionException} with this cause. Never blocks.
   *
   * @param cause why there is no value
   * @return true if this call decided the outcome; false if this was done already
   */
  public boolean fail(Throwable cause) {
    return end(new NoValue("failed", requireNonNull(cause, "cause")));
  }

  /**
   * Cancels this, unless it is done, and wakes the thread that waits: each {@link #get} throws a
   * {@link CancellationException}. Interrupts no thread. Never blocks.
   *
   * @return true if this call decided the outcome; false if this was done already
   */
  public boolean cancel() {
    return end(CANCELLED);
  }

  /** What may fail comes before the compare-and-set. After it comes only the wake. */
  private boolean end(Object outcome) {
    StackReserve.ensure();
    boolean first = OUTCOME.compareAndSet(this, null, outcome);
    if (first) {
      CommittedWake.wake(waker);
    }
    return first;
  }

  /**
   * Waits until this is done, and returns the value.
   *
   * @return the value; null only of an {@code OneShot<Void>}
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     its interrupt status is then cleared
   * @throws ExecutionException if this has failed; its cause is what {@link #fail} was given
   * @throws CancellationException if this was cancelled
   * @throws IllegalStateException if another thread has begun to wait in place of this one, and
   *     this is not done
   */
  public T get() throws InterruptedException, ExecutionException {
    return result(requireNonNull(waker.await(this, IS_DONE, WaitLoop.THROW, WaitLoop.FOREVER)));
  }

  /**
   * Waits until this is done, for a limited time, and returns the value.
   *
   * @param timeout how long to wait at most; if zero or less, this does not wait
   * @param unit the unit of the time-out
   * @return the value; null only of an {@code OneShot<Void>}
   * @throws InterruptedException as {@link #get()} does
   * @throws ExecutionException as {@link #get()} does
   * @throws TimeoutException if the time is up, and this is not done
   * @throws CancellationException as {@link #get()} does
   * @throws IllegalStateException as {@link #get()} does
   */
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return getWithin(requireNonNull(unit, "unit").toNanos(timeout));
  }

  /**
   * Waits until this is done, for a limited time, and returns the value.
   *
   * @param timeout how long to wait at most; if zero or less, this does not wait
   * @return the value; null only of an {@code OneShot<Void>}
   * @throws InterruptedException as {@link #get()} does
   * @throws ExecutionException as {@link #get()} does
   * @throws TimeoutException if the time is up, and this is not done
   * @throws CancellationException as {@link #get()} does
   * @throws IllegalStateException as {@link #get()} does
   */
  public T get(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
    return getWithin(NANOSECONDS.convert(requireNonNull(timeout, "timeout")));
  }

  private T getWithin(long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    Object ended = waker.await(this, IS_DONE, WaitLoop.THROW, nanos);
    if (ended == null) {
      throw new TimeoutException("no reply within " + nanos + " ns");
    }
    return result(ended);
  }

  /**
   * Returns the value, if this is done. Never blocks, and leaves the interrupt status as it is.
   *
   * @return the value; null while this is not done, and of an {@code OneShot<Void>}
   * @throws ExecutionException if this has failed; its cause is what {@link #fail} was given
   * @throws CancellationException if this was cancelled
   */
  public @Nullable T poll() throws ExecutionException {
    Object ended = outcome;
    return ended == null ? null : result(ended);
  }

  /**
   * Returns whether this was completed, failed or cancelled. Never blocks.
   *
   * @return true if it was
   */
  public boolean isDone() {
    return outcome != null;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // only values of type T; Void has the value null
  private T result(Object ended) throws ExecutionException {
    if (!(ended instanceof NoValue none)) {
      return (T) ended;
    }
    if (none.cause != null) {
      throw new ExecutionException(none.cause);
    }
    if (none == CANCELLED) {
      throw new CancellationException();
    }
    return null;
  }

  /**
   * Returns the identity, the group's name, whether this is waiting, done, failed or cancelled, and
   * the waker: its identity, which thread dumps print for a blocker, and who waits in it.
   */
  @Override
  public String toString() {
    Object ended = outcome;
    StringJoiner details = new StringJoiner(", ", "[", "]");
    if (!waker.group().name().isEmpty()) {
      details.add(waker.group().name());
    }
    details.add(
        ended == null ? "waiting" : ended instanceof NoValue none ? none.description : "done");
    details.add("waker=" + waker);
    return WaitLoop.identity(this) + details;
  }

  AtomicWaker waker() {
    return waker;
  }

  /** An outcome that is no value. */
  private static final class NoValue {
    final String description;
    final @Nullable Throwable cause;

    NoValue(String description, @Nullable Throwable cause) {
      this.description = description;
      this.cause = cause;
    }
  }

  // Not a lambda: see AtomicWaker.

  private static final class IsDone implements Check<OneShot<?>, Object> {
    @Override
    public @Nullable Object on(OneShot<?> reply) {
      return reply.outcome;
    }
  }
}
