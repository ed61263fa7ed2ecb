package io.github.atomicwaker.stress.soak;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.stress.soak.WaitMethod.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The waits of one thread, one at a time, each of them checked against the contract. */
final class CheckedWaits {

  /** A put, a take or a get: returns false if its time was up. */
  interface Call {
    boolean run() throws InterruptedException;
  }

  /** The result of a wait that was displaced. */
  static final Message DISPLACED = new Message(0, Message.DISPLACED);

  private final WatchedThread watched;
  private final Thread thread;
  private final Interrupts interrupts;
  private final AtomicWaker another;
  private final SplittableRandom random;
  private final Tally tally;

  /**
   * Makes them.
   *
   * @param another another waker of the thread, on which conditions may wait
   */
  CheckedWaits(
      WatchedThread watched,
      Interrupts interrupts,
      AtomicWaker another,
      SplittableRandom random,
      Tally tally) {
    this.watched = watched;
    this.thread = watched.thread;
    this.interrupts = interrupts;
    this.another = another;
    this.random = random;
    this.tally = tally;
  }

  /** Waits on a waker; returns null if nothing was polled. */
  @Nullable Message onWaker(
      WaitMethod method,
      WaitTarget target,
      AtomicWaker waker,
      Supplier<@Nullable Message> poll,
      Duration timeout) {
    DisturbedCondition condition =
        new DisturbedCondition(poll, waker, another, watched, random, tally);
    boolean interruptedBefore = thread.isInterrupted();
    long start = System.nanoTime();
    Message message = null;
    Outcome outcome;
    watched.target = target;
    try {
      message = await(method, waker, condition, timeout);
      outcome = message == null ? Outcome.TIMED_OUT : Outcome.VALUE;
    } catch (InterruptedException e) {
      outcome = Outcome.INTERRUPTED;
    } catch (Provoked e) {
      Fault.unless(e == condition.provoked(), "an old exception was thrown");
      outcome = Outcome.THREW;
    } catch (IllegalStateException e) {
      outcome = displaced(target, e);
      message = DISPLACED;
    }
    watched.waited();

    Message polled = condition.polled();
    Fault.unless(waker.registered() != thread, "still in the slot after a wait");
    Fault.unless(
        Objects.equals(polled, outcome == Outcome.VALUE ? message : null),
        "a value was dropped:",
        outcome,
        polled);
    Fault.unless(
        (condition.provoked() != null) == (outcome == Outcome.THREW), "an exception was dropped");
    check(method, outcome, timeout, start, interruptedBefore);
    return message;
  }

  private @Nullable Message await(
      WaitMethod method, AtomicWaker waker, DisturbedCondition condition, Duration timeout)
      throws InterruptedException {
    BooleanSupplier ready = condition::isTrue;
    switch (method) {
      case AWAIT_VALUE -> {
        return waker.awaitValue(condition);
      }
      case AWAIT_VALUE_TIMED -> {
        return waker.awaitValue(condition, timeout);
      }
      case AWAIT_CHECKED -> {
        return waker.awaitChecked(condition::get);
      }
      case AWAIT_CHECKED_TIMED -> {
        return waker.awaitChecked(condition::get, NANOSECONDS.convert(timeout), NANOSECONDS);
      }
      case AWAIT -> waker.await(ready);
      case AWAIT_TIMED -> {
        return waker.await(ready, timeout) ? condition.polled() : null;
      }
      case UNINTERRUPTIBLY -> waker.awaitUninterruptibly(ready);
      case UNINTERRUPTIBLY_TIMED -> {
        return waker.awaitUninterruptibly(ready, timeout) ? condition.polled() : null;
      }
      case REGISTER_AND_PARK -> registerAndPark(waker, ready);
      default -> throw new Fault("not a wait on a waker: " + method);
    }
    return condition.polled();
  }

  private void registerAndPark(AtomicWaker waker, BooleanSupplier ready)
      throws InterruptedException {
    waker.register();
    try {
      while (!ready.getAsBoolean()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (waker.registered() == thread) {
          waker.park();
        }
        waker.register();
      }
    } finally {
      waker.deregister();
    }
  }

  /** Waits in a primitive, whose condition is its own: it neither throws nor parks. */
  Outcome inPrimitive(WaitMethod method, WaitTarget target, Duration timeout, Call call) {
    boolean interruptedBefore = thread.isInterrupted();
    long start = System.nanoTime();
    Outcome outcome;
    watched.target = target;
    try {
      outcome = call.run() ? Outcome.VALUE : Outcome.TIMED_OUT;
    } catch (InterruptedException e) {
      outcome = Outcome.INTERRUPTED;
    } catch (HandoffClosedException e) {
      outcome = Outcome.CLOSED;
    } catch (IllegalStateException e) {
      outcome = displaced(target, e);
    }
    watched.waited();
    check(method, outcome, timeout, start, interruptedBefore);
    return outcome;
  }

  private static Outcome displaced(WaitTarget target, IllegalStateException thrown) {
    if (!target.isContested()) {
      throw thrown;
    }
    return Outcome.DISPLACED;
  }

  /** What holds after a wait of either kind. Also receives an interrupt that it left pending. */
  private void check(
      WaitMethod method, Outcome outcome, Duration timeout, long start, boolean interruptedBefore) {
    boolean interruptedAfter = thread.isInterrupted();
    switch (outcome) {
      case TIMED_OUT -> {
        Fault.unless(method.timed, "timed out:", method);
        Fault.unless(
            System.nanoTime() - start >= NANOSECONDS.convert(timeout),
            "timed out before the time was up");
      }
      case INTERRUPTED -> {
        Fault.unless(method.interruptible, "interrupted:", method);
        Fault.unless(!interruptedAfter, "interrupted, and the status is still set");
        interrupts.receivedException();
      }
      default -> {}
    }
    if (interruptedBefore && method != WaitMethod.REGISTER_AND_PARK) {
      Fault.unless(
          interruptedAfter != method.interruptible, "an earlier interrupt was lost:", method);
      Fault.unless(
          method.interruptible == (outcome == Outcome.INTERRUPTED), "not interrupted on entry");
    }
    if (interruptedAfter && random.nextBoolean()) { // else the next wait finds it on entry
      Fault.unless(Thread.interrupted(), "the interrupt status was cleared by another thread");
      interrupts.receivedStatus();
    }
    tally.add(method, outcome);
  }
}
