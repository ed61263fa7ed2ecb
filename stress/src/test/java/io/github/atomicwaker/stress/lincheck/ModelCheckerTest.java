package io.github.atomicwaker.stress.lincheck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCheckerTest {

  @Test
  void ofTheLogOnlyWhatMeansNothingIsLeftOut() {
    String transform = "[WARN] Unable to transform A, proceeding without instrumentation";
    String trace = "\tjava.lang.IllegalStateException";
    assertEquals(
        List.of(transform, trace, "[ERROR] Failed to get object field offset for field a"),
        ModelChecker.news(
            List.of(
                "[WARN] Failed to get object field offset for field a",
                transform,
                trace,
                "[WARN] Failed to get static field base and offset for field B",
                "[ERROR] Failed to get object field offset for field a")));
  }
}
