package io.github.atomicwaker.samples.recipes;

import java.lang.reflect.Constructor;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A scheduler of virtual threads that does not take them back. It uses the constructor that the JDK
 * keeps for its own tests, hence the {@code --add-opens} of the test run.
 */
final class RejectingScheduler {

  private RejectingScheduler() {}

  /** Runs the task in the caller's thread until it parks, on a virtual thread that may be lost. */
  static void start(AtomicBoolean rejecting, Callable<?> task) throws ReflectiveOperationException {
    Executor scheduler =
        continuation -> {
          if (rejecting.get()) {
            throw new RejectedExecutionException("rejected by the test's scheduler");
          }
          continuation.run();
        };
    Constructor<?> constructor =
        Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
            .getDeclaredConstructor(Executor.class);
    constructor.setAccessible(true);
    ((Thread.Builder.OfVirtual) constructor.newInstance(scheduler)).start(new FutureTask<>(task));
  }
}
