/**
 * The one-slot park/unpark signal for virtual threads: {@link AtomicWaker}; {@link OneShot}, which
 * is made of one and a reply; {@link Handoff}, which is made of two; {@link WakeBatch}, which
 * delays wakes; and {@link WakerGroup}, what wakers of one purpose share.
 *
 * <h2>The protocol</h2>
 *
 * <p>A thread that waits and a thread that changes the state meet in the slot of a waker:
 *
 * <pre>{@code
 * a thread that waits              the slot           a thread that changes the state
 * -------------------              --------           -------------------------------
 * check: not yet                      -
 * register ----- swap, fence ---->  waiter
 * check again: not yet              waiter            change the state
 * park                              waiter            wake: fence, read the slot,
 *   :                                 -    <--- swap ---  take the waiter out of it
 * runs again <---------------------------------------- unpark it
 * check: there it is                  -
 * }</pre>
 *
 * <p>The check <em>after</em> the registration makes it safe: each side writes, then fences, then
 * reads what the other side writes, so they cannot both miss. The guarantee is in the description
 * of {@link AtomicWaker}, its proof in the overview at the top of that class.
 *
 * <h2>What holds for all classes here</h2>
 *
 * <ul>
 *   <li>They may be used by any threads, virtual and platform, at once, except for {@link
 *       WakeBatch}, which belongs to one. Java 17 has platform threads only. Each class states how
 *       many may <em>wait</em> at once.
 *   <li>A method blocks only if its description says that it waits or parks. The library takes no
 *       lock; the JDK may, where it loads a class at its first use, or records an event for JFR.
 *   <li>A time-out is a {@link java.time.Duration}, or an amount and its {@link
 *       java.util.concurrent.TimeUnit}, or nanoseconds where the name says so. One of zero or less
 *       does not wait; one of 292 years or more is for ever.
 *   <li>Arguments and results are never {@code null} unless marked {@link
 *       org.jspecify.annotations.Nullable}; a method that is given {@code null} elsewhere throws a
 *       {@link NullPointerException}, and changes nothing.
 * </ul>
 *
 * <h2>When something fails</h2>
 *
 * <p>A {@link AtomicWaker#wake} or {@link AtomicWaker#register} whose {@code unpark} throws has
 * taken or displaced nobody: the thread is in the slot again, unless another one has registered
 * meanwhile, and the exception reaches the caller. The caller has to try again: wakes that came in
 * between found nobody. (So the slot may hold a thread that left its wait at that very moment; the
 * next registration displaces it.) If a virtual thread's scheduler rejected it, or memory or the
 * stack ended inside the scheduler, or memory ended as a carrier scheduled the end of its timed
 * park, that thread is lost to the JDK, and no {@code unpark} brings it back.
 *
 * <p>An end of the stack is detected before anything has changed: what threw a {@link
 * StackOverflowError} has taken no thread and lost no value. In the interpreter this is exact. In
 * compiled code it is as good as the JIT's own check for room. A {@link StackOverflowError} or
 * {@link OutOfMemoryError} in the initialization of a class here, at its first use, is final: the
 * JVM then has no such class.
 *
 * <h2>Pools</h2>
 *
 * <p>A task of a {@link java.util.concurrent.ForkJoinPool} may wait for another task of its pool:
 * while it is parked, timed or not, the pool runs another thread in its place ({@linkplain
 * java.util.concurrent.ForkJoinPool#managedBlock managed blocking}), unless the pool is at its
 * limit.
 *
 * <h2>JDK-8369227</h2>
 *
 * <p>This fault of JDK 25 before 25.0.3, and of 26 before 26.0.1, can leave a virtual thread parked
 * for ever if it parks without a time-out right after a park with one. There, no park of a waker
 * lasts longer than a second before the wait checks its condition again. Parks elsewhere stay
 * exposed: on these versions every wait here has a timed park in it, so a thread's next untimed
 * park in other code (a lock, a queue) may be lost. Update the JDK.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.atomicwaker;

import org.jspecify.annotations.NullMarked;
