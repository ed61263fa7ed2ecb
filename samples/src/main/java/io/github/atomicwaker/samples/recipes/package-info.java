/**
 * Small classes to copy, each around an {@link io.github.atomicwaker.AtomicWaker} or {@link
 * io.github.atomicwaker.OneShot}s: the code of {@code docs/recipes.md}, and the README's {@link
 * io.github.atomicwaker.samples.recipes.Mailbox}.
 */
@NullMarked
package io.github.atomicwaker.samples.recipes;

import org.jspecify.annotations.NullMarked;
