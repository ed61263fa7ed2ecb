package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Any number of senders, one receiver at a time. */
public final class Mailbox<M> {
  private final Queue<M> messages = new ConcurrentLinkedQueue<>();
  private final AtomicWaker waker = new AtomicWaker();

  /** Never blocks. */
  public void send(M message) {
    messages.add(message); // first the state,
    waker.wake(); // then the wake
  }

  /** Parks while there is no message. */
  public M receive() throws InterruptedException {
    return waker.awaitValue(messages::poll);
  }
}
