package io.github.atomicwaker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A scheduler of virtual threads that runs them in the test's own thread, step by step. A test sees
 * without waiting that a thread was unparked. It uses the constructor that the JDK keeps for its
 * own tests, so the test run needs {@code --add-opens}. On Java 17, which has no virtual threads, a
 * test that asks for one of these is aborted.
 */
final class SteppedScheduler implements Executor {
  private final Queue<Runnable> runnable = new ArrayDeque<>();
  private Runnable rejection = () -> {};

  @Override
  public void execute(Runnable continuation) {
    rejection.run();
    runnable.add(continuation);
  }

  /** From now on, to unpark or start a thread of this scheduler throws. */
  void reject() {
    reject(
        () -> {
          throw new RejectedExecutionException("rejected by the test's scheduler");
        });
  }

  /** From now on, to unpark or start a thread of this scheduler throws what this throws. */
  void reject(Runnable rejection) {
    this.rejection = rejection;
  }

  Thread start(Runnable task) {
    Thread thread = unstarted(task);
    thread.start();
    return thread;
  }

  Thread unstarted(Runnable task) {
    assumeTrue(Waiter.VIRTUAL_THREADS, "Java 17 has no virtual threads");
    try {
      Constructor<?> constructor =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      return ((Thread.Builder.OfVirtual) constructor.newInstance(this)).unstarted(task);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** Runs the threads until every one of them is parked or has ended. */
  void run() {
    for (Runnable next; (next = runnable.poll()) != null; ) {
      next.run();
    }
  }

  /** Returns true if a thread can run: one was started or unparked. */
  boolean hasRunnable() {
    return !runnable.isEmpty();
  }
}
