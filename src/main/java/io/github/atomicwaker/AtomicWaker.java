package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.atomicwaker.Counters.Event;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadLocalRandom;
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
 * thread that it displaces is unparked, and if that one is in an {@code await} method, whose
 * condition is false, and finds the other one in its place, the wait ends in an {@link
 * IllegalStateException} that names both threads. (If the other one has left by then, it registers
 * again.) For several waiters at once, take something else: there is no queue in here.
 *
 * <h2>Waiting</h2>
 *
 * <p>The {@code await} methods evaluate the condition in the waiting thread, at any time and any
 * number of times; they return only once they have seen it true, or by time-out, interrupt,
 * displacement or an exception that the condition threw. Once it was seen true that is the result,
 * whatever came meanwhile, an end of memory included: an element that {@code poll} removed from a
 * queue and returned is never lost. On every exit the slot no longer holds the thread. The
 * condition may block, and may wait on this or another waker; a wait on this one empties the slot,
 * upon which the outer wait registers again. It runs with the interrupt status clear, which is set
 * again when the wait ends. A rogue {@code unpark}, a permit left over, or a spurious return from a
 * park ends no wait.
 *
 * <p>A time-out is looked at between evaluations of the condition. So a condition that takes long
 * may make a wait longer, and so may a scheduler that is late.
 *
 * <p>A wake that comes just as a wait ends for another reason may unpark the thread afterwards: its
 * next park, anywhere, then returns at once, which every park has to allow for. And {@code wake}'s
 * {@code true} says that it took a thread and unparked it, not what became of it: it does not
 * survive an interrupt of the waiter, say.
 *
 * <p>A task of a {@link java.util.concurrent.ForkJoinPool} may wait for another one of its pool:
 * while it is parked, timed or not, the pool runs another thread in its place ({@linkplain
 * java.util.concurrent.ForkJoinPool#managedBlock managed blocking}), unless it is at its limit.
 *
 * <h2>When something fails</h2>
 *
 * <p>A {@link #wake} or {@link #register} whose {@code unpark} throws has taken or displaced
 * nobody: the thread is in the slot again, unless another one has registered meanwhile, and the
 * exception reaches the caller, who has to try again: wakes that came in between found nobody. (So
 * the slot may hold a thread that has left its wait at that very moment; the next registration
 * displaces it.) If a virtual thread's scheduler rejected it, or memory or stack ended inside the
 * scheduler, or memory ended as a carrier scheduled the end of its timed park, that thread is lost
 * to the JDK, and no {@code unpark} brings it back.
 *
 * <p>An end of the stack is looked for before anything is changed, so that what threw a {@link
 * StackOverflowError} has taken no thread and lost no value. In the interpreter that is exact. In
 * compiled code it is as good as the JIT's own check for room. A {@link StackOverflowError} or
 * {@link OutOfMemoryError} in the initialization of this class, at its first use, is final: the JVM
 * then has no such class.
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
   * step:
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
   * - The reread of the slot after r3, just before parking. The condition is user code that may park
   *   (in a contended lock, say), and that park may eat the permit of a wake that came meanwhile. But
   *   that wake also emptied the slot. The same holds for all that happens between the condition and
   *   the park: statistics, events, a pool's compensation, a class that is loaded. So it comes before
   *   the reread, and nothing comes after it.
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
   * The order of failure. A thread that was taken is in nobody's hands but the wake's, a value that
   * was polled in nobody's but the wait's. So before such a step comes what may fail, the end of the
   * stack included (StackReserve); after it, nothing. What observes never throws (Counters,
   * FlightRecorder). An unpark that throws is undone. And all classes are ready before the first wait
   * (Initialized), since one whose initializer fails has failed for good.
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

  /**
   * A wait lets others run once in so many turns of its loop. One that is woken in every turn never
   * parks, and would keep its carrier from all other virtual threads. So few that others run soon
   * even if a look takes some milliseconds, and so many that the cost, some ten microseconds, is
   * small beside that of turns which park.
   */
  private static final int TURNS_PER_PAUSE = 32;

  /** Of a pause that lets others run, in nanoseconds: the shortest, which is longer in fact. */
  private static final long PAUSE = 1;

  // Not lambdas, which are linked where they are first used: in a wait, where that may fail.
  private static final Look<BooleanSupplier, Boolean> IS_READY = new IsReady();
  private static final Look<Supplier<?>, Object> POLLED = new Polled();
  static final OnInterrupt<InterruptedException> THROW = new Throw();
  private static final OnInterrupt<RuntimeException> GO_ON = new GoOn();

  static {
    Initialized.ensure(
        Backoff.class,
        Counters.Event.class,
        WaitPolicy.class,
        WakerGroup.class,
        FlightRecorder.class,
        ForkJoinWorkerThread.class,
        LockSupport.class,
        ManagedPark.class,
        ObservedPark.class,
        StackReserve.class,
        ThreadLocalRandom.class);
  }

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
   * already writes nothing. Never blocks. The slot refers to the thread, though it may have ended,
   * until it is deregistered, taken, or displaced.
   *
   * <p>If the {@code unpark} of the displaced thread throws, that one is registered again, and the
   * new one is not.
   *
   * <p>Memory effects: a full fence (see the class description) after the registration.
   *
   * @param thread the thread to register
   */
  public void register(Thread thread) {
    requireNonNull(thread, "thread");
    if (waiter != thread) {
      StackReserve.ensure();
      Thread before = WAITER.getAndSet(this, thread);
      if (before != null && before != thread) {
        displace(before, thread);
      }
    }
    VarHandle.fullFence();
  }

  private void displace(Thread before, Thread thread) {
    try {
      LockSupport.unpark(before);
    } catch (Throwable failed) {
      // As if the registration had not been. If a wake has taken the thread meanwhile, that one was
      // woken; the one before it was not.
      if (!WAITER.compareAndSet(this, thread, before)) {
        WAITER.compareAndSet(this, null, before);
      }
      throw failed;
    }
    race(Event.REPLACED);
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
   * that looks at the condition, as {@link #register()} shows.
   *
   * <p>A thread that is registered when it calls this does not park once it is so no longer: what a
   * park brings about before (statistics, events, a pool's compensation) may have eaten the permit
   * of the wake that took it. One that is not registered parks, and nothing else.
   *
   * <p>On JDKs with the fault JDK-8369227 (see the class description) it returns after a second.
   */
  public void park() {
    parkByHand(FOREVER);
  }

  /**
   * Parks the current thread once, as {@link #park} does, for a limited time at most.
   *
   * @param nanos the most nanoseconds to park; if zero or less, returns at once
   */
  public void parkNanos(long nanos) {
    if (nanos > 0) {
      parkByHand(nanos);
    }
  }

  private void parkByHand(long nanos) {
    Thread self = Thread.currentThread();
    park(self, waiter == self, nanos, false);
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
    await(ready, IS_READY, THROW, FOREVER);
  }

  /**
   * Waits until a condition is true, for a limited time.
   *
   * @param ready the condition, evaluated by the current thread, at least once
   * @param timeout how long to wait at most, but for the last evaluation of the condition; if zero
   *     or less, the condition is evaluated just once
   * @return true if the condition was seen true, however late; false if the time is up
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     its interrupt status is then cleared
   * @throws IllegalStateException if another thread has registered in place of this one and the
   *     condition is false
   */
  public boolean await(BooleanSupplier ready, Duration timeout) throws InterruptedException {
    requireNonNull(ready, "ready");
    requireNonNull(timeout, "timeout");
    return await(ready, IS_READY, THROW, NANOSECONDS.convert(timeout)) != null;
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
    await(ready, IS_READY, GO_ON, FOREVER);
  }

  /**
   * Waits until a condition is true, for a limited time, whether the thread is interrupted or not.
   * An interrupt status that was set before or during the wait is set when it ends.
   *
   * @param ready the condition, evaluated by the current thread, at least once
   * @param timeout how long to wait at most, but for the last evaluation of the condition; if zero
   *     or less, the condition is evaluated just once
   * @return true if the condition was seen true, however late; false if the time is up
   * @throws IllegalStateException if another thread has registered in place of this one and the
   *     condition is false
   */
  public boolean awaitUninterruptibly(BooleanSupplier ready, Duration timeout) {
    requireNonNull(ready, "ready");
    requireNonNull(timeout, "timeout");
    return await(ready, IS_READY, GO_ON, NANOSECONDS.convert(timeout)) != null;
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
    return requireNonNull(await(poll, polled(), THROW, FOREVER));
  }

  /**
   * Waits until there is a value, for a limited time, and returns it.
   *
   * @param <T> the type of the value
   * @param poll gives the value, or null while there is none; called by the current thread, at
   *     least once, and never again after it gave a value
   * @param timeout how long to wait at most, but for the last call of {@code poll}; if zero or
   *     less, {@code poll} is called just once
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
    return await(poll, polled(), THROW, NANOSECONDS.convert(timeout));
  }

  // The waking side.

  /**
   * Wakes the registered thread, if there is one: takes it out of the slot and unparks it. Call it
   * after the change of the state that the thread waits for. With nobody registered it is a fence
   * and a read; nothing is stored for a later registration. Never blocks.
   *
   * <p>Memory effects: see the class description.
   *
   * <p>If {@code unpark} throws, the thread is in the slot again: see the class description.
   *
   * @return true if this call took a registered thread and unparked it
   */
  public boolean wake() {
    if (isVacant()) {
      return false;
    }
    StackReserve.ensure();
    return wakeRegistered();
  }

  /** Wakes as {@link #wake} does; the caller, who could not undo what it did, has the reserve. */
  boolean wakeWithinReserve() {
    return !isVacant() && wakeRegistered();
  }

  private boolean wakeRegistered() {
    Thread taken = takeRegistered();
    if (taken == null) {
      return false;
    }
    try {
      LockSupport.unpark(taken);
    } catch (Throwable failed) {
      WAITER.compareAndSet(this, null, taken); // as if it had not been taken
      throw failed;
    }
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
    if (isVacant()) {
      return null;
    }
    StackReserve.ensure();
    Thread taken = takeRegistered();
    if (taken != null) {
      group.count(Event.TAKEN);
    }
    return taken;
  }

  /** The fence of a wake, and the read: all there is to do if nobody is registered. */
  private boolean isVacant() {
    VarHandle.fullFence();
    if (waiter != null) {
      return false;
    }
    group.count(Event.IDLE);
    return true;
  }

  private @Nullable Thread takeRegistered() {
    Thread taken = WAITER.getAndSet(this, null);
    if (taken == null) { // another wake was faster, or it has left
      race(Event.CONTENDED);
      group.count(Event.IDLE);
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
      details.add("waiter=" + describe(registered));
    }
    return Objects.toIdentityString(this) + details;
  }

  // How a wait goes.

  /**
   * The wait: until a look at the state gives a value. The state and the look come apart so that no
   * wait has to allocate an adapter.
   *
   * <p>An interrupt is noted, cleared for all looks, and set again at the end, once.
   */
  <S, T, X extends Exception> @Nullable T await(
      S state, Look<S, T> look, OnInterrupt<X> onInterrupt, long nanos) throws X {
    StackReserve.ensure();
    Thread self = Thread.currentThread();
    long deadline = deadline(nanos);
    boolean interrupted = false;
    boolean over = true;
    T value;
    try {
      interrupted = Thread.interrupted() && onInterrupt.goesOn();
      value = look.at(state);
      if (value == null && nanos > 0) {
        value = linger(self, state, look, nanos, deadline);
        over = value != null;
      }
    } finally {
      if (over) {
        leave(self, interrupted);
      }
    }
    return over ? value : awaitParked(self, state, look, onInterrupt, nanos, deadline, interrupted);
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
   * @param interrupted whether an interrupt has been noted, and cleared
   */
  <S, T, X extends Exception> @Nullable T awaitParked(
      Thread self,
      S state,
      Look<S, T> look,
      OnInterrupt<X> onInterrupt,
      long nanos,
      long deadline,
      boolean interrupted)
      throws X {
    boolean pending = interrupted;
    try {
      StackReserve.ensure();
      register(self);
      boolean justRegistered = true;
      boolean parked = false;
      for (int turn = 1; true; turn++) {
        pending |= Thread.interrupted();
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
        pending |= Thread.interrupted();
        if (pending) {
          pending = false; // if that throws, it says so itself
          pending = onInterrupt.goesOn();
        }
        long remaining = nanos == FOREVER ? FOREVER : deadline - System.nanoTime();
        if (remaining <= 0) {
          // Whoever took this thread since it looked may have made the condition true.
          return deregister(self) ? null : look.at(state);
        }
        justRegistered = found == null;
        if (justRegistered) {
          register(self);
        } else {
          park(self, true, remaining, parked);
          parked = true;
        }
        if (turn % TURNS_PER_PAUSE == 0) {
          letOthersRun(self);
        }
      }
    } finally {
      leave(self, pending);
    }
  }

  /** When a wait of so many nanoseconds has to end, by {@link System#nanoTime}, unless FOREVER. */
  static long deadline(long nanos) {
    return nanos == FOREVER ? 0 : System.nanoTime() + nanos;
  }

  private void leave(Thread self, boolean interrupted) {
    deregister(self);
    if (interrupted) {
      interrupt(self);
    }
  }

  /** Sets the interrupt status again. What an override of it throws must not cost a value. */
  static void interrupt(Thread self) {
    try {
      self.interrupt();
    } catch (RuntimeException | Error overridden) {
      // it has been told
    }
  }

  /**
   * Takes the current thread off its carrier, which platform threads need not be asked for. A yield
   * does not: the scheduler goes on with the queue that it took a task from, as long as it has one,
   * and a thread that yields is back in there at once. A permit may be left over, so that the first
   * park does nothing. A wake ends either.
   */
  private void letOthersRun(Thread self) {
    if (self.isVirtual()) {
      LockSupport.parkNanos(this, PAUSE);
      LockSupport.parkNanos(this, PAUSE);
    }
  }

  /**
   * Parks the current thread once. One that is not registered may have been taken just now, and
   * have the permit of that wake: there is no slot to tell it, so nothing that may eat the permit
   * comes before its park.
   *
   * @param registered whether it was registered when its look at the state said that it has to wait
   * @param again whether the wait has parked before
   */
  private void park(Thread self, boolean registered, long nanos, boolean again) {
    long bounded = Math.min(nanos, LONGEST_PARK);
    ObservedPark observed = ObservedPark.begin(group, registered, again);
    try {
      if (!registered) {
        parkNow(bounded);
      } else if (self instanceof ForkJoinWorkerThread worker) {
        ManagedPark.park(this, worker, bounded);
      } else {
        parkIfRegistered(self, bounded);
      }
    } finally {
      if (observed != null) {
        observed.end(this, self, nanos, bounded);
      }
    }
  }

  /**
   * The last look at the slot, and the park. What comes before may run foreign code, which may park
   * and eat the permit of a wake; but that wake has emptied the slot. So nothing comes in between:
   * nothing that allocates, counts, or needs a class that is not loaded.
   */
  void parkIfRegistered(Thread self, long nanos) {
    if (waiter == self) {
      parkNow(nanos);
    }
  }

  private void parkNow(long nanos) {
    if (nanos == FOREVER) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /**
   * Spins for a moment, and on a platform thread yields for another, in the hope of a value before
   * a park. It comes before the thread registers, so that a wake meanwhile has nothing to do.
   *
   * <p>A platform thread that yields to another program gets its processor back after that one's
   * slice, milliseconds later: a yield that took so long has not paid, value or not, or a busy
   * machine would never be rid of them. And a wait that has not so much time does not begin one.
   */
  <S, T> @Nullable T linger(Thread self, S state, Look<S, T> look, long nanos, long deadline) {
    WaitPolicy policy = group.policy();
    if (policy.parksOnly()) {
      return null;
    }
    int before = learnt;
    int known = before == Backoff.UNKNOWN ? group.experience() : before;
    int lesson;
    T value = null;
    if (Backoff.spinIsDue(known)) {
      long begin = System.nanoTime();
      long longest = Math.min(policy.longestSpin, remaining(begin, nanos, deadline));
      if (longest <= 0) {
        return null;
      }
      value = policy.spin(self, state, look, begin + longest);
      lesson = Backoff.spun(known, value != null, policy.mostFailures);
    } else {
      lesson = Backoff.spinPassed(known);
    }
    if (value == null && !self.isVirtual()) {
      long begin = System.nanoTime();
      if (remaining(begin, nanos, deadline) > policy.busyYield
          && Backoff.yieldIsDue(known, policy.period(begin))) {
        value = policy.yieldFor(self, state, look, begin);
        long end = System.nanoTime();
        boolean paid = value != null && end - begin <= policy.slowYield;
        lesson = Backoff.yielded(lesson, paid, policy.period(end), policy.mostFailures);
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

  private static long remaining(long now, long nanos, long deadline) {
    return nanos == FOREVER ? FOREVER : deadline - now;
  }

  private IllegalStateException displaced(Thread self, Thread other) {
    String name = group.name();
    return new IllegalStateException(
        describe(self)
            + " waits on "
            + Objects.toIdentityString(this)
            + (name.isEmpty() ? "" : "[" + name + "]")
            + ", and "
            + describe(other)
            + " has registered in its place: one thread can wait at a time");
  }

  private static String describe(Thread thread) {
    try {
      return thread.toString();
    } catch (RuntimeException | Error overridden) {
      return "Thread[#" + thread.threadId() + "," + thread.getName() + "]";
    }
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
          case 25 -> version.interim() == 0 && version.update() < 3;
          case 26 -> version.interim() == 0 && version.update() < 1;
          default -> false;
        };
    return losesUnparks ? SECONDS.toNanos(1) : FOREVER;
  }

  /** How a wait looks at the state that it waits for. */
  interface Look<S, T> {
    /** Returns what is waited for, or null while there is none. */
    @Nullable T at(S state);
  }

  private static final class IsReady implements Look<BooleanSupplier, Boolean> {
    @Override
    public @Nullable Boolean at(BooleanSupplier ready) {
      return ready.getAsBoolean() ? Boolean.TRUE : null;
    }
  }

  private static final class Polled implements Look<Supplier<?>, Object> {
    @Override
    public @Nullable Object at(Supplier<?> poll) {
      return poll.get();
    }
  }

  @SuppressWarnings("unchecked") // it returns what the supplier does
  private static <T> Look<Supplier<? extends @Nullable T>, T> polled() {
    return (Look<Supplier<? extends @Nullable T>, T>) (Look<?, ?>) POLLED;
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

  WakerGroup group() {
    return group;
  }

  /** What waits have learnt, for tests. */
  int learnt() {
    return learnt;
  }
}
