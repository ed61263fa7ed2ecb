package io.github.atomicwaker.stress.soak;

import org.jspecify.annotations.Nullable;

/**
 * What is sent through a {@link WakerQueue} or a {@link CountedHandoff}.
 *
 * @param from the number of the sender within its workload
 * @param number counts up from 1 for each sender, or is one of the constants
 */
record Message(int from, long number) {

  /** Nothing more will come from this sender. */
  static final long BYE = -1;

  /** Not a message: its receiver was displaced. */
  static final long DISPLACED = -2;

  boolean isBye() {
    return number == BYE;
  }

  boolean isDisplaced() {
    return number == DISPLACED;
  }

  /** Throws a fault unless this message has that number. */
  static void expect(long number, @Nullable Message message) {
    if (message == null || message.number() != number) {
      throw new Fault("number " + number + " was to come next, but it was " + message);
    }
  }
}
