package io.github.atomicwaker.stress.soak;

/** Something that must not happen has happened. Ends the run. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  Fault(String message) {
    super(message);
  }
}
