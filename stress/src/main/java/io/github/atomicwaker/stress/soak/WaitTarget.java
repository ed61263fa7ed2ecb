package io.github.atomicwaker.stress.soak;

/** What a thread may wait for. Looked at by the watchdog, from outside and at any time. */
interface WaitTarget {

  /**
   * Whether this thread, which waits for this, should be awake: what it waits for is there, or
   * somebody took it to wake it. It may then be about to run, but it must not stay parked.
   */
  boolean isDue(Thread waiter);

  /** Whether two threads wait for this at once, on purpose, so that one is displaced. */
  boolean isContested();

  /** Whether all is over: nothing left, nobody in the slot. */
  boolean isEmpty();
}
