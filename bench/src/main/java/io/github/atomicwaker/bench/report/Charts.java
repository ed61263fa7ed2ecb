package io.github.atomicwaker.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes of the JSON files what people read: docs/benchmarks.md, with tables, charts, and the goals.
 * All that is written by hand in it are the reasons why a goal is not met, in
 * docs/benchmarks/notes.md: each under a heading, the key of the goal.
 */
public final class Charts {

  private static final Map<String, String> EXTRAS =
      Map.of("heapPerWaiter", "heap of one, bytes", "bytesPerWaker", "its waker, bytes");

  /** The path of a relative link, without an anchor. */
  private static final Pattern LINK = Pattern.compile("(?<=\\]\\()[^)#:]+(?=[)#])");

  private final Path folder;
  private final StringBuilder page = new StringBuilder();

  private Charts(Path folder) {
    this.folder = folder;
  }

  /** Reads the results of full runs, or with the system property "quick" of short ones. */
  public static void main(String[] args) throws IOException {
    new Charts(BenchRunner.results(Boolean.getBoolean("quick"))).write();
  }

  private void write() throws IOException {
    Map<String, JsonNode> files = new LinkedHashMap<>();
    Map<String, List<Measured>> rows = new LinkedHashMap<>();
    for (Row row : Row.ALL) {
      Path file = folder.resolve(row.id() + ".json");
      if (Files.exists(file)) {
        JsonNode json = JsonMapper.shared().readTree(file);
        files.put(row.id(), json);
        rows.put(row.id(), Measured.all(json.path("results")));
      }
    }
    line("# Benchmarks");
    line("");
    line("Made by `mvn -q -pl bench -am compile exec:exec@charts` from the files of JMH's results");
    line(
        "in `%s`. What is measured, and how, stands in the classes of `bench`."
            .formatted(folder.getFileName()));
    line("");
    line(
        "A figure is the median over the forks, a fork the mean of its iterations. The least and the");
    line(
        "most of them are in brackets, then comes the ratio to the floor of the column, which is raw");
    line(
        "`LockSupport`. Compare within a table: its forks were interleaved. Error bars go from the");
    line("least to the most, too.");
    goals(Goal.all(rows), files);
    for (Row row : Row.ALL) {
      JsonNode file = files.get(row.id());
      if (file != null) {
        section(row, file, rows.getOrDefault(row.id(), List.of()));
      }
    }
    Path path = folder.resolveSibling("benchmarks.md");
    Files.writeString(path, page);
    System.out.println("Wrote " + path);
  }

  private void goals(List<Goal> goals, Map<String, JsonNode> files) throws IOException {
    Map<String, String> notes = notes();
    notes.keySet().stream()
        .filter(key -> goals.stream().noneMatch(goal -> goal.key().equals(key)))
        .forEach(key -> System.out.println("A note for no goal: " + key));
    line("");
    line("## Goals");
    line("");
    line("Ratios of times unless it says bytes; less is better.");
    line("");
    line("| goal | at most | measured | |");
    line("| --- | ---: | --- | --- |");
    for (Goal goal : goals) {
      String row = goal.key().substring(0, goal.key().indexOf('.'));
      boolean whole = files.containsKey(row) && files.get(row).path("failed").isEmpty();
      String verdict =
          !goal.measured() || !whole ? "**incomplete**" : goal.met() ? "met" : "**not met**";
      line(
          "| `%s`: %s | %s | %s | %s |"
              .formatted(goal.key(), goal.text(), number(goal.most()), goal.found(), verdict));
    }
    for (Goal goal : goals) {
      if (goal.measured() && !goal.met()) {
        String note = Optional.ofNullable(notes.get(goal.key())).orElse("The reason is not known.");
        line("");
        line("**`%s` is not met.** %s".formatted(goal.key(), note));
      }
    }
  }

