package io.github.atomicwaker.samples.metrics;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Grafana dashboard and the alerts ask for nothing that a scrape does not have. */
@Timeout(60)
class DashboardTest {
  private static final Path DASHBOARD = Path.of("grafana-dashboard.json");
  private static final Path ALERTS = Path.of("prometheus-alerts.yaml");

  private static final Set<String> FUNCTIONS = Set.of("sum", "max", "rate");

  /** A rule of the alerts: its name, its query, and the rest. */
  private static final Pattern RULE =
      Pattern.compile("(?ms)^ +- alert: (\\w+)\n +expr: (.*?)\n(.*?)(?= +- alert:|\\z)");

  private static final Pattern COMPARISON = Pattern.compile("(.*) > [0-9.]+");
  private static final Pattern TEMPLATE = Pattern.compile("\\$labels\\.(\\w+)");

  /** What Prometheus adds to every series that it scrapes. */
  private static final Set<String> OF_THE_TARGET = Set.of("instance", "job");

  private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\{([^}]*)}");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][\\w:]*");
  private static final Pattern LEGEND = Pattern.compile("\\{\\{(.*?)}}");
  private static final Pattern VARIABLE = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");

  private static Scrape scrape;
  private static JsonNode dashboard;

  @BeforeAll
  static void scrape() throws Exception {
    dashboard = JsonMapper.shared().readTree(DASHBOARD.toFile());
    try (LoadedMetrics loaded = new LoadedMetrics()) {
      scrape = loaded.scrape();
    }
  }

  @Test
  void everyQueryIsOfMetersAndLabelsThatThereAre() {
    for (JsonNode target : targets()) {
      check(target.get("expr").asString(), target.get("legendFormat").asString());
    }
  }

  @Test
  void everyAlertIsOfMetersAndLabelsThatThereAre() throws Exception {
    String alerts = Files.readString(ALERTS);
    List<MatchResult> rules = found(RULE, alerts).toList();
    assertEquals(
        List.of("AtomicWakerOldestWait", "AtomicWakerLatency"),
        rules.stream().map(rule -> rule.group(1)).toList());
    for (MatchResult rule : rules) {
      checkAlert(rule.group(2), rule.group(3));
    }
  }

  private static void checkAlert(String query, String rest) {
    MatchResult compared = found(COMPARISON, query).findFirst().orElseThrow();
    check(compared.group(1), "");
    Set<String> labels = new HashSet<>(OF_THE_TARGET);
    labels.addAll(labels(found(WORD, query).findFirst().orElseThrow().group()));
    found(TEMPLATE, rest).forEach(used -> assertTrue(labels.contains(used.group(1)), used.group()));
  }

  @Test
  void everyMeterIsOnTheDashboard() {
    Set<String> shown =
        targets().stream()
            .flatMap(target -> found(SELECTOR, target.get("expr").asString()))
            .map(selector -> selector.group(1))
            .collect(toSet());
    assertEquals(scrape.series().stream().map(Scrape.Series::name).collect(toSet()), shown);
  }

  @Test
  void everyVariableIsDefinedAndUsed() {
    Set<String> defined = new HashSet<>();
    for (JsonNode variable : dashboard.at("/templating/list")) {
      defined.add(variable.get("name").asString());
      if (variable.get("type").asString().equals("query")) {
        MatchResult query =
            VARIABLE
                .matcher(variable.at("/query/query").asString())
                .results()
                .findFirst()
                .orElseThrow();
        assertEquals(query.group(), variable.get("definition").asString());
        assertTrue(labels(query.group(1)).contains(query.group(2)), query.group());
      }
    }
    Set<String> used =
        found(Pattern.compile("\\$\\{?(\\w+)"), dashboard.toString())
            .map(variable -> variable.group(1))
            .filter(variable -> !variable.startsWith("__")) // Grafana's own
            .collect(toSet());
    assertEquals(defined, used);
  }

  @Test
  void everyPanelHasATitleAnIdAndAPlaceOfItsOwn() {
    Set<String> seen = new HashSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      assertFalse(panel.get("title").asString().isBlank());
      assertTrue(seen.add("id " + panel.get("id")), "id " + panel.get("id"));
      assertTrue(seen.add("at " + panel.get("gridPos")), "at " + panel.get("gridPos"));
      assertEquals("${datasource}", panel.at("/datasource/uid").asString());
    }
  }

  @Test
  void aQueryOfWhatThereIsNotIsFound() {
    String rate = "sum by (result) (rate(atomicwaker_wakes_total{result=\"idle\"}[1m]))";
    check(rate, "{{result}}");
    for (List<String> wrong :
        List.of(
            List.of("wakes_total", "wake_total"),
            List.of("{result", "{outcome"),
            List.of("\"idle\"", "\"idel\""),
            List.of("by (result)", "by (cause)"),
            List.of("rate(", "rat("))) {
      String broken = rate.replace(wrong.get(0), wrong.get(1));
      assertThrows(AssertionError.class, () -> check(broken, "{{result}}"), broken);
    }
    assertThrows(AssertionError.class, () -> check(rate, "{{waker}}"));
    String alert = "atomicwaker_waiting_longest_seconds > 60";
    checkAlert(alert, "{{ $labels.waker }} {{ $labels.job }}");
    assertThrows(AssertionError.class, () -> checkAlert(alert, "{{ $labels.group }}"));
    assertThrows(AssertionError.class, () -> checkAlert(alert.replace("st_", "_"), ""));
  }

  private static List<JsonNode> targets() {
    List<JsonNode> targets = new ArrayList<>();
    for (JsonNode panel : dashboard.get("panels")) {
      panel.get("targets").forEach(targets::add);
    }
    assertFalse(targets.isEmpty());
    return targets;
  }

  /** Holds a query against the scrape: its meters, the labels of each, and the legend's. */
  private static void check(String query, String legend) {
    found(SELECTOR, query)
        .forEach(
            selector ->
                found(MATCHER, selector.group(2))
                    .forEach(matcher -> checkMatcher(selector.group(1), matcher)));
    Set<String> grouped =
        found(BY, query).flatMap(by -> Stream.of(by.group(1).split(", *"))).collect(toSet());
    // What is left is functions and meters.
    String bare = query.replaceAll("\\{[^}]*}|\\[[^]]*]", "").replaceAll(BY.pattern(), "");
    for (MatchResult word : found(WORD, bare).toList()) {
      if (!FUNCTIONS.contains(word.group())) {
        Set<String> labels = labels(word.group());
        assertTrue(labels.containsAll(grouped), () -> query + ": no label " + grouped);
      }
    }
    Set<String> named = found(LEGEND, legend).map(label -> label.group(1)).collect(toSet());
    assertTrue(grouped.containsAll(named), () -> query + " has no " + legend);
  }

  private static void checkMatcher(String meter, MatchResult matcher) {
    String label = matcher.group(1);
    assertTrue(labels(meter).contains(label), () -> meter + " has no label " + label);
    if (matcher.group(2).equals("=")) {
      assertTrue(
          scrape.series().stream()
              .filter(series -> series.name().equals(meter))
              .anyMatch(series -> matcher.group(3).equals(series.labels().get(label))),
          () -> meter + " has no " + matcher.group());
    }
  }

  /** The labels that every series of a meter has. */
  private static Set<String> labels(String meter) {
    return scrape.series().stream()
        .filter(series -> series.name().equals(meter))
        .map(series -> series.labels().keySet())
        .reduce((some, others) -> some.stream().filter(others::contains).collect(toSet()))
        .orElseGet(() -> fail("the scrape has no " + meter));
  }

  private static Stream<MatchResult> found(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }
}
