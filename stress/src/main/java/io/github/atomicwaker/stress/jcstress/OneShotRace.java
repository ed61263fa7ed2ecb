package io.github.atomicwaker.stress.jcstress;

import io.github.atomicwaker.OneShot;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A race for a one-shot reply. The result of an operation is a word; that of a get is the content
 * of the array, which nothing but the reply publishes. A wait that ends well, but only when its
 * time is up, is "stranded".
 */
public abstract class OneShotRace extends Interrupting {

  @SuppressWarnings("StaticAssignmentOfThrowable") // to make one takes longer than a race
  private static final Throwable CAUSE = new IllegalStateException("of the race");

  /** The reply that is raced for. */
  protected final OneShot<int[]> reply;

  /** With waits that park at once. */
  protected OneShotRace() {
    this(PARKING);
  }

  protected OneShotRace(WakerGroup group) {
    reply = new OneShot<>(group);
  }

  protected final boolean complete(int content) {
    return reply.complete(new int[] {content});
  }

  protected final boolean fail() {
    return reply.fail(CAUSE);
  }

  private interface Get {
    int @Nullable [] run() throws InterruptedException, ExecutionException, TimeoutException;
  }

  private static String run(Get get) {
    long start = System.nanoTime();
    String word;
    try {
      int[] value = get.run();
      word = value == null ? "nothing" : Integer.toString(value[0]);
    } catch (ExecutionException e) {
      word = "failed";
    } catch (CancellationException e) {
      word = "cancelled";
    } catch (TimeoutException e) {
      word = "nothing";
    } catch (IllegalStateException e) {
      word = "displaced";
    } catch (InterruptedException e) {
      word = "interrupted";
    }
    return inTime(start) ? word : "stranded";
  }

  protected final String get() {
    return get(PATIENCE);
  }

  protected final String get(Duration timeout) {
    return run(() -> reply.get(timeout));
  }

  protected final String poll() {
    return run(reply::poll);
  }

  /** What a poll gives when all is over, and whether the reply still holds a thread. */
  protected final String end() {
    return reply.toString().contains("waiter=") ? poll() + " and registered" : poll();
  }
}
