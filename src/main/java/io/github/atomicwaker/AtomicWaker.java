package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.atomicwaker.Counters.Event;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A slot in which one thread waits until another thread wakes it. The waiting thread, virtual or
 * platform, <em>registers</em> itself in the slot and <em>parks</em>; any number of threads
 * <em>wake</em> it with {@link LockSupport#unpark}. The state that it waits for (a queue, a flag, a
 * reply) belongs to the user and not to the waker. So a waker makes any non-blocking structure a
 * blocking one, and a {@link #wake} that finds no thread costs a fence and a read.
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
 * <h2>Waiting</h2>
 *
 * <p>One thread waits at a time; it may be another one each time. The last registration wins: the
 * thread that it displaces is unparked. If the displaced thread is in an {@code await} method, it
 * checks its condition again. If that is false, and the other thread is still in the slot, the wait
 * ends in an {@link IllegalStateException} that names both.
 *
 * <p>The {@code await} methods evaluate the condition in the waiting thread, at any time and any
 * number of times, with the interrupt status clear: an interrupt that a wait does not throw is set
 * again when it ends. They return once they have seen it true, or end by time-out, interrupt,
 * displacement, or an exception of the condition. Once they have seen it true, that is the result,
 * even if memory has ended: an element that {@code poll} removed from a queue and returned is never
 * lost. On every exit the slot no longer holds the thread. The condition may block, and may wait on
 * this or another waker: a wait on this one empties the slot, and then the outer wait registers
 * again. Spurious wake-ups and left-over permits end no wait. A slow condition may make a timed
 * wait longer.
 *
 * <p>A wake that comes just as a wait ends for another reason may unpark the thread later: its next
 * park then returns at once. Any use of a park has to allow for that.
 *
 * <h2>Memory consistency effects</h2>
 *
 * <p>For every {@link #wake} or {@link #take} <i>W</i> and every {@link #register} <i>R</i> by a
 * thread for itself, on one waker: <em>either everything that happened before <i>W</i> is visible
 * to that thread after <i>R</i>; or <i>W</i> takes that thread; or, before <i>W</i> could, it has
 * left the slot after <i>R</i> in another way: another wake took it, it was deregistered, or it was
 * displaced and unparked.</em> So a thread that changes the state and then wakes, and one that
 * registers and then checks the state, never miss each other. The state may be a plain, opaque,
 * release or volatile variable.
 *
 * <p>A wake does not publish. A condition that is true at the first check synchronizes with
 * nothing: if it is a <em>plain</em> variable, other data written before it need not be visible. To
 * publish data along with it, use release/acquire or stronger (a volatile field, or any concurrent
 * collection).
 *
 * <p>What holds when an {@code unpark} fails, or when the stack or memory ends, is in the
 * {@linkplain io.github.atomicwaker package description}. The idea is that of the {@code
 * AtomicWaker} of Rust's futures and tokio.
 *
 * @since 0.1.0
 */
public final class AtomicWaker extends WaitLoop {

  /*
   * Overview. The slot holds the registered thread, or null. Three operations change it, each in
   * one step:
   *
   *   register    read; unless it is the thread: swap(thread), unpark the one that was there;
   *               full fence
   *   take        full fence, read; unless null: swap(null)         (wake = take, then unpark)
   *   deregister  read; if it is the thread: compare-and-set(thread, null)
   *
   * This is Dekker's handshake: each side writes, fences, and reads what the other side writes.
   *
   *          W, a wake                           R, a waiter
   *     w1   condition = true               r1   slot = self
   *     w2   full fence                     r2   full fence
   *     w3   read slot                      r3   read condition; if false, park
   *
   * The fences have a total order. If w2 comes first, r3 sees what w1 wrote. If r2 comes first, w3
   * sees what r1 wrote, or what replaced it: null, if another wake took the waiter, or another
   * thread, which unparked it. So the waiter sees the condition, or it is unparked.
   *
   * Each part is needed:
   *
   * - The fence w2: without it w1 may still be in the store buffer when w3 reads null. The
   *   condition is the user's, so it need not be volatile. On Power w3 itself begins with a fence.
   * - The fence r2: the swap r1 is a volatile access, which a later read that is not volatile may
   *   overtake. As HotSpot compiles it, that happens on AArch64 where a swap is a loop (without
   *   LSE), and on Power. On Power a register that finds its thread in the slot needs the fence as
   *   well: another thread may have put it there, after a wake had read null.
   * - The swap r1: of two threads that register with plain stores, both may find the slot empty,
   *   and the one that is overwritten is never unparked.
   * - A second read of the slot, between r3 and the park (see ParkingSlot): the condition may
   *   itself park, and consume the permit of a wake. But that wake has emptied the slot.
   *
   * Order of failure. Only the wake knows a thread that it has taken. So all that may fail comes
   * before the swap, the end of the stack included (StackReserve). After it comes only the unpark;
   * if that throws, the thread is put back. Statistics and events never throw. All classes are
   * initialized before the first wait (Initialized). The stress folder has the proof of all this.
   */

  private volatile @Nullable Thread slot;

  /** Not a VarHandle: the JVM links its call sites at their first use, which may fail there. */
  private static final AtomicReferenceFieldUpdater<AtomicWaker, @Nullable Thread> SLOT =
      AtomicReferenceFieldUpdater.newUpdater(AtomicWaker.class, Thread.class, "slot");

  /**
   * Registers a thread to be woken by the next {@link #wake}. Another thread that is registered is
   * displaced and unparked; if its {@code unpark} throws, it is registered again, and the new one
   * is not. Never blocks. The slot refers to the thread until it is deregistered, taken, or
   * displaced, even after it has ended.
   *
   * <p>Memory effects: a full fence after the registration; see the class description.
   *
   * @param thread the thread to register; if it is registered already, nothing is written
   */
  @Override
  public void register(Thread thread) {
    requireNonNull(thread, "thread");
    if (slot != thread) {
      StackReserve.ensure();
      Thread before = SLOT.getAndSet(this, thread);
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
      group().refused(before);
      if (!SLOT.compareAndSet(this, thread, before)) {
        SLOT.compareAndSet(this, null, before); // a wake took and unparked the new one
      }
      throw failed;
    }
    race(Race.DISPLACED);
  }

  /**
   * Takes a thread out of the slot, if it is there, without unparking it. Never blocks.
   *
   * <p>Memory effects: if a wake took the thread, what happened before that wake is visible.
   *
   * @param thread the thread to take out
   * @return true if the thread was in the slot; false if it was taken by a wake, displaced, or
   *     never registered
   */
  @Override
  public boolean deregister(Thread thread) {
    requireNonNull(thread, "thread");
    return slot == thread && SLOT.compareAndSet(this, thread, null);
  }

  /**
   * Takes the registered thread out of the slot without unparking it, so that the caller can do so
   * later: outside a lock, for example. For many wakers there is {@link WakeBatch}. The caller must
   * pass the thread to {@link LockSupport#unpark}: it may be parked, and no other wake finds it.
   * Never blocks.
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
      group().count(Event.TAKEN);
    }
    return taken;
  }

  private boolean isVacant() {
    VarHandle.fullFence();
    if (slot != null) {
      return false;
    }
    group().count(Event.IDLE);
    return true;
  }

  private @Nullable Thread takeRegistered() {
    Thread taken = SLOT.getAndSet(this, null);
    if (taken == null) { // another wake took it, or it deregistered
      race(Race.CONTENDED);
      group().count(Event.IDLE);
    } else {
      group().taken(taken);
    }
    return taken;
  }

  /**
   * Wakes the registered thread, if there is one: takes it out of the slot and unparks it. Call
   * this after the change of the state that the thread waits for. If nobody is registered, nothing
   * is stored for a later registration. Never blocks. If {@code unpark} throws, the thread is in
   * the slot again, unless another one has registered meanwhile.
   *
   * <p>Memory effects: see the class description.
   *
   * @return true if this call took a registered thread and unparked it; the thread's wait may still
   *     have ended for another reason, such as an interrupt
   */
  public boolean wake() {
    if (isVacant()) {
      return false;
    }
    StackReserve.ensure();
    return wakeRegistered();
  }

  private boolean wakeRegistered() {
    Thread taken = takeRegistered();
    if (taken == null) {
      return false;
    }
    try {
      LockSupport.unpark(taken);
    } catch (Throwable failed) {
      group().refused(taken); // before it can be woken again
      SLOT.compareAndSet(this, null, taken);
      throw failed;
    }
    group().count(Event.DELIVERED);
    return true;
  }

  /** {@link #wake} for a caller that has ensured the reserve, before a step it cannot undo. */
  boolean wakeWithinReserve() {
    return !isVacant() && wakeRegistered();
  }

  // Waiting: see WaitLoop.

  /** Creates a waker in which no thread is registered, in an unnamed group. */
  public AtomicWaker() {
    this(WakerGroup.UNNAMED);
  }

  /**
   * Creates a waker in which no thread is registered.
   *
   * @param group what it shares with other wakers: a name, how to wait, statistics
   */
  public AtomicWaker(WakerGroup group) {
    super(requireNonNull(group, "group"));
  }

  /**
   * Waits until a condition is true.
   *
   * @param condition evaluated by the current thread, at least once
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     its interrupt status is then cleared
   * @throws IllegalStateException if another thread has registered in place of this one and the
   *     condition is false
   */
  public void await(BooleanSupplier condition) throws InterruptedException {
    await(requireNonNull(condition, "condition"), Checks.IS_TRUE, THROW, FOREVER);
  }

  /**
   * {@link #await(BooleanSupplier)}, for a limited time.
   *
   * @param condition evaluated by the current thread, at least once
   * @param timeout how long to wait at most; the last evaluation of the condition comes on top. If
   *     zero or less, the condition is evaluated just once
   * @return true if the condition was seen true, however late; false if the time is up
   */
  public boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    return await(condition, nanos(timeout), NANOSECONDS);
  }

  /** {@link #await(BooleanSupplier, Duration)}, with the time-out in a unit. */
  public boolean await(BooleanSupplier condition, long timeout, TimeUnit unit)
      throws InterruptedException {
    return await(
            requireNonNull(condition, "condition"), Checks.IS_TRUE, THROW, unit.toNanos(timeout))
        != null;
  }

  /**
   * Waits until a condition is true, whether the thread is interrupted or not. An interrupt status
   * that was set before or during the wait is set when it ends.
   *
   * @param condition evaluated by the current thread, at least once
   * @throws IllegalStateException as {@link #await(BooleanSupplier)} does
   */
  public void awaitUninterruptibly(BooleanSupplier condition) {
    await(requireNonNull(condition, "condition"), Checks.IS_TRUE, GO_ON, FOREVER);
  }

  /** {@link #awaitUninterruptibly(BooleanSupplier)}, for a limited time: as the timed await. */
  public boolean awaitUninterruptibly(BooleanSupplier condition, Duration timeout) {
    return awaitUninterruptibly(condition, nanos(timeout), NANOSECONDS);
  }

  /** {@link #awaitUninterruptibly(BooleanSupplier, Duration)}, with the time-out in a unit. */
  public boolean awaitUninterruptibly(BooleanSupplier condition, long timeout, TimeUnit unit) {
    return await(
            requireNonNull(condition, "condition"), Checks.IS_TRUE, GO_ON, unit.toNanos(timeout))
        != null;
  }

  /**
   * Waits until there is a value, and returns it.
   *
   * @param <T> the type of the value
   * @param poll returns the value, or null while there is none; called by the current thread, at
   *     least once, and never again after it returned a value
   * @return the value
   * @throws InterruptedException if the current thread is interrupted on entry, or while it waits;
   *     its interrupt status is then cleared, and no value was taken
   * @throws IllegalStateException if another thread has registered in place of this one and there
   *     is no value
   */
  public <T> T awaitValue(Supplier<? extends @Nullable T> poll) throws InterruptedException {
    return requireNonNull(await(requireNonNull(poll, "poll"), Checks.poll(), THROW, FOREVER));
  }

  /**
   * {@link #awaitValue(Supplier)}, for a limited time; null if that is up and there is no value.
   */
  public <T> @Nullable T awaitValue(Supplier<? extends @Nullable T> poll, Duration timeout)
      throws InterruptedException {
    return awaitValue(poll, nanos(timeout), NANOSECONDS);
  }

  /** {@link #awaitValue(Supplier, Duration)}, with the time-out in a unit. */
  public <T> @Nullable T awaitValue(
      Supplier<? extends @Nullable T> poll, long timeout, TimeUnit unit)
      throws InterruptedException {
    return await(requireNonNull(poll, "poll"), Checks.poll(), THROW, unit.toNanos(timeout));
  }

  /**
   * {@link #awaitValue(Supplier)}, of a value that other threads give to a wait that has announced
   * itself. When the wait ends by time-out, interrupt, displacement or an exception, it withdraws
   * the announcement. If that is too late, the value counts: {@code poll} is called once more, an
   * interrupt stays pending, and an exception of {@code poll} goes to the thread's {@link
   * Thread.UncaughtExceptionHandler}. A poll that announces should do so only when {@link
   * #registered()} is the current thread: not while the wait spins, but always before it parks.
   *
   * @param withdraw takes the announcement back, and returns true, also if there was none; or
   *     returns false, since the value was given and {@code poll} returns it. Called at most once,
   *     when the wait ends without a value; if it throws, that ends the wait, and an interrupt
   *     stays pending
   */
  public <T> T awaitValue(Supplier<? extends @Nullable T> poll, BooleanSupplier withdraw)
      throws InterruptedException {
    return requireNonNull(awaitValue(poll, withdraw, FOREVER, NANOSECONDS));
  }

  /** {@link #awaitValue(Supplier, BooleanSupplier)}, for a limited time; null if that is up. */
  public <T> @Nullable T awaitValue(
      Supplier<? extends @Nullable T> poll, BooleanSupplier withdraw, long timeout, TimeUnit unit)
      throws InterruptedException {
    requireNonNull(poll, "poll");
    requireNonNull(withdraw, "withdraw");
    Checks.Announced<T> announced = new Checks.Announced<>(poll, withdraw);
    return await(announced, Checks.pollAnnounced(), THROW, unit.toNanos(timeout));
  }

  /** {@link #awaitValue(Supplier)}, of a poll that may throw a checked exception: as it throws. */
  public <T, X extends Exception> T awaitChecked(CheckedSupplier<? extends @Nullable T, X> poll)
      throws InterruptedException, X {
    return requireNonNull(awaitChecked(poll, FOREVER, NANOSECONDS));
  }

  /** {@link #awaitChecked(CheckedSupplier)}, for a limited time; null if that is up. */
  public <T, X extends Exception> @Nullable T awaitChecked(
      CheckedSupplier<? extends @Nullable T, X> poll, long timeout, TimeUnit unit)
      throws InterruptedException, X {
    return await(requireNonNull(poll, "poll"), Checks.pollChecked(), THROW, unit.toNanos(timeout));
  }

  private static long nanos(Duration timeout) {
    return NANOSECONDS.convert(requireNonNull(timeout, "timeout"));
  }

  // Waiting without an await method.

  /**
   * Registers the current thread, as {@link #register(Thread)} does. Then check the condition, and
   * only if it is false, {@link #park()}:
   *
   * {@snippet class="io.github.atomicwaker.SnippetsTest" region=register :
   * waker.register();
   * while (!ready()) {
   *   if (waker.registered() == Thread.currentThread()) { // unless ready() used up a wake's permit
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
   * Takes the current thread out of the slot, if it is there, as {@link #deregister(Thread)} does.
   *
   * @return true if the current thread was in the slot; false if it was taken by a wake, displaced,
   *     or never registered
   */
  public boolean deregister() {
    return deregister(Thread.currentThread());
  }

  /**
   * Parks the current thread once, with this waker as the blocker that thread dumps show: {@link
   * LockSupport#park(Object)}. Returns when the thread is unparked by anyone, has a permit left
   * over, is interrupted (the status stays set), or for no reason: call it in a loop that checks
   * the condition, as {@link #register()} shows.
   *
   * <p>If the thread was registered when it called this, it does not park once it is no longer
   * registered. If it was not, it parks: without an event, untracked, and without compensation by a
   * pool.
   *
   * <p>On JDKs with the fault JDK-8369227 (see the package description) it returns after a second.
   */
  public void park() {
    park(FOREVER);
  }

  /**
   * Parks the current thread once, as {@link #park} does, for a limited time at most.
   *
   * @param nanos the most nanoseconds to park; if zero or less, returns at once
   */
  public void parkNanos(long nanos) {
    if (nanos > 0) {
      park(nanos);
    }
  }

  // Inspection.

  /**
   * Returns the thread that is registered at this moment. Never blocks.
   *
   * @return the registered thread, or null if there is none
   */
  @Override
  public @Nullable Thread registered() {
    return slot;
  }
}
