package stranger;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.HandoffClosedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What a library that adopts wakers calls, and what comes of it. */
final class Calls {
  private Calls() {}

  static List<String> all() throws InterruptedException {
    List<String> calls = new ArrayList<>();
    AtomicWaker waker = new AtomicWaker();
    calls.add("await " + waker.await(() -> true, Long.MAX_VALUE, DAYS));
    calls.add("in time " + waker.awaitUninterruptibly(() -> false, 1, MILLISECONDS));
    calls.add("value " + waker.awaitValue(() -> null, 1, MILLISECONDS));
    calls.add("checked " + checked(waker));
    calls.add("withdrawn " + withdrawn(waker));
    calls.add("handoff " + handoff());
    return calls;
  }

  private static String checked(AtomicWaker waker) throws InterruptedException {
    try {
      return waker.awaitChecked(Calls::read);
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static String read() throws IOException {
    throw new IOException("end of file");
  }

  /** The value is given just before the wait would withdraw. */
  private static String withdrawn(AtomicWaker waker) throws InterruptedException {
    AtomicReference<String> place = new AtomicReference<>("announced");
    return waker.awaitValue(
        () -> place.get().equals("announced") ? null : place.get(),
        () -> {
          place.set("given");
          return place.compareAndSet("announced", "nobody");
        },
        1,
        MILLISECONDS);
  }

  private static List<String> handoff() throws InterruptedException {
    List<String> calls = new ArrayList<>();
    Handoff<String> handoff = new Handoff<>();
    calls.add("transfer " + handoff.tryTransfer("to nobody"));
    calls.add("poll " + handoff.poll(1, MILLISECONDS));
    try (handoff) {
      calls.add("offer " + handoff.offer("last", 1, DAYS));
    }
    calls.add("take " + handoff.takeUnlessClosed());
    calls.add("end " + handoff.takeUnlessClosed());
    Handoff<String> failing = new Handoff<>();
    failing.close(new IOException("disk full"));
    try {
      failing.put("late");
    } catch (HandoffClosedException e) {
      calls.add(e.getCause().getMessage());
    }
    return calls;
  }
}
