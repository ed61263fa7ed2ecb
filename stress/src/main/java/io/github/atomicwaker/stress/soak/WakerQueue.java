package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A queue with a waker. One thread at a time receives from it, unless it is contested. */
final class WakerQueue implements WaitTarget {
  final AtomicWaker waker;

  private final boolean contested;

  /** The waiter may be in a batch: taken, and to be unparked at the end of it. */
  volatile boolean batching;

  private final Queue<Message> queue;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();

  WakerQueue(WakerGroup group, Queue<Message> queue, boolean contested) {
    this.waker = new AtomicWaker(group);
    this.queue = queue;
    this.contested = contested;
  }

  /**
   * Adds a message; the wake is the caller's. Counted when it is in the queue: before that the
   * receiver may be parked.
   */
  void put(Message message) {
    queue.add(message);
    sent.incrementAndGet();
  }

  @Nullable Message poll() {
    Message message = queue.poll();
    if (message != null) {
      received.incrementAndGet();
    }
    return message;
  }

  @Override
  public boolean isDue(Thread waiter) {
    return !batching && (received.get() < sent.get() || waker.registered() != waiter);
  }

  @Override
  public boolean isContested() {
    return contested;
  }

  @Override
  public boolean isEmpty() {
    return queue.isEmpty() && sent.get() == received.get() && waker.registered() == null;
  }

  @Override
  public String toString() {
    return "%s, of a queue with %d messages sent, %d received"
        .formatted(waker, sent.get(), received.get());
  }
}
