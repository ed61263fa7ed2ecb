package io.github.atomicwaker.stress.soak;

/** Thrown by a condition on purpose. */
final class Provoked extends RuntimeException {
  private static final long serialVersionUID = 1;

  Provoked() {
    super("provoked", null, false, false);
  }
}
