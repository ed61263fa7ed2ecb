package io.github.atomicwaker;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The waits of a group that last. There is no lock: a wait has one place in an array, which it
 * takes by a compare-and-set. It keeps the place when it is over, for the next wait of its thread
 * in its slot, until a reader or another wait takes the place. A wait that finds no place in a few
 * tries makes a larger array, beside the others. Arrays stay as long as the group.
 */
final class WaitTable {

  private static final int FIRST_LENGTH = 64;

  /** How many places in a row a wait tries: those of half a cache line. */
  private static final int TRIES = 8;

  /**
   * How many such rows of places a wait tries in each array before it makes a larger one. All but
   * the first are random: waits on one waker begin in the same row.
   */
  private static final int ROWS = 4;

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

  /** Adds a wait. If that throws, for want of memory, it was not added. */
  void add(TrackedWait wait) {
    int hash = wait.waker * SPREAD;
    for (int row = 1; true; row++) {
      Part found = largest;
      for (Part part = found; part != null; part = part.smaller) {
        if (addTo(part.places, wait, hash)) {
          return;
        }
      }
      if (row % ROWS == 0) {
        LARGEST.compareAndSet(this, found, new Part(found.places.length() * 2, found));
      }
      hash = ThreadLocalRandom.current().nextInt();
    }
  }

  private boolean addTo(
      AtomicReferenceArray<@Nullable TrackedWait> places, TrackedWait wait, int hash) {
    int first = hash >>> Integer.numberOfLeadingZeros(places.length() - 1);
    for (int i = 0; i < 2 * TRIES; i++) {
      int place = first ^ (i % TRIES);
      TrackedWait found = places.get(place);
      boolean free = found == null || (i >= TRIES && isOver(found));
      if (free && places.compareAndSet(place, found, wait)) {
        return true;
      }
    }
    return false;
  }

  /** Removes the waits of a thread that may never run again. */
  void remove(Thread thread) {
    for (Part part = largest; part != null; part = part.smaller) {
      for (int place = 0; place < part.places.length(); place++) {
        TrackedWait wait = part.places.get(place);
        if (wait != null && wait.refersTo(thread)) {
          wait.remove(counters);
        }
      }
    }
  }

  /** Returns whether a wait will never be one that lasts again. */
  private boolean isOver(TrackedWait wait) {
    Thread thread = wait.get();
    if (thread == null || !thread.isAlive()) {
      wait.remove(counters);
      return true;
    }
    return wait.removeIfOver();
  }

  /** Visits all waits that may last, and their threads, and removes those that are over. */
  void forEach(BiConsumer<TrackedWait, Thread> visitor) {
    for (Part part = largest; part != null; part = part.smaller) {
      for (int place = 0; place < part.places.length(); place++) {
        TrackedWait wait = part.places.get(place);
        if (wait == null) {
          continue;
        }
        Thread thread = wait.get();
        if (isOver(wait)) {
          part.places.compareAndSet(place, wait, null);
        } else if (thread != null) {
          visitor.accept(wait, thread);
        }
      }
    }
  }

  /** For tests. */
  int places() {
    int places = 0;
    for (Part part = largest; part != null; part = part.smaller) {
      places += part.places.length();
    }
    return places;
  }
}
