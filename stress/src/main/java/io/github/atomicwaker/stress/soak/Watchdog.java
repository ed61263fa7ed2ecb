package io.github.atomicwaker.stress.soak;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds stranded threads: parked although what they wait for is there, or although they are no
 * longer in the slot, so that nobody will wake them. On a machine that is merely slow, such a
 * thread has been unparked and is runnable, which its state shows. What else may go wrong (a
 * message that is lost, a thread that spins) stops a workload, and shows when the run ends and
 * nothing is received any longer.
 */
final class Watchdog {

  /** How many looks in a row at which a thread is stranded are a failure. */
  static final int LOOKS = 10;

  /** How many looks in a row without any progress are a failure. */
  private static final int IDLE_LOOKS = 3 * LOOKS;

  private static final int SHOWN = 5;

  private final List<? extends WatchedThread> threads;
  private long progress = -1;
  private int idleLooks;

  Watchdog(List<? extends WatchedThread> threads) {
    this.threads = threads;
  }

  /**
   * Looks at all of them.
   *
   * @param progress anything that changes while the run makes progress
   * @return what is wrong, or null
   */
  @Nullable String look(long progress) {
    Predicate<WatchedThread> stranded = thread -> thread.looksStranded() >= LOOKS;
    List<? extends WatchedThread> found = threads.stream().filter(stranded).toList();
    if (!found.isEmpty()) {
      return report(
          "parked for %d looks in a row, and no longer has a reason to be".formatted(LOOKS), found);
    }
    idleLooks = progress == this.progress ? idleLooks + 1 : 0;
    this.progress = progress;
    if (idleLooks < IDLE_LOOKS) {
      return null;
    }
    return report(
        "still waits, and nothing was received for %d looks in a row".formatted(IDLE_LOOKS),
        running());
  }

  /** Those that have not yet ended. */
  List<? extends WatchedThread> running() {
    return threads.stream().filter(thread -> !thread.hasEnded()).toList();
  }

  static String report(String what, List<? extends WatchedThread> threads) {
    StringBuilder report = new StringBuilder("%,d stuck: %s%n".formatted(threads.size(), what));
    threads.stream().limit(SHOWN).forEach(thread -> report.append('\n').append(thread.report()));
    if (threads.size() > SHOWN) {
      report.append("%nand %,d more%n".formatted(threads.size() - SHOWN));
    }
    return report.toString();
  }
}
