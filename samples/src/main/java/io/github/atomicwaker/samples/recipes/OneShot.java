package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A reply, or why there is none: the first of them stays. One thread awaits it. */
final class OneShot<T> {
  /** There is a waker per request: each starts with what earlier ones learnt about waiting. */
  private static final WakerGroup REPLIES = WakerGroup.named("replies");

  private record Outcome<T>(@Nullable T reply, @Nullable Throwable failure) {}

  private final AtomicReference<@Nullable Outcome<T>> outcome = new AtomicReference<>();
  private final AtomicWaker waker = new AtomicWaker(REPLIES);

  boolean complete(T reply) {
    return end(new Outcome<>(reply, null));
  }

  boolean fail(Throwable failure) {
    return end(new Outcome<>(null, failure));
  }

  private boolean end(Outcome<T> ended) {
    boolean first = outcome.compareAndSet(null, ended);
    if (first) {
      waker.wake();
    }
    return first;
  }

  T get(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
    Outcome<T> ended = waker.awaitValue(outcome::get, timeout);
    if (ended == null) {
      throw new TimeoutException("no reply within " + timeout);
    }
    T reply = ended.reply();
    if (reply == null) {
      throw new ExecutionException(ended.failure());
    }
    return reply;
  }
}
