package io.github.atomicwaker;

/** Runs code at a chosen depth of a small stack. */
final class StackDepth {
  private static final int STACK_BYTES = 256 << 10;

  private StackDepth() {}

  /** What the end of the stack may strike in. */
  interface Body<X extends Exception> {
    void run() throws X;
  }

  /** Runs it in a thread of its own, whose stack is small, and returns when it has ended. */
  static void runInSmallStack(Runnable body) throws InterruptedException {
    Thread thread = new Thread(null, body, "small stack", STACK_BYTES);
    // Hand-offs report here what they must not throw. To print it where the stack has ended breaks
    // classes of the JDK.
    thread.setUncaughtExceptionHandler((self, thrown) -> {});
    thread.start();
    thread.join();
  }

  /** The most frames that fit. */
  static int deepest() {
    int low = 0;
    int high = 1 << 20;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      try {
        at(middle, () -> {});
        low = middle;
      } catch (StackOverflowError e) {
        high = middle - 1;
      }
    }
    return low;
  }

  static <X extends Exception> void at(int depth, Body<X> body) throws X {
    if (depth == 0) {
      body.run();
    } else {
      at(depth - 1, body);
    }
  }
}
