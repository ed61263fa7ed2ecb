package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.OneShot;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Requests with a number over one connection. Each caller waits for its own reply. */
final class Requests<Q, R> {
  /** There is a waker per request: each starts with what earlier ones learnt about waiting. */
  private static final WakerGroup REPLIES = WakerGroup.named("replies");

  private final BiConsumer<Long, Q> sender;
  private final Map<Long, OneShot<R>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong lastNumber = new AtomicLong();
  private volatile @Nullable Throwable failure;

  Requests(BiConsumer<Long, Q> sender) {
    this.sender = sender;
  }

  R ask(Q question, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    long number = lastNumber.incrementAndGet();
    OneShot<R> reply = new OneShot<>(REPLIES);
    waiting.put(number, reply); // first, as the reply may be fast
    try {
      sender.accept(number, question);
      Throwable lost = failure; // after the put: a failure is set before it looks who waits
      if (lost != null) {
        reply.fail(lost);
      }
      return reply.get(timeout);
    } finally {
      waiting.remove(number);
    }
  }

  /** In the thread that reads. */
  void received(long number, R answer) {
    OneShot<R> reply = waiting.get(number);
    if (reply != null) { // unless its caller has given up
      reply.complete(answer);
    }
  }

  /** The connection is lost: this ends all waits, and those that come later. */
  void fail(Throwable cause) {
    failure = cause;
    waiting.values().forEach(reply -> reply.fail(cause));
  }
}
