package io.github.atomicwaker.samples.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final List<String> turns = new ArrayList<>();

  @Test
  void theContestantsTakeTurnsAtGoingFirst() throws Exception {
    Rounds.run(1, 3, List.of(turn("a", 1), turn("b", 1)));
    assertEquals(
        List.of(
            "b warm-up",
            "a warm-up",
            "a round 1 of 3",
            "b round 1 of 3",
            "b round 2 of 3",
            "a round 2 of 3",
            "a round 3 of 3",
            "b round 3 of 3"),
        turns);
  }

  @Test
  void ratiosAreTakenWithinARound() throws Exception {
    Rounds compared =
        Rounds.run(1, 3, List.of(turn("a", 99, 1, 20, 30), turn("b", 99, 2, 100, 90)));
    assertEquals(20, compared.median(0, 0));
    assertEquals(90, compared.median(1, 0));
    assertEquals(new Rounds.Spread(3, 2, 5), compared.ratio(1, 0, 0));
  }

  /** Measures these, and from then on the last one. */
  private Rounds.Turn turn(String name, double... measured) {
    return round -> {
      int before = (int) turns.stream().filter(turn -> turn.startsWith(name)).count();
      turns.add(name + " " + round);
      return new double[] {measured[Math.min(before, measured.length - 1)]};
    };
  }
}