  private void section(Row row, JsonNode file, List<Measured> results) throws IOException {
    line("");
    line("## %s".formatted(row.title()));
    line("");
    line(row.operation());
    line("");
    for (String part : results.stream().map(Measured::part).distinct().toList()) {
      List<Measured> shown = results.stream().filter(m -> m.part().equals(part)).toList();
      if (!part.isEmpty()) {
        line("### %s: %s".formatted(row.title(), part));
        line("");
      }
      part(row, part, shown);
      line("");
    }
    if (!file.path("failed").isEmpty()) {
      List<String> failed = file.path("failed").valueStream().map(JsonNode::asString).toList();
      line("Failed, and so not in here: %s.".formatted(String.join(", ", failed)));
      line("");
    }
    line(
        "%s; %s; %s; %s forks of each:"
            .formatted(
                file.path("machine").asString(),
                file.path("jdk").asString(),
                file.path("date").asString(),
                file.path("forks").asString()));
    line("");
    line("    %s".formatted(file.path("command").asString()));
  }

  private void part(Row row, String part, List<Measured> results) throws IOException {
    List<String> contestants = results.stream().map(Measured::contestant).distinct().toList();
    List<String> columns = results.stream().map(Measured::column).distinct().toList();
    String unit = row.countsBytes() ? "bytes per operation" : "ns per operation";
    List<String> extras =
        row.countsBytes()
            ? List.of()
            : results.stream().flatMap(m -> m.others().keySet().stream()).distinct().toList();

    List<String> head = new ArrayList<>(columns);
    head.replaceAll(column -> column.isEmpty() ? unit : column);
    extras.forEach(extra -> head.add(EXTRAS.getOrDefault(extra, extra)));
    line("| %s | %s |".formatted(unit, String.join(" | ", head)));
    line("| --- |%s".formatted(" ---: |".repeat(head.size())));
    for (String contestant : contestants) {
      List<String> cells = new ArrayList<>();
      for (String column : columns) {
        cells.add(cell(find(results, contestant, column), floor(results, column)));
      }
      for (String extra : extras) {
        cells.add(
            find(results, contestant, columns.getFirst())
                .flatMap(m -> m.other(extra))
                .map(Measured.Forks::median)
                .filter(median -> median > 0)
                .map(Charts::number)
                .orElse(""));
      }
      line("| %s | %s |".formatted(contestant, String.join(" | ", cells)));
    }
    if (contestants.size() == 1 || results.stream().allMatch(m -> m.score().median() < 0.1)) {
      return; // nothing to see
    }
    String name = (row.id() + " " + part).strip().replaceAll("[ ,]+", "-") + ".svg";
    String title = part.isEmpty() ? row.title() : row.title() + ": " + part;
    Plot.write(folder.resolve(name), title, unit, contestants, columns, results);
    line("");
    line("![%s](%s/%s)".formatted(title, folder.getFileName(), name));
  }

  private static String cell(Optional<Measured> measured, Optional<Measured> floor) {
    return measured
        .map(Measured::score)
        .map(
            score ->
                "%s (%s–%s)%s"
                    .formatted(
                        number(score.median()),
                        number(score.least()),
                        number(score.most()),
                        floor
                            .map(m -> m.score().median())
                            .filter(raw -> raw >= 0.1)
                            .map(raw -> " ×" + ratio(score.median() / raw))
                            .orElse("")))
        .orElse("");
  }

  private static Optional<Measured> find(List<Measured> results, String contestant, String column) {
    return results.stream()
        .filter(m -> m.contestant().equals(contestant) && m.column().equals(column))
        .findFirst();
  }

  private static Optional<Measured> floor(List<Measured> results, String column) {
    return results.stream().filter(m -> m.floor() && m.column().equals(column)).findFirst();
  }

  /** Three digits. */
  static String number(double value) {
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  /** Two digits behind the point, and of small ones two digits. */
  private static String ratio(double value) {
    int digits = value >= 0.1 ? 2 : value >= 0.01 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private Map<String, String> notes() throws IOException {
    Path file = folder.resolve("notes.md");
    if (Files.notExists(file)) {
      return Map.of();
    }
    return Arrays.stream(Files.readString(file).split("(?m)^## "))
        .skip(1)
        .map(note -> note.split("\\R", 2))
        .collect(
            Collectors.toMap(
                note -> note[0].strip(),
                note -> linkedFromPage(note[1].strip(), folder.getFileName())));
  }

  /** A note is in the folder, and the page beside that: what one links to, so does the other. */
  static String linkedFromPage(String note, Path folder) {
    return LINK.matcher(note)
        .replaceAll(
            link -> Matcher.quoteReplacement(folder.resolve(link.group()).normalize().toString()));
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
