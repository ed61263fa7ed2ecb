package io.github.atomicwaker;

/**
 * Thrown when a value is put into a {@link Handoff} that is closed, or taken from one that is
 * closed and empty.
 *
 * @since 0.1.0
 */
public final class HandoffClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  HandoffClosedException(Object handoff) {
    super("closed: " + handoff);
  }
}
