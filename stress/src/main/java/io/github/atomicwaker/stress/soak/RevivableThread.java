package io.github.atomicwaker.stress.soak;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A watched thread that the JDK may lose. A virtual thread that looks stranded is unparked. If that
 * revives it, the library has forgotten to unpark it. If not, its scheduler has lost it, where the
 * stack or the heap ended. (The watchdog must not look at its stack before: that puts it into the
 * scheduler's queue, too.)
 */
final class RevivableThread extends WatchedThread {

  private final long interval;

  /** The report on a thread that an unpark revived. */
  private @Nullable String forgotten;

  /** The report on a thread that no unpark revives. */
  private @Nullable String lost;

  /**
   * Makes one.
   *
   * @param interval between two looks of the watchdog, in nanoseconds
   */
  RevivableThread(Thread thread, String role, long interval) {
    super(thread, role);
    this.interval = interval;
  }

  @Override
  int looksStranded() {
    int looks = super.looksStranded();
    if (looks < Watchdog.LOOKS || !thread.isVirtual() || forgotten != null) {
      return looks;
    }
    String found = summary();
    if (!isRevived()) {
      return 0;
    }
    forgotten = found + "an unpark has revived it\n";
    return looks;
  }

  /**
   * Unparks it, and returns whether that has revived it: then it moves or ends. One that does
   * neither, and is not on a carrier, is lost.
   */
  boolean isRevived() {
    long before = moves();
    LockSupport.unpark(thread);
    for (int i = 0; i < Watchdog.LOOKS; i++) {
      LockSupport.parkNanos(interval);
      if (moves() != before || hasEnded()) {
        return true;
      }
    }
    String found = super.report();
    boolean onNoCarrier =
        found.contains("java.lang.VirtualThread.park") || found.contains("VirtualThread.tryYield");
    lost = onNoCarrier ? found : null;
    return lost == null;
  }

  /** Whether not even an unpark revives it, which is a virtual thread. */
  boolean isLostByJdk() {
    return lost != null && !hasEnded();
  }

  @Override
  String report() {
    String found = forgotten == null ? lost : forgotten;
    return found == null ? super.report() : found;
  }
}
