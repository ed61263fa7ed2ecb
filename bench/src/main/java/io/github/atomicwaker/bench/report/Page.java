package io.github.atomicwaker.bench.report;

import io.github.atomicwaker.bench.report.Charts.Run;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a page: a summary, the goals, and the rows with their tables. */
final class Page {

  /** The path of a relative link, without an anchor. */
  private static final Pattern LINK = Pattern.compile("(?<=\\]\\()[^)#:]+(?=[)#])");

  /** Where the charts are, seen from the page. */
  private final String charts;

  /** Which machines and JDKs the rows were measured on. */
  private final List<String> machines;

  private final StringBuilder text = new StringBuilder();

  private Page(String charts, List<Run> runs) {
    this.charts = charts;
    machines = runs.stream().map(Page::machine).distinct().toList();
  }

  /** The page of all rows but those that are apart. */
  static String main(List<Run> runs, Map<String, String> notes, Path folder) {
    Page page = new Page(folder.getFileName() + "/", runs);
    Map<String, List<Measured>> rows = new LinkedHashMap<>();
    runs.forEach(run -> rows.put(run.row().id(), run.results()));
    List<Goal> goals = Goal.all(rows);
    page.line("# Benchmarks");
    page.line("");
    Summary.of(rows, goals).forEach(page::line);
    page.line("");
    page.line("## How to read this");
    page.howToRead(folder);
    page.goals(goals, runs);
    for (Run run : runs) {
      page.section(run, goals, notes);
    }
    return page.text.toString();
  }

  /** The page of a row that is apart. */
  static String apart(Run run, Map<String, String> notes) {
    Page page = new Page("", List.of(run));
    page.line("# %s".formatted(run.row().title()));
    page.line("");
    page.line(
        "%s See [how to read it](../benchmarks.md#how-to-read-this), and [the goals](../benchmarks.md#goals)."
            .formatted(run.row().operation()));
    page.misses(run, Goal.all(Map.of(run.row().id(), run.results())), notes);
    page.tables(run);
    page.measured(run);
    return page.text.toString();
  }

  private void howToRead(Path folder) {
    line("");
    line(
        "The machine was shared: %s. Take ratios, not times, and compare within a table: its forks were interleaved."
            .formatted(String.join("; or ", machines)));
    line("");
    line(
        "A figure is the median of the forks. `~` marks forks that differ by more than 2×; the error bars of the charts show their range. Raw `LockSupport` is a bare park and unpark. Fixed strategies are that, \"spin 100, park\", and \"2 yields, park\".");
    line("");
    line(
        "The classes of [bench](../bench/README.md) say how it is measured. The first command measures a row, with the options under its tables; the second makes this page from the JSON files in `%s`:"
            .formatted(folder.getFileName()));
    line("");
    line("    %s -Dbench=ROW".formatted(BenchRunner.COMMAND));
    line("    mvn -q -pl bench -am compile exec:exec@charts");
  }

  private void goals(List<Goal> goals, List<Run> runs) {
    line("");
    line("## Goals");
    line("");
    line("| goal | what it asks | worst point |");
    line("|---|---|---|");
    for (Goal goal : goals) {
      List<Run> of = runs.stream().filter(run -> run.row().id().equals(goal.row())).toList();
      boolean whole = !of.isEmpty() && of.getFirst().failed().isEmpty();
      line(
          "| %s | %s | %s: %s |"
              .formatted(
                  of.isEmpty()
                      ? "`%s`".formatted(goal.key())
                      : link(goal.key(), of.getFirst().row()),
                  goal.promise(),
                  whole ? goal.verdict() : "**incomplete**",
                  goal.worst()));
    }
  }

  private static String link(String key, Row row) {
    return "[`%s`](#%s)".formatted(key, anchor(row.title()));
  }

  /** What a forge calls a heading. */
  static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} -]", "").replace(' ', '-');
  }

  private void section(Run run, List<Goal> goals, Map<String, String> notes) {
    line("");
    line("## %s".formatted(run.row().title()));
    line("");
    line(run.row().operation());
    if (run.row().apart()) {
      line("");
      line("The tables have [a page of their own](%s%s.md).".formatted(charts, run.row().id()));
      return;
    }
    misses(run, goals, notes);
    tables(run);
    measured(run);
  }

  /** The reasons are as the page has them, or as a page in the folder. */
  private void misses(Run run, List<Goal> goals, Map<String, String> notes) {
    for (Goal goal : goals) {
      if (goal.row().equals(run.row().id()) && goal.measured() && !goal.met()) {
        String reason = notes.getOrDefault(goal.key(), "The reason is not known.");
        line("");
        line(
            "**`%s` misses:** %s. %s"
                .formatted(
                    goal.key(),
                    goal.missesInShort(),
                    charts.isEmpty() ? reason : linkedFromPage(reason, Path.of(charts))));
      }
    }
  }

  private void tables(Run run) {
    for (String name : run.parts()) {
      Part part = new Part(run, name);
      line("");
      if (!name.isEmpty()) {
        line("### %s".formatted(part.heading()));
        line("");
      }
      part.table().forEach(this::line);
      if (part.hasChart()) {
        line("");
        line("![%s](%s%s)".formatted(part.title(), charts, part.chart()));
      }
    }
  }

  private void measured(Run run) {
    line("");
    if (!run.failed().isEmpty()) {
      line("Failed, and so not in here: %s.".formatted(String.join(", ", run.failed())));
      line("");
    }
    String where = machines.size() == 1 ? "" : machine(run) + ", ";
    String options = run.text("command").replace(BenchRunner.COMMAND, "").strip();
    String all = "-Dforks=" + run.text("forks");
    String forks = options.contains(all) ? "" : ", %s forks".formatted(run.text("forks"));
    line("%s%s%s: `%s`".formatted(where, run.text("date"), forks, options));
  }

  private static String machine(Run run) {
    return run.text("machine") + ", " + run.text("jdk");
  }

  /** A note is in the folder, and the page beside that: what one links to, so does the other. */
  static String linkedFromPage(String note, Path folder) {
    return LINK.matcher(note)
        .replaceAll(
            link -> Matcher.quoteReplacement(folder.resolve(link.group()).normalize().toString()));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
