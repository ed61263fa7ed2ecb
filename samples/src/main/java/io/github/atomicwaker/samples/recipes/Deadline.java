package io.github.atomicwaker.samples.recipes;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One time-out for several waits in a row. */
final class Deadline {
  private final long end;

  Deadline(Duration timeout) {
    end = System.nanoTime() + NANOSECONDS.convert(timeout);
  }

  /** Negative when it has passed: a wait then looks once, and does not park. */
  Duration remaining() {
    return Duration.ofNanos(end - System.nanoTime());
  }

  /** Takes as many items as come in time. */
  static <T> List<T> take(int most, WorkQueue<T> queue, Duration timeout)
      throws InterruptedException {
    Deadline deadline = new Deadline(timeout);
    List<T> taken = new ArrayList<>();
    while (taken.size() < most) {
      T item = queue.take(deadline.remaining());
      if (item == null) {
        break;
      }
      taken.add(item);
    }
    return taken;
  }
}
