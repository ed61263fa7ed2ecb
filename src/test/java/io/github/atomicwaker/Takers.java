package io.github.atomicwaker;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Two threads that took from one slot until they met.
 *
 * @param rounds how often a thread was registered, and taken
 * @param idle how many of their takes found the slot empty
 */
public record Takers(int rounds, int idle) {

  /** Enough for the takers to spend nearly all their time on registering and taking. */
  private static final int ROUNDS = 1_000;

  /**
   * Lets them go on until the group, which has no other waker, has counted a contended take.
   * Neither waits for the other: on one processor they meet where one of them is preempted between
   * its reading of the slot and its take.
   */
  static Takers meet(WakerGroup group) {
    AtomicWaker waker = new AtomicWaker(group);
    AtomicBoolean met = new AtomicBoolean();
    Waiter<Integer> other =
        Waiter.start(
            Waiter.Kind.PLATFORM,
            () -> {
              int takes = 0;
              for (; !met.get(); takes++) {
                waker.take();
              }
              return takes;
            });
    int rounds = 0;
    try {
      while (group.stats().races().contended() == 0) {
        for (int i = 0; i < ROUNDS; i++, rounds++) {
          waker.register();
          waker.take();
        }
      }
    } finally {
      met.set(true);
    }
    return new Takers(rounds, other.result());
  }

  /** Counts a meeting, without one, for tests of what shows the count. */
  public static void countMeeting(AtomicWaker waker) {
    waker.group().count(Race.CONTENDED);
  }
}
