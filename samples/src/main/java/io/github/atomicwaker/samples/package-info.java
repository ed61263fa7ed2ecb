/**
 * Runnable programs that show an {@link io.github.atomicwaker.AtomicWaker} at work, each in a
 * package of its own, and the launcher that runs them by name.
 */
@NullMarked
package io.github.atomicwaker.samples;

import org.jspecify.annotations.NullMarked;
