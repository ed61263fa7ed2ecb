package io.github.atomicwaker;

import java.util.StringJoiner;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How a thread waits on a slot until a check of the state gives a value: it checks, spins or
 * yields, registers, and then checks and parks in turn.
 *
 * <p>A wait notes an interrupt, clears it for all checks, and sets it again when it ends.
 */
abstract class WaitLoop extends ParkingSlot {

  /**
   * A wait lets other threads run once every this many turns of its loop. A wait that is woken in
   * every turn never parks, and would keep its carrier from all other virtual threads. Few enough
   * for them to run soon even if a check takes some milliseconds; enough for the pause, some ten
   * microseconds, to be short compared to that many parks.
   */
  private static final int TURNS_PER_PAUSE = 32;

  /** The shortest time-out of a park, in nanoseconds. The park itself takes longer. */
  private static final long SHORTEST = 1;

  static final OnInterrupt<InterruptedException> THROW = new Throw();
  static final OnInterrupt<RuntimeException> GO_ON = new GoOn();

  static {
    Initialized.ensure(
        Arrivals.class,
        Backoff.class,
        Check.class,
        Checks.class,
        Counters.Event.class,
        DisplacedException.class,
        FlightRecorder.class,
        ForkJoinWorkerThread.class,
        Jdk8369227.class,
        LockSupport.class,
        NewerThreads.class,
        ObservedPark.class,
        ParkingSlot.ManagedPark.class,
        ParkOutcome.class,
        Race.class,
        StackReserve.class,
        ThreadLocalRandom.class,
        TrackedSlot.class,
        TrackedWait.class,
        Uncaught.class,
        WaitPolicy.class,
        WakerGroup.class);
  }

  /** A plain field: a hint, and a lost update is harmless. */
  private int backoff = Backoff.UNKNOWN;

  WaitLoop(WakerGroup group) {
    super(group);
  }

  abstract void register(Thread thread);

  abstract boolean deregister(Thread thread);

  /**
   * Waits until a check gives a value.
   *
   * @return the value, or null if the time is up
   */
  final <S, T, X extends Exception> @Nullable T await(
      S state, Check<S, T> check, OnInterrupt<X> onInterrupt, long nanos) throws X {
    StackReserve.ensure();
    Thread self = Thread.currentThread();
    long deadline = deadline(nanos);
    boolean interrupted = false;
    boolean over = true;
    T value;
    try {
      interrupted = Thread.interrupted() && onInterrupt.goesOn();
      value = check.on(state);
      if (value != null) {
        noteReady();
      } else if (nanos > 0) {
        value = spinOrYield(self, state, check, nanos, deadline);
        over = value != null;
      }
    } finally {
      if (over) {
        leave(self, interrupted);
      }
    }
    return over
        ? value
        : awaitParked(self, state, check, onInterrupt, nanos, deadline, interrupted);
  }

  /**
   * The part of a wait after the spins. If it ends without a value, it withdraws what its check has
   * announced.
   *
   * @param deadline the wait's {@link #deadline}, computed before its first check
   * @param interrupted whether an interrupt has been noted, and cleared
   */
  final <S, T, X extends Exception> @Nullable T awaitParked(
      Thread self,
      S state,
      Check<S, T> check,
      OnInterrupt<X> onInterrupt,
      long nanos,
      long deadline,
      boolean interrupted)
      throws X {
    T value;
    try {
      value = parkAndCheck(self, state, check, onInterrupt, nanos, deadline, interrupted);
    } catch (Throwable thrown) {
      value = valueUnlessWithdrawn(self, state, check, thrown);
      if (value == null) {
        throw thrown;
      }
      return value;
    }
    return value != null ? value : valueUnlessWithdrawn(self, state, check, null);
  }

  /**
   * Registers or parks, and then checks, in turn.
   *
   * <p>A turn that found the thread registered lets the next one park: it checked after the
   * registration, and no wake has taken the thread since, unless a third thread then registered it
   * again, which is outside of the guarantee. If the thread was taken, the next turn registers it
   * again. Every turn looks at the value, displacement, interrupt and deadline, in this order, so
   * that a value wins over all others, and a wait times out even if it is woken without pause.
   *
   * <p>It has at most 325 bytes of bytecode, since the JIT inlines no more. When it had 403, each
   * parked thread took more memory: see decision 10, "A million threads".
   */
  private <S, T, X extends Exception> @Nullable T parkAndCheck(
      Thread self,
      S state,
      Check<S, T> check,
      OnInterrupt<X> onInterrupt,
      long nanos,
      long deadline,
      boolean interrupted)
      throws X {
    boolean pending = interrupted;
    TrackedWait tracked = null;
    try {
      StackReserve.ensure();
      long remaining = nanos;
      Thread found = null;
      boolean parked = false;
      for (int turn = 1; true; turn++) {
        boolean justRegistered = found == null;
        if (justRegistered) {
          register(self);
        } else {
          tracked = group().track(this, self, tracked);
          parkOnce(self, true, remaining, parked, tracked);
          parked = true;
        }
        if (turn % TURNS_PER_PAUSE == 0) {
          letOthersRun(self);
        }
        pending |= Thread.interrupted();
        T value = check.on(state);
        found = registered();
        if (found == null && justRegistered) {
          race(Race.EARLY);
        }
        if (value != null) {
          return value;
        }
        if (found != null && found != self) {
          throw displacement(self, found);
        }
        pending |= Thread.interrupted();
        if (pending) {
          pending = false; // if that throws, no status is left to set
          pending = onInterrupt.goesOn();
        }
        if (nanos != FOREVER) {
          remaining = deadline - System.nanoTime();
          if (remaining <= 0) {
            // The wake that took this thread since its check may have made the condition true.
            return deregister(self) ? null : check.on(state);
          }
        }
      }
    } finally {
      group().untrack(tracked);
      leave(self, pending);
    }
  }

