package io.github.atomicwaker.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChartsTest {

  @Test
  void linksOfANoteLeadWhereTheyLedFromItsFolder() {
    assertEquals(
        "[a](decisions/a.md#b), ![c](benchmarks/c.svg), [d](https://example.org/d), [e](#e)",
        Charts.linkedFromPage(
            "[a](../decisions/a.md#b), ![c](c.svg), [d](https://example.org/d), [e](#e)",
            Path.of("benchmarks")));
  }
}
