package io.github.atomicwaker.samples;

/** Ends a sample with a message for the user and an exit status. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  /** A check of the sample failed. */
  static final int WRONG = 1;

  /** The sample was called wrongly, and did not run. */
  static final int USAGE = 2;

  final int status;

  Failure(int status, String message) {
    super(message);
    this.status = status;
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
    this.status = WRONG;
  }
}