  /**
   * Withdraws what the check of a wait has announced. If that is too late, a value has been given,
   * and it counts, whatever ended the wait.
   *
   * @param thrown what ended the wait; null if the time was up
   * @return null if it was withdrawn; otherwise the value
   */
  private <S, T> @Nullable T valueUnlessWithdrawn(
      Thread self, S state, Check<S, T> check, @Nullable Throwable thrown) {
    boolean interrupted = Thread.interrupted();
    Throwable ofCheck = isOwn(thrown) ? null : thrown;
    boolean withdrawn = false;
    try {
      withdrawn = check.withdraw(state);
      if (withdrawn) {
        return null;
      }
      interrupted |= Thread.interrupted();
      if (ofCheck != null) {
        Uncaught.report(ofCheck);
      }
      T value = check.on(state);
      if (value == null) {
        throw new IllegalStateException(
            "it could not be withdrawn, so a value was given, but there is none");
      }
      return value;
    } finally {
      // the check may have registered the thread again
      leave(self, interrupted || (!withdrawn && thrown instanceof InterruptedException));
    }
  }

  /** Returns whether the wait ended by itself, and not because something else threw. */
  private static boolean isOwn(@Nullable Throwable thrown) {
    return thrown == null
        || thrown instanceof InterruptedException
        || (thrown instanceof DisplacedException displaced && displaced.isNew());
  }

  /** Parks the current thread once, as a wait of its own. */
  final void park(long nanos) {
    StackReserve.ensure();
    Thread self = Thread.currentThread();
    boolean registered = registered() == self;
    // A wake of another thread, which is registered, has to find the wait of that.
    TrackedWait tracked = registered ? group().track(this, self, null) : null;
    try {
      parkOnce(self, registered, nanos, false, tracked);
    } finally {
      group().untrack(tracked);
    }
  }

  /** Returns when a wait has to end, by {@link System#nanoTime}; 0 if it has no time-out. */
  static long deadline(long nanos) {
    return nanos == FOREVER ? 0 : System.nanoTime() + nanos;
  }

  private static long remaining(long now, long nanos, long deadline) {
    return nanos == FOREVER ? FOREVER : deadline - now;
  }

  private void leave(Thread self, boolean interrupted) {
    deregister(self);
    if (interrupted) {
      interrupt(self);
    }
  }

  /** Sets the interrupt status again. If an override throws, the wait must still keep its value. */
  static void interrupt(Thread self) {
    try {
      self.interrupt();
    } catch (RuntimeException | Error overridden) {
      // the override has seen the interrupt
    }
  }

  /**
   * Takes a virtual thread off its carrier; platform threads are preempted. A yield does not do
   * this: the carrier goes on with the queue from which it took the thread, and a thread that
   * yields is in that queue again at once. The first park may only consume a permit. A wake ends
   * either.
   */
  private void letOthersRun(Thread self) {
    if (NewerThreads.isVirtual(self)) {
      LockSupport.parkNanos(this, SHORTEST);
      LockSupport.parkNanos(this, SHORTEST);
    }
  }

  /**
   * Spins briefly, and on a platform thread then yields briefly. This comes before the thread
   * registers, so that a wake meanwhile has nothing to do. Each is a method of its own, since the
   * JIT inlines no method as large as both.
   *
   * @return the value, or null if it has to park
   */
  final <S, T> @Nullable T spinOrYield(
      Thread self, S state, Check<S, T> check, long nanos, long deadline) {
    WaitPolicy policy = group().policy();
    if (policy.parksOnly()) {
      return null;
    }
    T value = spinIfDue(policy, self, state, check, nanos, deadline);
    if (value == null && !NewerThreads.isVirtual(self)) {
      value = yieldIfDue(policy, self, state, check, nanos, deadline);
    }
    if (value != null) {
      group().count(Counters.Event.SPUN);
    }
    return value;
  }

