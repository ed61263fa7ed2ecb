package io.github.atomicwaker;

import java.lang.ref.WeakReference;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * 31 counters in stripes. A thread that adds often owns a stripe: it alone writes it, so its adds
 * are plain reads and ordered writes. All other threads share stripes, with atomic adds. Nothing is
 * lost, and a sum never goes down unless something negative is added.
 *
 * <p>An add must not fail when the heap ends, so it allocates nothing, unless it claims a stripe,
 * which may fail. A {@code LongAdder} allocates when threads collide.
 */
class StripedCounters {

  /** In longs: the owner's id, its counters, and enough for two stripes to share no cache line. */
  private static final int STRIPE_LENGTH = 32;

  /**
   * In longs: keeps the first stripe out of the cache line of the array's length, which all read.
   */
  private static final int CACHE_LINE = 8;

  /** One shared add in this many claims a stripe. */
  private static final int ADDS_PER_CLAIM = 64;

  /** The number of stripes that are shared; a power of two. */
  private static final int SHARED = 16;

  /**
   * Whether a thread may own a stripe. Where ids can be overridden, two threads might take one
   * stripe for their own, and lose what they add: there all stripes are shared.
   */
  private static final boolean OWNED = NewerThreads.PRESENT;

  /** Gives the number of the stripe that a thread may own. */
  private final int mask;

  /** The stripes that have owners, and then those that are shared. */
  private final AtomicLongArray stripes;

  private final AtomicReferenceArray<@Nullable WeakReference<Thread>> owners;

  /**
   * Creates counters of zero.
   *
   * @param owned how many threads may own a stripe at a time; a power of two
   */
  StripedCounters(int owned) {
    mask = owned - 1;
    stripes = new AtomicLongArray(CACHE_LINE + STRIPE_LENGTH * (owned + SHARED));
    owners = new AtomicReferenceArray<>(owned);
    linkAccesses();
  }

  /**
   * The JDK links each kind of access at its first use. That takes more stack than an add may find.
   */
  private void linkAccesses() {
    stripes.getAndAdd(0, 0);
    stripes.setRelease(0, stripes.getPlain(0) + stripes.getAcquire(0));
  }

  void add(int counter, long amount) {
    long self = number(Thread.currentThread());
    int offset = ownedOffset(self);
    if (OWNED && stripes.getPlain(offset) == self) {
      int index = index(offset, counter);
      stripes.setRelease(index, stripes.getPlain(index) + amount);
    } else {
      stripes.getAndAdd(index(sharedOffset(self), counter), amount);
      if (OWNED && ThreadLocalRandom.current().nextInt(ADDS_PER_CLAIM) == 0) {
        claim(offset);
      }
    }
  }

  /**
   * Makes the current thread the owner if there is none or the owner has ended. A thread that has
   * ended writes no more, and its writes are visible to a thread that sees its end, or sees that it
   * was garbage-collected.
   */
  private void claim(int offset) {
    Thread self = Thread.currentThread();
    int stripe = offset / STRIPE_LENGTH;
    try {
      WeakReference<Thread> found = owners.get(stripe);
      Thread owner = found == null ? null : found.get();
      if ((owner == null || !owner.isAlive())
          && owners.compareAndSet(stripe, found, new WeakReference<>(self))) {
        stripes.setPlain(offset, number(self));
      }
    } catch (VirtualMachineError noMemory) {
      // it goes on sharing: its amount is added
    }
  }

  long sum(int counter) {
    long sum = 0;
    for (int offset = offset(0); offset < stripes.length(); offset += STRIPE_LENGTH) {
      sum += stripes.getAcquire(index(offset, counter));
    }
    return sum;
  }

  /** For tests. */
  boolean ownsStripe(Thread thread) {
    return OWNED && stripes.get(ownedOffset(number(thread))) == number(thread);
  }

  /** Returns the id, or where there is none a number that other threads may have as well. */
  static long number(Thread thread) {
    return OWNED ? NewerThreads.id(thread) : System.identityHashCode(thread);
  }

  private int ownedOffset(long thread) {
    return offset((int) thread & mask);
  }

  private int sharedOffset(long thread) {
    return offset(mask + 1 + ((int) thread & (SHARED - 1)));
  }

  private static int offset(int stripe) {
    return CACHE_LINE + STRIPE_LENGTH * stripe;
  }

  private static int index(int offset, int counter) {
    return offset + 1 + counter;
  }
}
