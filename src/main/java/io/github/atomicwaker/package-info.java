/**
 * The one-slot park/unpark signal for virtual threads: {@link AtomicWaker}; {@link Handoff}, which
 * is made of two of them; {@link WakeBatch}, which puts wakes off; and {@link WakerGroup}, what
 * wakers of one purpose share.
 *
 * <h2>The protocol</h2>
 *
 * <p>A thread that waits and a thread that changes what is waited for meet in the slot of a waker:
 *
 * <pre>{@code
 * a thread that waits              the slot           a thread that changes the state
 * -------------------              --------           -------------------------------
 * look: not yet                       -
 * register ----- swap, fence ---->  waiter
 * look again: not yet               waiter            change the state
 * park                              waiter            wake: fence, look at the slot,
 *   :                                 -    <--- swap ---  take the waiter out of it
 * runs again <---------------------------------------- unpark it
 * look: there it is                   -
 * }</pre>
 *
 * <p>What makes it safe is the look <em>after</em> the registration. Each side writes, then fences,
 * then reads what the other one writes:
 *
 * <pre>{@code
 * a thread that waits              a thread that changes the state
 * -------------------              -------------------------------
 * slot = self                      state = changed
 * ======= full fence =======       ======= full fence =======
 * read the state                   read the slot
 * }</pre>
 *
 * <p>One of the two fences comes first. If it is the waiter's, the other thread finds it in the
 * slot and takes it; if it is the other one's, the waiter sees the change and does not park. They
 * cannot both miss.
 *
 * <h2>What holds for all classes here</h2>
 *
 * <ul>
 *   <li>They may be used by any threads, virtual and platform, at once, but for {@link WakeBatch},
 *       which belongs to one. How many may <em>wait</em> at once is said by each class.
 *   <li>A method blocks only if its description says that it waits or parks. The library takes no
 *       lock; the JDK may, where it loads a class at its first use, or records an event for JFR.
 *   <li>Time-outs are {@link java.time.Duration}s, or nanoseconds where the name says so. One of
 *       zero or less does not wait; one of 292 years or more is for ever.
 *   <li>Arguments and results are never {@code null} unless marked {@link
 *       org.jspecify.annotations.Nullable}; a method that is given {@code null} elsewhere throws a
 *       {@link NullPointerException}, and changes nothing.
 * </ul>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.atomicwaker;

import org.jspecify.annotations.NullMarked;
