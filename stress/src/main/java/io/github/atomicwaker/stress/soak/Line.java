package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A hand-off: one thread at a time puts at one end, and takes at the other, unless contested. */
final class Line {

  /** Where a thread waits to put. */
  final Watched in = new End(true);

  /** Where a thread waits to take. */
  final Watched out = new End(false);

  final Handoff<Message> handoff;

  /** Two threads take at once. */
  private final boolean contested;

  // Each noted when it is done, wake and all: before that, who waits is not stranded.
  final AtomicLong put = new AtomicLong();
  final AtomicLong taken = new AtomicLong();
  volatile boolean closed;

  Line(WakerGroup group, boolean contested) {
    this.handoff = new Handoff<>(group);
    this.contested = contested;
  }

  /** Puts a message; returns false if the time is up. */
  boolean put(Way way, Message message, Duration timeout) throws InterruptedException {
    boolean done =
        switch (way) {
          case PUT -> {
            handoff.put(message);
            yield true;
          }
          case OFFER_TIMED -> handoff.offer(message, timeout);
          case OFFER -> handoff.offer(message);
          default -> throw new Fault("no way to put: " + way);
        };
    if (done) {
      put.incrementAndGet();
    }
    return done;
  }

  /** Takes a message; returns null if the time is up. */
  @Nullable Message take(Way way, Duration timeout) throws InterruptedException {
    return switch (way) {
      case TAKE -> taken(handoff.take());
      case POLL_TIMED -> taken(handoff.poll(timeout));
      case POLL -> poll();
      default -> throw new Fault("no way to take: " + way);
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
    return "%s, a line with %d messages put, %d taken".formatted(handoff, put.get(), taken.get());
  }

  private final class End implements Watched {
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
      // to a rival is not yet noted as taken.
      return in
          ? taken.get() >= put.get()
          : taken.get() < put.get() && (!contested || state.contains("full"));
    }

    @Override
    public boolean isContested() {
      return contested && !in;
    }

    /** Closed, with everything taken, and nobody in either slot: the text tells. */
    @Override
    public boolean isEmpty() {
      String state = handoff.toString();
      return put.get() == taken.get()
          && state.contains("empty, closed")
          && !state.contains("waiter=");
    }

    @Override
    public String toString() {
      return "the %s end of %s".formatted(in ? "putting" : "taking", Line.this);
    }
  }
}
