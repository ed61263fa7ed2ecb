package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Items that are made once a consumer wants one. Any number of producers, one consumer. */
final class OnDemand<T> {
  private static final Object WANTED = new Object();

  /** Null, WANTED, or an item. */
  private final AtomicReference<@Nullable Object> place = new AtomicReference<>();

  private final AtomicWaker waker = new AtomicWaker();

  boolean isWanted() {
    return place.get() == WANTED;
  }

  /** Returns false if nobody wants an item. */
  boolean give(T item) {
    boolean given = place.compareAndSet(WANTED, item);
    if (given) {
      waker.wake();
    }
    return given;
  }

  T take() throws InterruptedException {
    return waker.awaitValue(this::poll, this::withdraw);
  }

  /** Returns null if no item was given in time. */
  @Nullable T take(long timeout, TimeUnit unit) throws InterruptedException {
    return waker.awaitValue(this::poll, this::withdraw, timeout, unit);
  }

  @SuppressWarnings("unchecked") // nothing else is in the place
  private @Nullable T poll() {
    Object found = place.get();
    if (found != null && found != WANTED) {
      place.set(null);
      return (T) found;
    }
    if (found == null && waker.registered() == Thread.currentThread()) { // it is about to park
      place.set(WANTED);
    }
    return null;
  }

  private boolean withdraw() {
    return place.compareAndSet(WANTED, null) || place.get() == null;
  }
}
