package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitPolicyTest {

  private final WaitPolicy policy = WaitPolicy.ADAPTIVE;

  @ParameterizedTest
  @CsvSource({
    "16, true, 512",
    "-1024, true, 512",
    "512, false, 256",
    "17, false, 8",
    "16, false, -2",
    "8, false, -2",
    "-2, false, -4",
    "-1024, false, -1024",
  })
  void aSpinThatPaidIsAsLongAsAnyAndOneThatDidNotIsHalved(int learnt, boolean paid, int lesson) {
    assertEquals(lesson, policy.learn(learnt, paid));
  }

  @Test
  void whatIsLearntIsHowLongAWaitSpins() {
    for (int turns = policy.fewestSpins(); turns <= policy.mostSpins(); turns++) {
      assertEquals(turns, policy.turnsToSpin(turns));
    }
  }

  @Test
  void parkingOnlyNeverSpins() {
    for (int i = 0; i < 10_000; i++) {
      assertEquals(0, WaitPolicy.PARKING_ONLY.turnsToSpin(0));
    }
  }
}
