package io.github.atomicwaker.samples.common;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends what a test has started, after a failure too. */
public final class Closing {
  private static final long PATIENCE_SECONDS = 20;

  private Closing() {}

  /** Closes all of them, in this order, whether or not some fail. */
  public static void all(AutoCloseable... closeables) {
    AssertionError failures = new AssertionError("not closed");
    for (AutoCloseable closeable : closeables) {
      try {
        closeable.close();
      } catch (Throwable e) {
        failures.addSuppressed(e);
      }
    }
    if (failures.getSuppressed().length > 0) {
      throw failures;
    }
  }

  /** Interrupts its threads; unlike a close, does not wait for ever for one that does not end. */
  public static AutoCloseable interrupting(ExecutorService executor) {
    return () -> {
      executor.shutdownNow();
      assertTrue(
          executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS), "a thread does not end");
    };
  }
}
