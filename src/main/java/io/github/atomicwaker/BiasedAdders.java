package io.github.atomicwaker;

import java.lang.ref.WeakReference;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A row of 31 adders, biased towards the threads that add often: each of these has a stripe, which
 * it alone writes, so that its adds are plain reads and ordered writes. All others share stripes,
 * with atomic adds. Nothing is lost, and a sum never goes down if nothing negative is added.
 *
 * <p>An add allocates nothing, unless it claims a stripe, which may fail: it must not fail where
 * the heap ends. So there are no {@code LongAdder}s here, which allocate where threads collide.
 */
class BiasedAdders {

  /** In longs: the owner's id, its sums, and enough for two stripes to share no cache line. */
  private static final int STRIPE = 32;

  /** In longs: so that the first stripe is not in that of the array's length, which all read. */
  private static final int CACHE_LINE = 8;

  /** One add in so many that has to be shared claims a stripe. */
  private static final int ADDS_PER_CLAIM = 64;

  /** How many stripes are shared; a power of two. */
  private static final int SHARED = 16;

  private final int lastStripe;

  /** Those that have owners, and then those that are shared. */
  private final AtomicLongArray stripes;

  /** Whose the stripes are, or were. */
  private final AtomicReferenceArray<@Nullable WeakReference<Thread>> owners;

  /**
   * Creates adders of nothing.
   *
   * @param stripes how many threads may have one at a time; a power of two
   */
  BiasedAdders(int stripes) {
    this.lastStripe = stripes - 1;
    this.stripes = new AtomicLongArray(CACHE_LINE + STRIPE * (stripes + SHARED));
    this.owners = new AtomicReferenceArray<>(stripes);
    linkAccesses();
  }

  /** The JDK links each kind of access at its first use, which is deep: it must not be an add. */
  private void linkAccesses() {
    stripes.getAndAdd(0, 0);
    stripes.setRelease(0, stripes.getPlain(0) + stripes.getAcquire(0));
  }

  void add(int adder, long amount) {
    long self = Thread.currentThread().threadId();
    int stripe = stripe(self);
    if (stripes.getPlain(stripe) == self) {
      int sum = sumIn(stripe, adder);
      stripes.setRelease(sum, stripes.getPlain(sum) + amount);
    } else {
      stripes.getAndAdd(sumIn(sharedStripe(self), adder), amount);
      if (ThreadLocalRandom.current().nextInt(ADDS_PER_CLAIM) == 0) {
        claim(stripe);
      }
    }
  }

  /**
   * Makes the current thread the owner, if there is none or it is no more. A thread that has ended
   * writes no more, and what it wrote is visible to whoever sees its end; or that it is garbage,
   * since the collector came in between.
   */
  private void claim(int stripe) {
    Thread self = Thread.currentThread();
    int number = stripe / STRIPE;
    try {
      WeakReference<Thread> found = owners.get(number);
      Thread owner = found == null ? null : found.get();
      if ((owner == null || !owner.isAlive())
          && owners.compareAndSet(number, found, new WeakReference<>(self))) {
        stripes.setPlain(stripe, self.threadId());
      }
    } catch (VirtualMachineError noMemory) {
      // it goes on sharing: what it had to add is added
    }
  }

  long sum(int adder) {
    long sum = 0;
    for (int stripe = stripeOf(0); stripe < stripes.length(); stripe += STRIPE) {
      sum += stripes.getAcquire(sumIn(stripe, adder));
    }
    return sum;
  }

  /** Whether a thread has a stripe, for tests. */
  boolean hasStripe(Thread thread) {
    int stripe = stripe(thread.threadId());
    return stripes.get(stripe) == thread.threadId();
  }

  private int stripe(long thread) {
    return stripeOf((int) thread & lastStripe);
  }

  private int sharedStripe(long thread) {
    return stripeOf(lastStripe + 1 + ((int) thread & (SHARED - 1)));
  }

  private static int stripeOf(int owner) {
    return CACHE_LINE + STRIPE * owner;
  }

  private static int sumIn(int stripe, int adder) {
    return stripe + 1 + adder;
  }
}
