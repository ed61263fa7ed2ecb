package io.github.atomicwaker;

import org.jspecify.annotations.Nullable;

/** What a slot needs of its {@link WakerGroup}. */
abstract class SlotGroup {

  private final String name;
  private final WaitPolicy policy;
  private final @Nullable Counters counters;

  SlotGroup(String name, WaitPolicy policy, @Nullable Counters counters) {
    this.name = name;
    this.policy = policy;
    this.counters = counters;
  }

  /** Returns the backoff with which a fresh waker begins. */
  abstract int firstBackoff();

  /** Takes over what a wait changed in the backoff of its waker. */
  abstract void learn(int before, int after);

  /**
   * Notes that a wait is about to park. Never throws.
   *
   * @param slot what it waits on
   * @param before what this returned before the last park of the same wait; null if it is the first
   * @return null if the wait is not tracked
   */
  @Nullable TrackedWait track(Object slot, Thread self, @Nullable TrackedWait before) {
    return null;
  }

  /** Notes that a wait is over. Never throws. */
  void untrack(@Nullable TrackedWait wait) {}

  /** Notes that a wake took the thread, which has to be unparked now. Never throws. */
  void taken(Thread thread) {}

  /** Notes that the unpark of the thread failed: its scheduler may never run it. Never throws. */
  void refused(Thread thread) {}

  /** Returns the name. */
  String name() {
    return name;
  }

  final WaitPolicy policy() {
    return policy;
  }

  final @Nullable Counters counters() {
    return counters;
  }

  /** Never throws. */
  final void count(Counters.Event event) {
    if (counters != null) {
      counters.count(event);
    }
  }

  /** Never throws. */
  final void count(Race race) {
    if (counters != null) {
      counters.count(race);
    }
  }

  /** Never throws. */
  final void lose() {
    if (counters != null) {
      counters.lose();
    }
  }
}
