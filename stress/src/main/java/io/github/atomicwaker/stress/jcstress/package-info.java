/**
 * The memory model's part of the proof: two threads race for an {@link
 * io.github.atomicwaker.AtomicWaker} millions of times, and jcstress counts the outcomes.
 *
 * <p>Every test is one race of two actors, since two cores run no more. The guarantee is stated
 * without parking where it can be: the waiter saw the condition, or a wake took the waiter. The
 * negative controls in {@code controls} show that the races are tight enough to see a fault: each
 * lacks one part of the protocol, and a run in which one of them comes back clean has failed.
 */
@NullMarked
package io.github.atomicwaker.stress.jcstress;

import org.jspecify.annotations.NullMarked;