  /** Spins, after a pause where values come in a stream. */
  private <S, T> @Nullable T spinIfDue(
      WaitPolicy policy, Thread self, S state, Check<S, T> check, long nanos, long deadline) {
    int before = knownBackoff();
    if (!Backoff.spinIsDue(before)) {
      learn(before, Backoff.afterWaitWithoutSpin(before));
      return null;
    }
    long begin = System.nanoTime();
    long longest = Math.min(policy.maxSpinNanos, remaining(begin, nanos, deadline));
    if (longest <= 0) {
      return null;
    }
    long end = begin + longest;
    if (Backoff.pauseIsDue(before)) {
      policy.pause(begin + Math.min(policy.streamPauseNanos, longest));
    }
    T value = policy.spin(self, state, check, end, policy.earlyTurns);
    boolean early = value != null;
    if (!early && System.nanoTime() - end < 0) {
      value = policy.spin(self, state, check, end, policy.maxSpinTurns - policy.earlyTurns);
    }
    learn(
        before,
        value != null
            ? Backoff.afterPaidSpin(before, early, policy.maxFailures)
            : Backoff.afterFailedSpin(before, policy.maxFailures));
    return value;
  }

  /**
   * Yields. A thread that yields to another program gets its processor back after that program's
   * slice, milliseconds later. A yield that took so long counts as failed, even if it found a
   * value; otherwise a thread on a busy machine would go on yielding. A wait with less time left
   * than a slice begins no yield.
   */
  private <S, T> @Nullable T yieldIfDue(
      WaitPolicy policy, Thread self, S state, Check<S, T> check, long nanos, long deadline) {
    int before = knownBackoff();
    long begin = System.nanoTime();
    if (remaining(begin, nanos, deadline) <= policy.busyYieldNanos
        || !Backoff.yieldIsDue(before, policy.period(begin))) {
      return null;
    }
    T value = policy.yieldFor(self, state, check, begin);
    long end = System.nanoTime();
    boolean paid = value != null && end - begin <= policy.slowYieldNanos;
    learn(before, Backoff.afterYield(before, paid, policy.period(end), policy.maxFailures));
    return value;
  }

  private int knownBackoff() {
    int own = backoff;
    return own == Backoff.UNKNOWN ? group().firstBackoff() : own;
  }

  private void learn(int before, int after) {
    if (backoff != after) { // none while spins pay for replies: wakes read the same cache line
      backoff = after;
      group().learn(before, after);
    }
  }

  private void noteReady() {
    int known = backoff;
    if (Backoff.lacksReady(known)) { // most waits that are ready write nothing
      backoff = Backoff.afterReady(known);
    }
  }

  final void race(Race race) {
    group().count(race);
    FlightRecorder.race(group(), this, race);
  }

  private DisplacedException displacement(Thread self, Thread other) {
    String name = group().name();
    return new DisplacedException(
        describe(self)
            + " waits on "
            + identity(this)
            + (name.isEmpty() ? "" : "[" + name + "]")
            + ", and "
            + describe(other)
            + " has registered in its place: one thread can wait at a time");
  }

  static String describe(Thread thread) {
    try {
      return thread.toString();
    } catch (RuntimeException | Error overridden) {
      return "Thread[" + NewerThreads.name(thread) + "]";
    }
  }

  /**
   * Returns this waker's identity, as thread dumps print it for a blocker, and the registered
   * thread, if any.
   */
  @Override
  public String toString() {
    Thread registered = registered();
    StringJoiner details = new StringJoiner(", ", "[", "]").setEmptyValue("");
    if (!group().name().isEmpty()) {
      details.add(group().name());
    }
    if (registered != null) {
      details.add("waiter=" + describe(registered));
    }
    return identity(this) + details;
  }

  /** Returns what a thread dump prints for a blocker. */
  static String identity(Object object) {
    return identity(object.getClass(), System.identityHashCode(object));
  }

  static String identity(Class<?> type, int identityHashCode) {
    return type.getName() + "@" + Integer.toHexString(identityHashCode);
  }

  /** For tests. */
  final int backoff() {
    return backoff;
  }

  /** What a wait does when its thread was interrupted: throw, or go on. */
  interface OnInterrupt<X extends Exception> {
    /**
     * Throws, or returns true.
     *
     * @return true: the interrupt status, which was cleared, is to be set when the wait ends
     */
    boolean goesOn() throws X;
  }

  private static final class Throw implements OnInterrupt<InterruptedException> {
    @Override
    public boolean goesOn() throws InterruptedException {
      InterruptedException interrupted;
      try {
        interrupted = new InterruptedException();
      } catch (Error noMemory) {
        interrupt(Thread.currentThread());
        throw noMemory;
      }
      throw interrupted;
    }
  }

  private static final class GoOn implements OnInterrupt<RuntimeException> {
    @Override
    public boolean goesOn() {
      return true;
    }
  }
}
