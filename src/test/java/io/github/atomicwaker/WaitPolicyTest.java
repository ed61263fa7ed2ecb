package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitPolicyTest {

  private final WaitPolicy policy = WaitPolicy.ADAPTIVE;

  @ParameterizedTest
  @CsvSource({
    "0, true, 0",
    "7, true, 0",
    "63, true, 0",
    "0, false, 1",
    "7, false, 8",
    "55, false, 56",
    "56, false, 57",
    "62, false, 63",
    "63, false, 56",
  })
  void countsTheSpinsThatFailedSinceOnePaidAndRepeatsTheLastRound(
      int failures, boolean paid, int lesson) {
    assertEquals(lesson, policy.learn(failures, paid));
  }

  @Test
  void everySpinOfARoundHasATurnAtLeast() {
    new WaitPolicy(8, 4, 1, 1, 1, 0, 0);
    new WaitPolicy(0, 4, 1, 1, 1, 0, 0); // or no spins at all
    assertThrows(IllegalArgumentException.class, () -> new WaitPolicy(7, 4, 1, 1, 1, 0, 0));
  }

  @Test
  void eachSpinOfARoundIsHalfAsLongAsTheOneBefore() {
    for (int round = 0; round <= policy.lastRound(); round++) {
      for (int spin = 1; spin < policy.spinsPerRound(); spin++) {
        int failures = round * policy.spinsPerRound() + spin;
        assertEquals(policy.mostSpins() >> spin, policy.turnsToSpin(failures));
        assertFalse(policy.yields(failures));
      }
    }
  }

  @Test
  void theFirstRoundBeginsAtOnceAndTheOthersMoreAndMoreSeldom() {
    for (int round = 0; round <= policy.lastRound(); round++) {
      int failures = round * policy.spinsPerRound();
      int expected = 1_000;
      int begun = 0;
      int interval = round == 0 ? 1 : 8 << round;
      for (int waits = 0; waits < expected * interval; waits++) {
        int turns = policy.turnsToSpin(failures);
        begun += turns > 0 ? 1 : 0;
        assertTrue(turns == 0 || turns == policy.mostSpins(), turns + " turns");
      }
      assertTrue(policy.yields(failures));
      if (round == 0) {
        assertEquals(expected, begun);
      } else { // within eight standard deviations
        assertEquals(expected, begun, 8 * Math.sqrt(expected), "of round " + round);
      }
    }
  }

  @Test
  void theFirstGuessIsTheShortestSpin() {
    assertEquals(4, policy.turnsToSpin(policy.firstGuess()));
  }

  @Test
  void parkingOnlyNeverSpins() {
    for (int i = 0; i < 10_000; i++) {
      assertEquals(0, WaitPolicy.PARKING_ONLY.turnsToSpin(WaitPolicy.PARKING_ONLY.firstGuess()));
    }
  }
}
