package io.github.atomicwaker;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a value is put into a {@link Handoff} that is closed, or taken from one that is
 * closed and empty. Its {@linkplain #getCause cause} is that of {@link Handoff#close(Throwable)},
 * or null. It is no {@link IllegalStateException}, which tells of misuse.
 *
 * @since 0.1.0
 */
public final class HandoffClosedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  HandoffClosedException(Object handoff, @Nullable Throwable cause) {
    super("closed: " + handoff, cause);
  }
}
