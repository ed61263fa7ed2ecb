package io.github.atomicwaker;

/**
 * Wakes the thread that waits for a step, once that step is done and stands. An exception of the
 * {@code unpark} then must not end the method that took the step.
 */
final class CommittedWake {

  private CommittedWake() {}

  /** Wakes, for a caller that has ensured the reserve before its step. Never throws. */
  static void wake(AtomicWaker waker) {
    try {
      waker.wakeWithinReserve();
    } catch (RuntimeException | Error rejected) {
      Uncaught.report(rejected);
    }
  }
}
