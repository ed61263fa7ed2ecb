package io.github.atomicwaker;

import static java.util.stream.Collectors.toMap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Groups with some constants of the wait policy changed. In the library's package, since its users
 * cannot change these.
 */
public final class TunedGroup {

  /** Other values of each constant, as far as the others allow. */
  public static final List<String> CHANGES =
      List.of(
          "maxSpinTurns 128",
          "maxSpinTurns 2048",
          "turnsPerPause 1",
          "turnsPerPause 16",
          "maxSpinNanos 1000",
          "maxSpinNanos 16000 and maxSpinTurns 2048",
          "maxYieldNanos 0",
          "maxYieldNanos 6000",
          "maxYieldNanos 100000",
          "slowYieldNanos 500000",
          "slowYieldNanos 100000000",
          "yieldPeriodNanos 30000",
          "yieldPeriodNanos 2000000",
          "maxFailures 4",
          "maxFailures 8",
          "maxFailures 12");

  /** Other values of the constants of streams, which round trips never meet. */
  public static final List<String> CHANGES_OF_STREAMS =
      List.of(
          "earlyTurns 4",
          "earlyTurns 64",
          "streamPauseNanos 0",
          "streamPauseNanos 300",
          "streamPauseNanos 4000");

  private TunedGroup() {}

  /**
   * Makes a group.
   *
   * @param changes names of constants, each with its value, with "and" between
   */
  public static WakerGroup of(String changes) {
    Map<String, Integer> tuned =
        Arrays.stream(changes.split(" and "))
            .map(change -> change.split(" ", 2))
            .collect(toMap(change -> change[0], change -> Integer.valueOf(change[1])));
    WaitPolicy usual = WaitPolicy.ADAPTIVE;
    return new WakerGroup(
        changes,
        new WaitPolicy(
            tuned.getOrDefault("maxSpinTurns", usual.maxSpinTurns),
            tuned.getOrDefault("turnsPerPause", usual.turnsPerPause),
            tuned.getOrDefault("maxSpinNanos", (int) usual.maxSpinNanos),
            tuned.getOrDefault("earlyTurns", usual.earlyTurns),
            tuned.getOrDefault("streamPauseNanos", (int) usual.streamPauseNanos),
            tuned.getOrDefault("maxYieldNanos", (int) usual.maxYieldNanos),
            tuned.getOrDefault("slowYieldNanos", (int) usual.slowYieldNanos),
            tuned.getOrDefault("busyYieldNanos", (int) usual.busyYieldNanos),
            tuned.getOrDefault("yieldPeriodNanos", (int) usual.yieldPeriodNanos),
            tuned.getOrDefault("maxFailures", usual.maxFailures)),
        null);
  }
}
