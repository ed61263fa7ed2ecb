package io.github.atomicwaker;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** Two threads that met in one slot. */
@Name("io.github.atomicwaker.Race")
@Label("Waker Race")
@Description("Two threads met in one slot of a waker")
@Category("AtomicWaker")
@SuppressWarnings("UnusedVariable") // JFR reads the fields
final class RaceEvent extends Event {

  @Label("Waker")
  @Description("The name of the waker's group")
  private @Nullable String waker;

  @Label("Identity")
  @Description("The waker's identity, as thread dumps print it for a blocker")
  private @Nullable String identity;

  @Label("Kind")
  @Description("Which race: early, contended, displaced")
  private @Nullable String kind;

  @Label("Lost")
  @Description("How many events of wakers were lost before, since memory or the stack had ended")
  private long lost;

  private RaceEvent() {}

  static void commit(SlotGroup group, Object slot, Race race, long eventsLost) {
    RaceEvent event = new RaceEvent();
    if (event.isEnabled()) {
      event.waker = group.name();
      event.identity = WaitLoop.identity(slot);
      event.kind = race.label;
      event.lost = eventsLost;
      event.commit();
    }
  }
}
