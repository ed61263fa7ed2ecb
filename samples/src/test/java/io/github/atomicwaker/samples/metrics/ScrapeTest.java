package io.github.atomicwaker.samples.metrics;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapeTest {

  @Test
  void aLineIsANameLabelsAndAValue() throws Exception {
    Scrape scrape =
        Scrape.parse(
            """
            # HELP wakes_total Calls of wake and take
            # TYPE wakes_total counter
            wakes_total{result="idle",waker="a"} 1.5E7

            up 1
            """);
    assertEquals(
        List.of(
            new Scrape.Series("wakes_total", Map.of("result", "idle", "waker", "a"), 15_000_000),
            new Scrape.Series("up", Map.of(), 1)),
        scrape.series());
  }

  @Test
  void aLabelMayHoldAnything() throws Exception {
    Scrape scrape = Scrape.parse("up{a=\"},\\\\ \\\"b\\\"\\n\",c=\"\"} NaN");
    assertEquals(
        List.of(new Scrape.Series("up", Map.of("a", "},\\ \"b\"\n", "c", ""), Double.NaN)),
        scrape.series());
  }

  @Test
  void theSumIsOfTheSeriesThatHaveTheLabels() throws Exception {
    Scrape scrape =
        Scrape.parse(
            """
            a{k="x",l="1"} 1
            a{k="x",l="2"} 2
            a{k="y",l="1"} 4
            b{k="x"} +Inf
            """);
    assertEquals(3, scrape.sum("a", Map.of("k", "x")));
    assertEquals(7, scrape.sum("a", Map.of()));
    assertEquals(Double.POSITIVE_INFINITY, scrape.sum("b", Map.of()));
  }

  @Test
  void whatIsMissingIsNotNought() throws Exception {
    Scrape scrape = Scrape.parse("a{k=\"x\"} 1");
    assertThrows(IOException.class, () -> scrape.sum("b", Map.of()));
    assertThrows(IOException.class, () -> scrape.sum("a", Map.of("k", "y")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "a", "a{k=\"x\" 1", "a{k=x} 1", "a{k=\"x\"} one"})
  void nonsenseIsRefused(String text) {
    IOException refused = assertThrows(IOException.class, () -> Scrape.parse(text));
    assertTrue(requireNonNull(refused.getMessage()).startsWith("not in Prometheus' text form"));
  }
}
