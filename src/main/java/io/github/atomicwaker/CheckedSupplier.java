package io.github.atomicwaker;

import org.jspecify.annotations.Nullable;

/**
 * A supplier that may throw a checked exception, such as a read of a channel: for {@link
 * AtomicWaker#awaitChecked(CheckedSupplier)}.
 *
 * @param <T> the type of the value
 * @param <X> the type of the exception
 * @since 0.1.0
 */
@FunctionalInterface
public interface CheckedSupplier<T extends @Nullable Object, X extends Exception> {

  /**
   * Returns a value, if there is one.
   *
   * @return the value, or null while there is none
   * @throws X if there never will be a value; this ends the wait
   */
  T get() throws X;
}
