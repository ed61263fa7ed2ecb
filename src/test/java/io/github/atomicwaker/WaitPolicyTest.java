package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitPolicyTest {

  private final WaitPolicy policy = WaitPolicy.ADAPTIVE;

  @ParameterizedTest
  @CsvSource({
    "256, true, 256",
    "128, true, 256",
    "16, true, 32",
    "256, false, 128",
    "32, false, 16",
    "16, false, 0",
  })
  void aSpinThatPaidIsDoubledAndOneThatDidNotIsHalved(int turns, boolean paid, int next) {
    assertEquals(next, policy.next(turns, paid));
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
    assertEquals(0, WaitPolicy.PARKING_ONLY.next(0, true));
  }
}
