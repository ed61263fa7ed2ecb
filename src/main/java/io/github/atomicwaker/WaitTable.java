package io.github.atomicwaker;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The waits of a group that last. There is no lock: a wait has one place in an array, which it
 * takes and leaves by a compare-and-set. If it finds none that is free in a few tries, there is a
 * larger array from then on, beside the others. Arrays stay as long as the group.
 */
final class WaitTable {

  private static final int FIRST_LENGTH = 64;

  /** How many places in a row a wait tries: those of half a cache line. */
  private static final int TRIES = 8;

  /** 2<sup>32</sup> divided by the golden ratio: spreads numbers that follow each other. */
  private static final int SPREAD = 0x9E3779B9;

  private static final AtomicReferenceFieldUpdater<WaitTable, Part> LARGEST =
      AtomicReferenceFieldUpdater.newUpdater(WaitTable.class, Part.class, "largest");

  private static final class Part {
    final AtomicReferenceArray<@Nullable TrackedWait> places;
    final @Nullable Part smaller;

    Part(int length, @Nullable Part smaller) {
      places = new AtomicReferenceArray<>(length);
      this.smaller = smaller;
    }
  }

  private final Counters counters;
  private volatile Part largest = new Part(FIRST_LENGTH, null);

  WaitTable(Counters counters) {
    this.counters = counters;
    // The JDK links each kind of access at its first use, which takes stack.
    largest.places.compareAndSet(0, largest.places.get(0), null);
  }

  /** Adds a wait of the current thread. If that throws, for want of memory, it was not added. */
  void add(TrackedWait wait, Thread self) {
    int hash = (int) StripedCounters.number(self) * SPREAD;
    while (true) {
      Part found = largest;
      for (Part part = found; part != null; part = part.smaller) {
        if (addTo(part.places, wait, hash)) {
          return;
        }
      }
      LARGEST.compareAndSet(this, found, new Part(found.places.length() * 2, found));
    }
  }

  private boolean addTo(
      AtomicReferenceArray<@Nullable TrackedWait> places, TrackedWait wait, int hash) {
    int first = hash >>> Integer.numberOfLeadingZeros(places.length() - 1);
    wait.places = places;
    for (int i = 0; i < TRIES; i++) {
      wait.place = first ^ i;
      TrackedWait found = places.get(wait.place);
      if ((found == null || found.refersTo(null))
          && places.compareAndSet(wait.place, found, wait)) {
        if (found != null) {
          found.settle(counters, System.nanoTime());
        }
        return true;
      }
    }
    return false;
  }

  boolean contains(TrackedWait wait) {
    AtomicReferenceArray<@Nullable TrackedWait> places = wait.places;
    return places != null && places.get(wait.place) == wait;
  }

  /** Removes a wait, if it is there. Never throws. */
  void remove(TrackedWait wait) {
    AtomicReferenceArray<@Nullable TrackedWait> places = wait.places;
    if (places != null) {
      places.compareAndSet(wait.place, wait, null);
    }
  }

  /** Visits all waits and their threads, but for those that will never end, which it removes. */
  void forEach(BiConsumer<TrackedWait, Thread> visitor) {
    for (Part part = largest; part != null; part = part.smaller) {
      for (int place = 0; place < part.places.length(); place++) {
        TrackedWait wait = part.places.get(place);
        if (wait == null) {
          continue;
        }
        Thread thread = wait.get();
        if (thread != null && thread.isAlive()) {
          visitor.accept(wait, thread);
        } else if (part.places.compareAndSet(place, wait, null)) {
          wait.settle(counters, System.nanoTime());
        }
      }
    }
  }
}
