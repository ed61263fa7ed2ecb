package io.github.atomicwaker.samples.common;

/** Ends a sample with a message for the user and an exit status. */
public final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  /** A check of the sample failed. */
  public static final int WRONG = 1;

  /** The sample was called wrongly, and did not run. */
  public static final int USAGE = 2;

  public final int status;

  public Failure(int status, String message) {
    super(message);
    this.status = status;
  }

  public Failure(String message, Throwable cause) {
    super(message, cause);
    this.status = WRONG;
  }
}
