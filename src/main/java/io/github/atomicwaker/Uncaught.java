package io.github.atomicwaker;

/**
 * What is thrown after a step that cannot be taken back. The step stands, so the exception must not
 * end the method that took it: the thread's {@link Thread.UncaughtExceptionHandler} gets it.
 */
final class Uncaught {

  private Uncaught() {}

  /** As the JVM does, this ignores what a handler throws. */
  static void report(Throwable thrown) {
    try {
      Thread self = Thread.currentThread();
      self.getUncaughtExceptionHandler().uncaughtException(self, thrown);
    } catch (Throwable ofTheHandler) {
      // the step still stands
    }
  }
}
