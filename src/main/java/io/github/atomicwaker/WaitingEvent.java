package io.github.atomicwaker;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The waits of a group that last. */
@Name("io.github.atomicwaker.Waiting")
@Label("Waker Waiting")
@Description("The waits of a group that have parked and are not over")
@Category("AtomicWaker")
@Period("10 s")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // JFR reads the fields
final class WaitingEvent extends Event {

  @Label("Waker")
  @Description("The name of the wakers' group")
  private @Nullable String waker;

  @Label("Waiting")
  @Description("How many waits last; a wait within a condition is one of its own")
  private int waiting;

  @Label("Oldest")
  @Description("How long the oldest wait lasts")
  @Timespan
  private long oldest;

  @Label("Oldest Thread")
  @Description("The thread of the oldest wait")
  private @Nullable Thread oldestThread;

  @Label("Oldest Identity")
  @Description("The identity of the waker of the oldest wait, as thread dumps print it")
  private @Nullable String oldestIdentity;

  private WaitingEvent() {}

  /** Commits an event, unless nobody waits. */
  static void commit(WakerGroup group) {
    WaitingEvent event = new WaitingEvent();
    Tracking tracking = group.tracking();
    if (tracking != null && event.isEnabled()) {
      Tracking.Lasting lasting = tracking.lasting();
      TrackedWait oldest = lasting.oldest();
      if (oldest != null) {
        event.waker = group.name();
        event.waiting = lasting.waits();
        event.oldest = lasting.age();
        event.oldestThread = lasting.oldestThread();
        event.oldestIdentity = WaitLoop.identity(AtomicWaker.class, oldest.waker);
        event.commit();
      }
    }
  }
}
