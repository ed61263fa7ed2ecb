/**
 * Small classes to copy, each around one {@link io.github.atomicwaker.AtomicWaker}: the code of
 * {@code docs/recipes.md}.
 */
@NullMarked
package io.github.atomicwaker.samples.recipes;

import org.jspecify.annotations.NullMarked;
