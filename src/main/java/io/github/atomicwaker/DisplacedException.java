package io.github.atomicwaker;

/**
 * Another thread has registered in the place of one that waited. A class of its own tells it from
 * an {@link IllegalStateException} of a check.
 */
final class DisplacedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private transient boolean seen;

  DisplacedException(String message) {
    super(message);
  }

  /**
   * Returns true once: to the wait that was displaced, and not to another one whose check lets this
   * through.
   */
  boolean isNew() {
    boolean before = seen;
    seen = true;
    return !before;
  }
}
