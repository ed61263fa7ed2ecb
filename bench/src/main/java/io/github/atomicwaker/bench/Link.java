package io.github.atomicwaker.bench;

/** One way from one thread to another: what all contestants have in common. See {@link Links}. */
interface Link {

  /** Gives a message to the receiver, and wakes it if it waits. */
  void send(Object message) throws Exception;

  /** Waits for a message. */
  Object receive() throws Exception;
}
