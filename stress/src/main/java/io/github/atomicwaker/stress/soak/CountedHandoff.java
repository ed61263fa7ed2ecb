package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A hand-off, and counts of its messages. One thread at a time puts, and one takes, unless
 * contested.
 */
final class CountedHandoff {

  /** Where a thread waits to put. */
  final WaitTarget in = new End(true);

  /** Where a thread waits to take. */
  final WaitTarget out = new End(false);

  final Handoff<Message> handoff;

  /** Two threads take at once. */
  private final boolean contested;

  // Each is counted when it is done, its wake included: until then a waiter is not stranded.
  final AtomicLong put = new AtomicLong();
  final AtomicLong taken = new AtomicLong();
  volatile boolean closed;

  CountedHandoff(WakerGroup group, boolean contested) {
    this.handoff = new Handoff<>(group);
    this.contested = contested;
  }

  /** Puts a message; returns false if the time is up. */
  boolean put(WaitMethod method, Message message, Duration timeout) throws InterruptedException {
    boolean done =
        switch (method) {
          case PUT -> {
            handoff.put(message);
            yield true;
          }
          case OFFER_TIMED -> handoff.offer(message, timeout);
          case OFFER -> handoff.offer(message);
          case TRY_TRANSFER -> handoff.tryTransfer(message);
          default -> throw new Fault("not a put: " + method);
        };
    if (done) {
      put.incrementAndGet();
    }
    return done;
  }

  /** Takes a message; returns null if the time is up. */
  @Nullable Message take(WaitMethod method, Duration timeout) throws InterruptedException {
    return switch (method) {
      case TAKE -> taken(handoff.take());
      case POLL_TIMED -> taken(handoff.poll(timeout));
      case POLL -> poll();
      default -> throw new Fault("not a take: " + method);
    };
  }

  /** Takes a message, if there is one. */
  @Nullable Message poll() {
    return taken(handoff.poll());
  }

  private @Nullable Message taken(@Nullable Message message) {
    if (message != null) {
      taken.incrementAndGet();
    }
    return message;
  }

  void close() {
    handoff.close();
    closed = true;
  }

  @Override
  public String toString() {
    return "%s, with %d messages put, %d taken".formatted(handoff, put.get(), taken.get());
  }

  private final class End implements WaitTarget {
    private final boolean in;

    End(boolean in) {
      this.in = in;
    }

    @Override
    public boolean isDue(Thread waiter) {
      String state = handoff.toString();
      if (closed || !state.contains("waiter=" + waiter)) {
        return true;
      }
      // A value can be taken before the put that waited with it has ended; and one that was given
      // to the other taker is not yet noted as taken.
      return in
          ? taken.get() >= put.get()
          : taken.get() < put.get() && (!contested || state.contains("full"));
    }

    @Override
    public boolean isContested() {
      return contested && !in;
    }

    /** Closed, with everything taken, and nobody in either slot: its text has that. */
    @Override
    public boolean isEmpty() {
      String state = handoff.toString();
      return put.get() == taken.get()
          && state.contains("empty, closed")
          && !state.contains("waiter=");
    }

    @Override
    public String toString() {
      return "the %s end of %s".formatted(in ? "putting" : "taking", CountedHandoff.this);
    }
  }
}
