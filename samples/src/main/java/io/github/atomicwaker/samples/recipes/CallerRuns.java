package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** An executor without a thread: its tasks run in the one thread that waits for their effect. */
final class CallerRuns implements Executor {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicWaker waker = new AtomicWaker();
  private volatile boolean closed;

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (closed && tasks.remove(task)) { // unless close() took it
      throw new RejectedExecutionException("the caller waits no more");
    }
    waker.wake();
  }

  /** Parks until there is a task; runs it, and all that have come by then. */
  void waitAndDrain() throws InterruptedException {
    runFrom(waker.awaitValue(tasks::poll));
  }

  /** Runs what is left. The thread that waits calls this at the end. */
  void close() {
    closed = true;
    runFrom(tasks.poll());
  }

  private void runFrom(@Nullable Runnable first) {
    for (Runnable task = first; task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
