package io.github.atomicwaker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

// @start region="mailbox" :
final class Mailbox<M> {
  private final Queue<M> messages = new ConcurrentLinkedQueue<>();
  private final AtomicWaker waker = new AtomicWaker();

  void send(M message) { // any thread
    messages.add(message); // first the state,
    waker.wake(); // then the wake
  }

  M receive() throws InterruptedException { // one thread at a time
    return waker.awaitValue(messages::poll);
  }
}
// @end
