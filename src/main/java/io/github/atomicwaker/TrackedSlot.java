package io.github.atomicwaker;

import org.jspecify.annotations.Nullable;

/**
 * What a slot has of a group that tracks waits: the group, and the latest wait in this slot, which
 * a wake marks as woken. The slot itself has no field for it, so that wakers stay small. The
 * blocker of a parked thread would do, but thread dumps print that, and it has to be the waker.
 */
final class TrackedSlot extends SlotGroup {

  private final WakerGroup group;
  private final Counters counters;
  private final WaitTable waits;

  private volatile @Nullable TrackedWait latest;

  TrackedSlot(WakerGroup group, Counters counters, WaitTable waits) {
    super(group.name(), group.policy(), counters);
    this.group = group;
    this.counters = counters;
    this.waits = waits;
  }

  @Override
  int firstBackoff() {
    return group.firstBackoff();
  }

  @Override
  void learn(int before, int after) {
    group.learn(before, after);
  }

  @Override
  @Nullable TrackedWait track(Object slot, Thread self, @Nullable TrackedWait before) {
    if (before != null && waits.contains(before)) {
      if (latest != before) { // another wait in this slot came between
        latest = before;
      }
      return before;
    }
    try {
      TrackedWait wait = new TrackedWait(self, System.identityHashCode(slot), before);
      waits.add(wait, self);
      latest = wait;
      return wait;
    } catch (Throwable noMemory) {
      lose();
      return before;
    }
  }

  @Override
  void untrack(@Nullable TrackedWait wait) {
    if (wait != null) {
      waits.remove(wait); // it stays the latest: a wake may mark it, and nobody reads that
    }
  }

  @Override
  void taken(Thread thread) {
    TrackedWait wait = latest;
    if (wait != null && wait.refersTo(thread)) {
      wait.woken(System.nanoTime());
    }
  }

  @Override
  void refused(Thread thread) {
    TrackedWait wait = latest;
    if (wait != null && wait.refersTo(thread)) {
      waits.remove(wait);
      wait.settle(counters, System.nanoTime());
    }
  }
}
