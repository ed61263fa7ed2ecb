/**
 * The soak: a hundred thousand threads, virtual and platform, wait on as many wakers by every
 * method that waits, while others wake, interrupt, unpark and displace them, and a garbage
 * collector works in a heap that is nearly full.
 *
 * <p>The threads are grouped into small closed {@link io.github.atomicwaker.stress.soak.Workload
 * workloads}. No message may get lost: each has a number that the receiver checks, so that the
 * first wrong one ends the run, and the {@link io.github.atomicwaker.stress.soak.Watchdog} knows of
 * every thread whether it may be parked. The harness itself polls and sleeps, since it must not
 * rely on what it tests.
 */
@NullMarked
package io.github.atomicwaker.stress.soak;

import org.jspecify.annotations.NullMarked;
