package io.github.atomicwaker.stress.soak;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds who is stranded: parked although what it waits for is there, or although it is no longer in
 * the slot, so that nobody will find it. On a machine that is merely slow, such a thread has been
 * unparked and is waiting for its turn to run, which its state shows; so this is no guess. What
 * else may go wrong (a message that is lost, a thread that spins) stops a station, and shows when
 * the run ends and nothing is received any longer.
 */
final class Watchdog {

  /** How many looks in a row convict a thread. */
  static final int LOOKS = 10;

  /** How many looks in a row without any progress convict everybody. */
  private static final int IDLE_LOOKS = 3 * LOOKS;

  private static final int SHOWN = 5;

  private final List<? extends Suspect> suspects;
  private long progress = -1;
  private int idleLooks;

  Watchdog(List<? extends Suspect> suspects) {
    this.suspects = suspects;
  }

  /**
   * Looks at all of them.
   *
   * @param progress anything that changes while the run makes progress
   * @return what is wrong, or null
   */
  @Nullable String look(long progress) {
    Predicate<Suspect> stranded = suspect -> suspect.looksInVain() >= LOOKS;
    List<? extends Suspect> found = suspects.stream().filter(stranded).toList();
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

  /** Who has not yet ended. */
  List<? extends Suspect> running() {
    return suspects.stream().filter(suspect -> !suspect.hasEnded()).toList();
  }

  static String report(String what, List<? extends Suspect> suspects) {
    StringBuilder report = new StringBuilder("%,d stuck: %s%n".formatted(suspects.size(), what));
    suspects.stream().limit(SHOWN).forEach(suspect -> report.append('\n').append(suspect.report()));
    if (suspects.size() > SHOWN) {
      report.append("%nand %,d more%n".formatted(suspects.size() - SHOWN));
    }
    return report.toString();
  }
}
