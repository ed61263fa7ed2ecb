package io.github.atomicwaker.bench.report;

import static io.github.atomicwaker.bench.report.ResultsOfJmh.measured;
import static io.github.atomicwaker.bench.report.ResultsOfJmh.trip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.bench.report.Charts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page that is committed, and what it says of results that are known. */
class PageTest {

  private static final Path FOLDER = Path.of("../docs/benchmarks");
  private static final int MOST_WORDS = 4_000;
  private static final int HALF_A_PAGE = 300;

  private final List<Run> runs = Charts.read(FOLDER);
  private final Map<String, String> notes = Charts.notes(FOLDER);
  private final List<Goal> goals =
      Goal.all(
          runs.stream()
              .collect(
                  Collectors.toMap(
                      run -> run.row().id(), Run::results, (a, b) -> a, LinkedHashMap::new)));
  private final String page = Page.main(runs, notes, FOLDER);

  PageTest() throws IOException {}

  @Test
  void thePagesAreMadeFromTheResults() throws IOException {
    String how = "Make it again: mvn -q -pl bench -am compile exec:exec@charts";
    assertEquals(page, Files.readString(FOLDER.resolveSibling("benchmarks.md")), how);
    for (Run run : runs) {
      if (run.row().apart()) {
        Path file = FOLDER.resolve(run.row().id() + ".md");
        assertEquals(Page.apart(run, notes), Files.readString(file), how);
      }
    }
  }

  @Test
  void thePageIsShort() {
    assertTrue(words(page) <= MOST_WORDS, () -> words(page) + " words");
    String summary = page.substring(0, page.indexOf("\n## "));
    assertTrue(words(summary) <= HALF_A_PAGE, () -> words(summary) + " words in the summary");
  }

  /** As {@code wc -w} counts them. */
  private static int words(String text) {
    return text.strip().split("\\s+", -1).length;
  }

  @Test
  void eachGoalIsOneLineWithItsWorstPointAndALinkToItsSection() {
    Set<String> sections =
        page.lines()
            .filter(line -> line.startsWith("## "))
            .map(line -> Page.anchor(line.substring(3)))
            .collect(Collectors.toSet());
    List<String> lines = page.lines().filter(line -> line.startsWith("| [`")).toList();
    assertEquals(goals.size(), lines.size());
    for (int i = 0; i < goals.size(); i++) {
      Goal goal = goals.get(i);
      String[] cells = lines.get(i).split(" *\\| *", -1);
      String[] link = cells[1].split("[()#]+", -1);
      assertEquals("[`" + goal.key() + "`]", link[0]);
      assertTrue(sections.contains(link[1]), () -> link[1] + " among " + sections);
      assertEquals(goal.promise(), cells[2]);
      assertEquals(goal.verdict() + ": " + goal.worst(), cells[3]);
    }
  }

  @Test
  void eachGoalThatIsNotMetHasItsPointsAndAReasonInItsSection() {
    for (Goal goal : goals) {
      Row row = Row.of(goal.row()).orElseThrow();
      String section = section(row);
      String reason = "**`%s` misses:** %s. ".formatted(goal.key(), goal.missesInShort());
      assertEquals(!goal.met(), section.contains(reason), reason);
    }
    Set<String> missed =
        goals.stream().filter(goal -> !goal.met()).map(Goal::key).collect(Collectors.toSet());
    assertEquals(missed, notes.keySet(), "notes.md has the reasons, and no others");
  }

  /** On the main page, or the page of the row. */
  private String section(Row row) {
    return runs.stream()
        .filter(run -> run.row().equals(row) && row.apart())
        .map(run -> Page.apart(run, notes))
        .findAny()
        .orElseGet(() -> page.substring(page.indexOf("\n## " + row.title() + "\n")));
  }

  @Test
  void linksOfANoteLeadWhereTheyLedFromItsFolder() {
    assertEquals(
        "[a](decisions/a.md#b), ![c](benchmarks/c.svg), [d](https://example.org/d), [e](#e)",
        Page.linkedFromPage(
            "[a](../decisions/a.md#b), ![c](c.svg), [d](https://example.org/d), [e](#e)",
            Path.of("benchmarks")));
  }

  private static String summary(String... trips) {
    Map<String, List<Measured>> rows = Map.of("round-trip", measured(trips));
    return String.join("\n", Summary.of(rows, Goal.all(rows)));
  }

  @Test
  void theSummaryHasTheBadWithTheGood() {
    String said =
        summary(
            trip("AtomicWaker", 1, 100),
            trip("Condition", 1, 800),
            trip("SynchronousQueue", 1, 80),
            trip("pure spin", 1, 50));
    assertTrue(said.startsWith("1 of 39 [goals](#goals) are met."), said);
    assertTrue(
        said.contains(
            "virtual threads** takes 100 ns: 8.00× faster than `Condition`, 1.25× slower than"
                + " `SynchronousQueue`, 2.00× slower than a pure spin."),
        said);
    assertTrue(said.contains("platform threads** takes (not measured)"), said);
  }
}
