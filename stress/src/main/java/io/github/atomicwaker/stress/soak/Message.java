package io.github.atomicwaker.stress.soak;

/**
 * What is sent through a {@link Box}.
 *
 * @param from the number of the sender within its station
 * @param number counts up from 1 for each sender, or is one of the constants
 */
record Message(int from, long number) {

  /** Nothing more will come from this sender. */
  static final long BYE = -1;

  /** Not a message: its receiver has been told that another thread waits in its place. */
  static final long DISPLACED = -2;

  boolean isBye() {
    return number == BYE;
  }

  boolean isDisplaced() {
    return number == DISPLACED;
  }
}
