package io.github.atomicwaker;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** One park of a thread. */
@Name("io.github.atomicwaker.Park")
@Label("Waker Park")
@Description("A thread was parked on a waker")
@Category("AtomicWaker")
@Threshold("10 ms")
@SuppressWarnings("UnusedVariable") // JFR reads the fields
final class ParkEvent extends Event {

  @Label("Waker")
  @Description("The name of the waker's group")
  private @Nullable String waker;

  @Label("Identity")
  @Description("The waker's identity, as thread dumps print it for a blocker")
  private @Nullable String identity;

  @Label("Outcome")
  @Description("How the park ended: woken, spurious, timeout, interrupted, displaced, bound")
  private @Nullable String outcome;

  @Label("Latency")
  @Description("From the wake until the thread ran, if its group tracks waits and a wake ended it")
  @Timespan
  private long latency;

  @Label("Lost")
  @Description("How many events of wakers were lost before, since memory or the stack had ended")
  private long lost;

  private ParkEvent() {}

  static @Nullable ParkEvent begun() {
    ParkEvent event = new ParkEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  void end(SlotGroup group, Object slot, ParkOutcome how, long nanosToRun, long eventsLost) {
    end();
    if (shouldCommit()) {
      waker = group.name();
      identity = WaitLoop.identity(slot);
      outcome = how.label;
      latency = nanosToRun;
      lost = eventsLost;
      commit();
    }
  }
}
