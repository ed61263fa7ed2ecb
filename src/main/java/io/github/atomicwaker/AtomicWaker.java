package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.atomicwaker.Counters.Event;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A slot in which one thread waits until another one wakes it. The waiting thread, virtual or
 * platform, <em>registers</em> itself in the slot and <em>parks</em>; any number of threads
 * <em>wake</em> it with {@link LockSupport#unpark}. What is waited for lives in the user's own
 * state (a queue, a flag, a reply), not here: a waker makes any non-blocking structure a blocking
 * one, and a {@link #wake} that finds nobody waiting is a fence and a read.
 *
 * {@snippet class="io.github.atomicwaker.Mailbox" region=mailbox :
 * final class Mailbox<M> {
 *   private final Queue<M> messages = new ConcurrentLinkedQueue<>();
 *   private final AtomicWaker waker = new AtomicWaker();
 *
 *   void send(M message) { // any thread
 *     messages.add(message); // first the state,
 *     waker.wake(); // then the wake
 *   }
 *
 *   M receive() throws InterruptedException { // one thread at a time
 *     return waker.awaitValue(messages::poll);
 *   }
 * }
 * }
 *
 * <h2>One waiter</h2>
 *
 * One thread waits at a time; it may be another one each time. The last registration wins: the
 * thread that it displaces is unparked, and if that one is in an {@code await} method whose
 * condition is still false, the wait ends in an {@link IllegalStateException} that names both
 * threads. For several waiters at once, take something else: there is no queue in here.
 *
 * <h2>Waiting</h2>
 *
 * <p>The {@code await} methods evaluate the condition in the waiting thread, at any time and any
 * number of times; they return only once they have seen it true, or by time-out, interrupt,
 * displacement or an exception that the condition threw. Once it was seen true that is the result,
 * whatever came meanwhile: an element that {@code poll} removed from a queue is never lost. On
 * every exit the slot no longer holds the thread. The condition may block, and may wait on this or
 * another waker; a wait on this one empties the slot, upon which the outer wait registers again. A
 * rogue {@code unpark}, a permit left over, or a spurious return from a park ends no wait.
 *
 * <p>A wake that comes just as a wait ends for another reason may unpark the thread afterwards: its
 * next park, anywhere, then returns at once, which every park has to allow for. And {@code wake}'s
 * {@code true} says that it took a thread and unparked it, not what became of it: it does not
 * survive an interrupt of the waiter, say.
 *
 * <p>If {@code unpark} itself throws (a virtual thread's scheduler may reject it), the slot stays
 * consistent and usable, and the exception reaches the caller; the thread that could not be
 * scheduled is lost, and the JDK knows no way to bring it back.
 *
 * <p>A fault of the JDK, JDK-8369227, can leave a virtual thread parked for ever that parks without
 * a time-out right after it parked with one. It is in JDK 25 before 25.0.3 and in 26 before 26.0.1.
 * There, no park of a waker lasts longer than a second before the wait looks at its condition
 * again. This cannot help parks elsewhere: a thread's next untimed park in foreign code (a lock, a
 * queue) stays exposed, and on these versions every wait here has a timed park in it. Update the
 * JDK.
 *
 * <h2>Memory consistency effects</h2>
 *
 * <p>For every {@link #wake} or {@link #take} <i>W</i> and every {@link #register} <i>R</i> by a
 * thread for itself, on one waker: <em>either everything that happened before <i>W</i> is visible
 * to that thread after <i>R</i>; or <i>W</i> takes that thread; or, before <i>W</i> could, it has
 * left the slot after <i>R</i> in another way: another wake took it, it was deregistered, or it was
 * displaced and unparked.</em> So a thread that changes the state and then wakes, and one that
 * registers and then looks at the state, never miss each other, be the state a plain, opaque,
 * release or volatile variable.
 *
 * <p>Being woken is not the same as publication. An {@code await} whose condition is true at the
 * first look synchronizes with nothing: if the condition is a <em>plain</em> variable, other data
 * written before it need not be visible. To publish data along with it, let the condition be at
 * least release/acquire (a volatile field, or any concurrent collection).
 *
 * <p>The idea is that of the {@code AtomicWaker} of Rust's futures and tokio.
 *
 * @since 0.1.0
 */
public final class AtomicWaker {

  /*
   * Overview.
   *
   * The slot holds the registered thread, or null. Three operations change it, each by one atomic
   * step, wait-free:
   *
   *   register    read; unless it is the thread: swap(thread), unpark the one that was there;
   *               full fence
   *   take        full fence, read; unless null: swap(null)         (wake = take, then unpark)
   *   deregister  read; if it is the thread: compare-and-set(thread, null)
   *
   * The handshake. A waker writes the condition and then reads the slot; a waiter writes the slot
   * and then reads the condition:
   *
   *          W, a wake                           R, a waiter
   *     w1   condition = true               r1   slot = self
   *     w2   full fence                     r2   full fence
   *     w3   read slot                      r3   read condition
   *
   * The fences are in one total order. If w2 comes first, r3 sees what w1 wrote. If r2 comes first,
   * w3 sees what r1 wrote or what replaced it since: null, when another wake has taken the waiter,
   * or another thread, which unparked it as it registered. So either the waiter sees the condition,
   * or it is taken (and unparked), or displaced (and unparked).
   *
   * Each part is needed:
   *
   * - The fence w2. Without it w1 may still be on its way when w3 reads null. A volatile write
   *   followed by a volatile read would do as well, but the condition is the user's.
   * - The fence r2. To the memory model the swap r1 is a volatile access, which a later plain or
   *   opaque read may overtake. x86 cannot show this (a locked instruction is a full fence there);
   *   AArch64 may. A register that finds the thread in the slot already needs it as well: if another
   *   thread put it there, a wake may have looked before that, and on a machine where a write
   *   reaches some threads earlier than others the read of the slot alone orders nothing.
   * - That r1 is a swap. Two registrants who overwrite each other with plain stores may both find
   *   the slot empty before, and the one that ends up outside is never told.
   * - The reread of the slot after r3, before parking. The condition is user code that may park (in
   *   a contended lock, say), and that park may eat the permit of a wake that came meanwhile. But
   *   that wake also emptied the slot.
   *
   * The original's state machine. Rust's AtomicWaker keeps its waker in a non-atomic cell, guarded
   * by two bits, REGISTERING and WAKING. A reference that is garbage-collected needs no guard, so
   * each of its transient states collapses into a before and an after:
   *
   * - Wake during register (REGISTERING|WAKING; there the registrant must wake itself). Here w3
   *   comes before r1, and then r3 sees the condition, or after it, and then it takes the thread.
   * - Wake during wake (WAKING is set; the loser leaves). Here both swap, one receives the thread.
   *   The loser must synchronize nevertheless, since the thread that is woken may look before the
   *   loser's condition was written: it does by w2, as any wake that finds the slot empty. The
   *   thread has to register again before it parks, and r3 sees the loser's w1.
   * - A woken task that runs before the wake has released the cell, so that a second wake finds it
   *   locked. Here the slot is free from the instant of the swap.
   * - Register during register (the loser's waker is dropped, its task may sleep for ever). Here the
   *   later swap returns the earlier thread, which is unparked, and finds another in its place.
   * - Panics of user code inside the critical section. Here no user code runs inside a transition.
   *
   * jcstress and Lincheck check all of this: see the stress folder.
   */

  /** Typed, and without a static block that may throw: what a VarHandle is not. */
  private static final AtomicReferenceFieldUpdater<AtomicWaker, @Nullable Thread> WAITER =
      AtomicReferenceFieldUpdater.newUpdater(AtomicWaker.class, Thread.class, "waiter");

  /** A wait of this many nanoseconds, 292 years, has no deadline. */
  static final long FOREVER = Long.MAX_VALUE;

  /**
   * The longest that one park lasts: for ever, but for the JDKs that may lose an unpark. There, a
   * park that nobody ends is repeated: the thread looks again once a second, late but alive.
   */
  private static final long LONGEST_PARK = longestPark(Runtime.version());

  private volatile @Nullable Thread waiter;

  private final WakerGroup group;

  /** What waits have learnt. A plain field: a hint, and a lost update is harmless. */
  private int learnt = Backoff.UNKNOWN;

  /** Creates a waker in which no thread is registered, in an unnamed group. */
  public AtomicWaker() {
    this(WakerGroup.UNNAMED);
  }

  /**
   * Creates a waker in which no thread is registered.
   *
   * @param group what it has in common with other wakers: a name, how to wait, and experience
   */
  public AtomicWaker(WakerGroup group) {
    this.group = requireNonNull(group, "group");
  }

  // The waiting side.

  /**
   * Registers the current thread, as {@link #register(Thread)} does. Then look at the condition,
   * and only if it is false, {@link #park()}:
   *
   * {@snippet class="io.github.atomicwaker.SnippetsTest" region=register :
   * waker.register();
   * while (!ready()) {
   *   if (waker.registered() == Thread.currentThread()) { // unless ready() ate a wake's permit
   *     waker.park();
   *   }
   *   waker.register();
   * }
   * waker.deregister();
   * }
   *
   * Prefer an {@code await} method, which also handles interrupts, exceptions and a second waiter.
   */
  public void register() {
    register(Thread.currentThread());
  }

  /**
   * Registers a thread to be woken by the next {@link #wake}. The last registration wins: another
   * thread that is registered is displaced and unparked. Registering the thread that is in the slot
   * already writes nothing. Never blocks.
   *
   * <p>Memory effects: a full fence (see the class description) after the registration.
   *
   * @param thread the thread to register
   */
  public void register(Thread thread) {
    requireNonNull(thread, "thread");
    Thread before = waiter == thread ? thread : WAITER.getAndSet(this, thread);
    if (before != null && before != thread) {
      try {
        LockSupport.unpark(before);
      } catch (Throwable rejected) {
        deregister(thread);
        throw rejected;
      }
      race(Event.REPLACED);
    }
    VarHandle.fullFence();
  }

  /**
   * Takes the current thread out of the slot, if it is there, as {@link #deregister(Thread)} does.
   * Never blocks.
   *
   * @return true if the current thread was in the slot; false if it was taken by a wake, displaced,
   *     or never registered
   */
  public boolean deregister() {
    return deregister(Thread.currentThread());
  }

  /**
   * Takes a thread out of the slot, if it is there; it is not unparked. Never blocks.
   *
   * <p>Memory effects: if this returns false because a wake took the thread, everything that
   * happened before that wake is visible.
   *
   * @param thread the thread to take out
   * @return true if the thread was in the slot; false if it was taken by a wake, displaced, or
   *     never registered
   */
  public boolean deregister(Thread thread) {
    requireNonNull(thread, "thread");
    return waiter == thread && WAITER.compareAndSet(this, thread, null);
  }

  /**
   * Parks the current thread once, with this waker as the blocker that thread dumps show: {@link
   * LockSupport#park(Object)}. Returns when the thread is unparked by anyone, when it has a permit
   * left over, when it is interrupted (the status stays set), or for no reason: call it in a loop
   * that looks at the condition, as {@link #register()} shows. It does not look at the slot.
   *
   * <p>On JDKs with the fault JDK-8369227 (see the class description) it returns after a second.
   */
  public void park() {
    park(Thread.currentThread(), FOREVER, false);
  }

  /**
   * Parks the current thread once, as {@link #park} does, for a limited time at most.
   *
   * @param nanos the most nanoseconds to park; if zero or less, returns at once
   */
  public void parkNanos(long nanos) {
    if (nanos > 0) {
      park(Thread.currentThread(), nanos, false);
    }
  }

  /**
   * Waits until a condition is true.
   *
   * @param ready the condition, evaluated by the current thread, at least once
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     its interrupt status is then cleared
   * @throws IllegalStateException if another thread has registered in place of this one and the
   *     condition is false
   */
  public void await(BooleanSupplier ready) throws InterruptedException {
    requireNonNull(ready, "ready");
    await(ready, AtomicWaker::trueOrNull, OnInterrupt.THROW, FOREVER);
  }

  /**
   * Waits until a condition is true, for a limited time.
   *
   * @param ready the condition, evaluated by the current thread, at least once
   * @param timeout the longest time to wait; if zero or less, the condition is evaluated just once
   * @return true if the condition was seen true, however late; false if the time is up
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     its interrupt status is then cleared
   * @throws IllegalStateException if another thread has registered in place of this one and the
   *     condition is false
   */
  public boolean await(BooleanSupplier ready, Duration timeout) throws InterruptedException {
    requireNonNull(ready, "ready");
    requireNonNull(timeout, "timeout");
    return await(ready, AtomicWaker::trueOrNull, OnInterrupt.THROW, NANOSECONDS.convert(timeout))
        != null;
  }

  /**
   * Waits until a condition is true, whether the thread is interrupted or not. An interrupt status
   * that was set before or during the wait is set when it ends.
   *
   * @param ready the condition, evaluated by the current thread, at least once
   * @throws IllegalStateException if another thread has registered in place of this one and the
   *     condition is false
   */
  public void awaitUninterruptibly(BooleanSupplier ready) {
    requireNonNull(ready, "ready");
    await(ready, AtomicWaker::trueOrNull, OnInterrupt.GO_ON, FOREVER);
  }

  /**
   * Waits until a condition is true, for a limited time, whether the thread is interrupted or not.
   * An interrupt status that was set before or during the wait is set when it ends.
   *
   * @param ready the condition, evaluated by the current thread, at least once
   * @param timeout the longest time to wait; if zero or less, the condition is evaluated just once
   * @return true if the condition was seen true, however late; false if the time is up
   * @throws IllegalStateException if another thread has registered in place of this one and the
   *     condition is false
   */
  public boolean awaitUninterruptibly(BooleanSupplier ready, Duration timeout) {
    requireNonNull(ready, "ready");
    requireNonNull(timeout, "timeout");
    return await(ready, AtomicWaker::trueOrNull, OnInterrupt.GO_ON, NANOSECONDS.convert(timeout))
        != null;
  }

  /**
   * Waits until there is a value, and returns it.
   *
   * @param <T> the type of the value
   * @param poll gives the value, or null while there is none; called by the current thread, at
   *     least once, and never again after it gave a value
   * @return the value
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     its interrupt status is then cleared, and no value was taken
   * @throws IllegalStateException if another thread has registered in place of this one and there
   *     is no value
   */
  public <T> T awaitValue(Supplier<? extends @Nullable T> poll) throws InterruptedException {
    requireNonNull(poll, "poll");
    return requireNonNull(await(poll, Supplier::get, OnInterrupt.THROW, FOREVER));
  }

  /**
   * Waits until there is a value, for a limited time, and returns it.
   *
   * @param <T> the type of the value
   * @param poll gives the value, or null while there is none; called by the current thread, at
   *     least once, and never again after it gave a value
   * @param timeout the longest time to wait; if zero or less, {@code poll} is called just once
   * @return the value, however late; null if the time is up
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     its interrupt status is then cleared, and no value was taken
   * @throws IllegalStateException if another thread has registered in place of this one and there
   *     is no value
   */
  public <T> @Nullable T awaitValue(Supplier<? extends @Nullable T> poll, Duration timeout)
      throws InterruptedException {
    requireNonNull(poll, "poll");
    requireNonNull(timeout, "timeout");
    return await(poll, Supplier::get, OnInterrupt.THROW, NANOSECONDS.convert(timeout));
  }

  // The waking side.

  /**
   * Wakes the registered thread, if there is one: takes it out of the slot and unparks it. Call it
   * after the change of the state that the thread waits for. With nobody registered it is a fence
   * and a read; nothing is stored for a later registration. Never blocks.
   *
   * <p>Memory effects: see the class description.
   *
   * @return true if this call took a registered thread and unparked it
   */
  public boolean wake() {
    Thread taken = takeOut();
    if (taken == null) {
      group.count(Event.IDLE);
      return false;
    }
    LockSupport.unpark(taken);
    group.count(Event.DELIVERED);
    return true;
  }

  /**
   * Takes the registered thread out of the slot without unparking it, so that the caller can do
   * that later, outside a lock say; for many at once there is {@link WakeBatch}. Whoever takes a
   * thread must pass it to {@link LockSupport#unpark}: it may be parked, and no other wake will
   * find it here. Never blocks.
   *
   * <p>Memory effects: those of {@link #wake}.
   *
   * @return the thread, or null if none was registered
   */
  public @Nullable Thread take() {
    Thread taken = takeOut();
    group.count(taken == null ? Event.IDLE : Event.TAKEN);
    return taken;
  }

  private @Nullable Thread takeOut() {
    VarHandle.fullFence();
    if (waiter == null) {
      return null;
    }
    Thread taken = WAITER.getAndSet(this, null);
    if (taken == null) {
      race(Event.CONTENDED);
    }
    return taken;
  }

  // What it says of itself.

  /**
   * Says which thread is registered at this moment. Never blocks.
   *
   * @return the registered thread, or null if there is none
   */
  public @Nullable Thread registered() {
    return waiter;
  }

  /**
   * Returns this waker's identity, as thread dumps print it for a blocker, and the registered
   * thread, if any.
   */
  @Override
  public String toString() {
    Thread registered = waiter;
    StringJoiner details = new StringJoiner(", ", "[", "]").setEmptyValue("");
    if (!group.name().isEmpty()) {
      details.add(group.name());
    }
    if (registered != null) {
      details.add("waiter=" + registered);
    }
    return Objects.toIdentityString(this) + details;
  }

  // How a wait goes.

  /**
   * The wait: until a look at the state gives a value. The state and the look come apart so that no
   * wait has to allocate an adapter.
   */
  <S, T, X extends Exception> @Nullable T await(
      S state, Look<S, T> look, OnInterrupt<X> onInterrupt, long nanos) throws X {
    Thread self = Thread.currentThread();
    long deadline = deadline(nanos);
    T value = awaitUnparked(self, state, look, onInterrupt, nanos);
    return value != null || nanos <= 0
        ? value
        : awaitParked(self, state, look, onInterrupt, nanos, deadline);
  }

  /** The part of a wait before it registers: it looks, and if there is time it lingers. */
  private <S, T, X extends Exception> @Nullable T awaitUnparked(
      Thread self, S state, Look<S, T> look, OnInterrupt<X> onInterrupt, long nanos) throws X {
    boolean interrupted = false;
    try {
      interrupted = clearInterrupt(onInterrupt);
      T value = look.at(state);
      return value != null || nanos <= 0 ? value : linger(self, state, look);
    } finally {
      leave(self, interrupted);
    }
  }

  /**
   * The part of a wait in which it registers, and parks, after it has looked and lingered in vain.
   * It looks at the state once registered, and not before.
   *
   * <p>Every turn of the loop looks at the state first, so that a value wins over displacement,
   * interrupt and deadline, in this order, and then parks or, if it has been taken, registers
   * again. A turn that finds the thread registered may park: it looked after it had been
   * registered, and no wake has taken it since. All of this is looked at in every turn, since a
   * storm of wakes must not keep a wait from timing out.
   *
   * @param deadline the wait's {@link #deadline}, taken before it first looked
   */
  <S, T, X extends Exception> @Nullable T awaitParked(
      Thread self, S state, Look<S, T> look, OnInterrupt<X> onInterrupt, long nanos, long deadline)
      throws X {
    boolean interrupted = false;
    try {
      register(self);
      boolean justRegistered = true;
      boolean parked = false;
      while (true) {
        T value = look.at(state);
        Thread found = waiter;
        if (found == null && justRegistered) {
          race(Event.EARLY);
        }
        if (value != null) {
          return value;
        }
        if (found != null && found != self) {
          throw displaced(self, found);
        }
        interrupted |= clearInterrupt(onInterrupt);
        long remaining = nanos == FOREVER ? FOREVER : deadline - System.nanoTime();
        if (remaining <= 0) {
          // Whoever took this thread since it looked may have made the condition true.
          return deregister(self) ? null : look.at(state);
        }
        justRegistered = found == null;
        if (justRegistered) {
          register(self);
        } else {
          park(self, remaining, parked);
          parked = true;
        }
      }
    } finally {
      leave(self, interrupted);
    }
  }

  /** When a wait of so many nanoseconds has to end, by {@link System#nanoTime}, unless FOREVER. */
  static long deadline(long nanos) {
    return nanos == FOREVER ? 0 : System.nanoTime() + nanos;
  }

  /** Cleared even if the wait goes on, and set again when it ends: else no park would last. */
  private static <X extends Exception> boolean clearInterrupt(OnInterrupt<X> onInterrupt) throws X {
    boolean interrupted = Thread.interrupted();
    if (interrupted) {
      onInterrupt.run();
    }
    return interrupted;
  }

  private void leave(Thread self, boolean interrupted) {
    deregister(self);
    if (interrupted) {
      self.interrupt();
    }
  }

  /**
   * Parks once.
   *
   * @param again whether the wait has parked before
   */
  private void park(Thread self, long nanos, boolean again) {
    long bounded = Math.min(nanos, LONGEST_PARK);
    ObservedPark observed = ObservedPark.begin(group, again);
    try {
      if (bounded == FOREVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, bounded);
      }
    } finally {
      if (observed != null) {
        observed.end(this, self, nanos, bounded);
      }
    }
  }

  /**
   * Spins for a moment, and on a platform thread yields for another, in the hope of a value before
   * a park. It comes before the thread registers, so that a wake meanwhile has nothing to do.
   *
   * <p>A platform thread that yields to another program gets its processor back after that one's
   * slice, milliseconds later: a yield that took so long has not paid, value or not, or a busy
   * machine would never be rid of them.
   */
  <S, T> @Nullable T linger(Thread self, S state, Look<S, T> look) {
    WaitPolicy policy = group.policy();
    if (policy.parksOnly()) {
      return null;
    }
    int before = learnt;
    int known = before == Backoff.UNKNOWN ? group.experience() : before;
    int lesson;
    T value = null;
    if (Backoff.spinIsDue(known)) {
      value = policy.spin(state, look);
      lesson = Backoff.spun(known, value != null, policy.mostFailures());
    } else {
      lesson = Backoff.spinPassed(known);
    }
    if (value == null && !self.isVirtual()) {
      long begin = System.nanoTime();
      if (Backoff.yieldIsDue(known, policy.period(begin))) {
        value = policy.yieldFor(state, look, begin);
        long end = System.nanoTime();
        boolean paid = value != null && end - begin <= policy.slowYield();
        lesson = Backoff.yielded(lesson, paid, policy.period(end), policy.mostFailures());
      }
    }
    if (before != lesson) { // where spins pay nothing is written: wakes read the same cache line
      learnt = lesson;
      group.learn(known, lesson);
    }
    if (value != null) {
      group.count(Event.SPUN);
    }
    return value;
  }

  private static @Nullable Boolean trueOrNull(BooleanSupplier ready) {
    return ready.getAsBoolean() ? Boolean.TRUE : null;
  }

  private IllegalStateException displaced(Thread self, Thread other) {
    return new IllegalStateException(
        "%s waits on %s, and %s has registered in its place: one thread can wait at a time"
            .formatted(self, Objects.toIdentityString(this), other));
  }

  private void race(Event race) {
    group.count(race);
    FlightRecorder.race(this, race);
  }

  /**
   * JDK-8369227: a virtual thread that parks untimed right after a timed park may miss its unpark,
   * and stay parked whatever is unparked later. It came with 25, and is mended in 25.0.3 and
   * 26.0.1.
   */
  static long longestPark(Runtime.Version version) {
    boolean losesUnparks =
        switch (version.feature()) {
          case 25 -> version.compareToIgnoreOptional(Runtime.Version.parse("25.0.3")) < 0;
          case 26 -> version.compareToIgnoreOptional(Runtime.Version.parse("26.0.1")) < 0;
          default -> false;
        };
    return losesUnparks ? SECONDS.toNanos(1) : FOREVER;
  }

  /** How a wait looks at the state that it waits for. */
  @FunctionalInterface
  interface Look<S, T> {
    /** Returns what is waited for, or null while there is none. */
    @Nullable T at(S state);
  }

  /** What a wait does when its thread is interrupted: throw, or go on. */
  @FunctionalInterface
  interface OnInterrupt<X extends Exception> {
    OnInterrupt<InterruptedException> THROW =
        () -> {
          throw new InterruptedException();
        };
    OnInterrupt<RuntimeException> GO_ON = () -> {};

    void run() throws X;
  }

  WakerGroup group() {
    return group;
  }

  /** What waits have learnt, for tests. */
  int learnt() {
    return learnt;
  }
}
