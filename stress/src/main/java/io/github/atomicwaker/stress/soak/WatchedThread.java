package io.github.atomicwaker.stress.soak;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A thread under the watchdog: what it waits for, whether it moves, and whether it has ended. */
class WatchedThread {

  final Thread thread;
  final String role;

  private final AtomicLong moves = new AtomicLong();

  /** What it waits for, while it does. */
  volatile @Nullable WaitTarget target;

  private volatile boolean ended;

  // The watchdog's own:
  private long movesSeen;
  private int looksStranded;

  WatchedThread(Thread thread, String role) {
    this.thread = thread;
    this.role = role;
  }

  // The thread's side.

  /** Without a fence, which might hide that the waker lacks one. */
  final void moved() {
    moves.setOpaque(moves.getPlain() + 1);
  }

  /** The wait is over. */
  final void waited() {
    target = null;
    moved();
  }

  final void end() {
    ended = true;
  }

  // The watchdog's side.

  /** Counts the watchdog's looks in a row at which this thread was parked and should be awake. */
  int looksStranded() {
    WaitTarget what = target;
    long seen = moves();
    looksStranded = what != null && seen == movesSeen && isStranded(what) ? looksStranded + 1 : 0;
    movesSeen = seen;
    return looksStranded;
  }

  /** Changes while it waits and looks. */
  final long moves() {
    return moves.getOpaque();
  }

  private boolean isStranded(WaitTarget what) {
    Thread.State state = thread.getState(); // RUNNABLE as soon as a virtual thread is unparked
    return (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING)
        && what.isDue(thread);
  }

  final boolean hasEnded() {
    return ended;
  }

  /** The role, the thread, what it waits for, and where. */
  String report() {
    StringBuilder report = new StringBuilder(summary());
    for (StackTraceElement frame : thread.getStackTrace()) {
      report.append("    at %s%n".formatted(frame));
    }
    return report.toString();
  }

  /** The report without the stack. */
  final String summary() {
    WaitTarget what = target;
    String summary = "%s, %s, %s%n".formatted(role, thread, thread.getState());
    return what == null
        ? summary
        : "%s  waits on %s%n  and should be %s%n"
            .formatted(summary, what, what.isDue(thread) ? "awake" : "asleep");
  }
}
