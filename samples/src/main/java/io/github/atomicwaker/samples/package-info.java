/** Runnable programs that show an {@link io.github.atomicwaker.AtomicWaker} at work. */
@NullMarked
package io.github.atomicwaker.samples;

import org.jspecify.annotations.NullMarked;
