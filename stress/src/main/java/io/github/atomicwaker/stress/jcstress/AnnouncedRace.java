package io.github.atomicwaker.stress.jcstress;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A race for a value that is given to a wait that has announced itself. The two meet once the wait
 * has registered, when it is about to announce itself. The result of a wait is a word, or the
 * content of the value, which nothing but the place publishes. A wait that ends well, but only when
 * its time is up, is "stranded".
 */
public abstract class AnnouncedRace extends Interrupting {

  /** Over when the two have met. */
  protected static final Duration INSTANT = Duration.ofNanos(1);

  /** In the place: the wait has announced itself. */
  protected static final Object ANNOUNCED = new Object();

  /** Holds null, the announcement, or the value. */
  protected final AtomicReference<@Nullable Object> place = new AtomicReference<>();

  private boolean met;

  private int @Nullable [] poll() {
    if (waker.registered() == Thread.currentThread()) {
      if (!met) {
        met = true;
        meetInterrupter();
      }
      if (place.compareAndSet(null, ANNOUNCED)) {
        return null;
      }
    }
    if (!(place.get() instanceof int[] value)) {
      return null;
    }
    place.set(null);
    return value;
  }

  /** One step decides whether the wait withdraws or the value is given. */
  protected boolean withdraw() {
    return place.compareAndSet(ANNOUNCED, null) || place.get() == null;
  }

  protected final String await() {
    return await(PATIENCE);
  }

  protected final String await(Duration timeout) {
    long start = System.nanoTime();
    String word;
    try {
      word = word(waker.awaitValue(this::poll, this::withdraw, timeout.toNanos(), NANOSECONDS));
    } catch (IllegalStateException e) {
      word = "displaced";
    } catch (InterruptedException e) {
      word = "interrupted";
    }
    return inTime(start) ? word : "stranded";
  }

  /**
   * Gives a value to the wait, or puts it where a later wait finds it, if none has announced
   * itself; and wakes.
   */
  protected final String give(int content) {
    int[] value = {content};
    boolean given;
    do {
      given = place.compareAndSet(ANNOUNCED, value);
    } while (!given && !place.compareAndSet(null, value));
    waker.wake();
    return given ? "given" : "put";
  }

  /** What is in the place when all is over, and whether a thread is still registered. */
  protected final String end() {
    String word = word(place.get());
    return waker.registered() == null ? word : word + " and registered";
  }

  private static String word(@Nullable Object found) {
    if (found instanceof int[] value) {
      return Integer.toString(value[0]);
    }
    return found == null ? "nothing" : "announced";
  }
}
