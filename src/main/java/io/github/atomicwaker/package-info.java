/**
 * The one-slot park/unpark signal: {@link io.github.atomicwaker.AtomicWaker}.
 *
 * <p>Arguments and results are never {@code null} unless marked {@link
 * org.jspecify.annotations.Nullable}.
 */
@NullMarked
package io.github.atomicwaker;

import org.jspecify.annotations.NullMarked;
