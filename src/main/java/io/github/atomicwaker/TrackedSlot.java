package io.github.atomicwaker;

import org.jspecify.annotations.Nullable;

/**
 * What a slot has of a group that tracks waits: the group, and the latest wait in this slot, which
 * a wake marks as woken. The slot itself has no field for it, so that wakers stay small. The
 * blocker of a parked thread would do, but thread dumps print that, and it has to be the waker.
 */
final class TrackedSlot extends SlotGroup {

  private final WakerGroup group;
  private final WaitTable waits;

  private volatile @Nullable TrackedWait latest;

  TrackedSlot(WakerGroup group, Counters counters, WaitTable waits) {
    super(group.name(), group.policy(), counters);
    this.group = group;
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
    TrackedWait found = latest;
    if (before == null) {
      if (found != null && found.refersTo(self) && found.begin()) {
        return found;
      }
    } else if (!before.isRemoved()) {
      if (found != before) { // another wait in this slot came between
        latest = before;
      }
      return before;
    }
    try {
      TrackedWait wait = new TrackedWait(self, System.identityHashCode(slot), before);
      waits.add(wait);
      latest = wait;
      return wait;
    } catch (Throwable noMemory) {
      lose();
      return null;
    }
  }

  @Override
  void untrack(@Nullable TrackedWait wait) {
    // It stays the latest: a wake may mark it, and nobody reads that.
    if (wait != null && !wait.end()) {
      lose();
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
    waits.remove(thread); // in any slot: it may wait within a condition of another wait
  }
}
