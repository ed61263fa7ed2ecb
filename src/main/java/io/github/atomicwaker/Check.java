package io.github.atomicwaker;

import org.jspecify.annotations.Nullable;

/**
 * How a wait checks the state that it waits for. The state is a parameter, so that no wait has to
 * allocate a check.
 *
 * @param <S> the type of the state
 * @param <T> the type of what is waited for
 */
interface Check<S, T> {

  /** Returns what is waited for, or null while there is none. */
  @Nullable T on(S state);

  /**
   * Takes back what {@link #on} may have announced to other threads, when a wait ends without a
   * value. Called once at most.
   *
   * @return false if a value has been given: then {@link #on} returns it
   */
  default boolean withdraw(S state) {
    return true;
  }

  static @Nullable Boolean trueOrNull(boolean value) {
    return value ? Boolean.TRUE : null;
  }
}
