package io.github.atomicwaker.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes of the JSON files what people read: docs/benchmarks.md, the pages of rows that are apart,
 * and the charts in all of them. The reasons why a goal is not met are in docs/benchmarks/notes.md,
 * each under a heading that is the key of the goal.
 */
public final class Charts {

  /** One row that was measured: the file, and the results in it. */
  record Run(Row row, JsonNode file, List<Measured> results) {
    String text(String field) {
      return file.path(field).asString();
    }

    List<String> failed() {
      return file.path("failed").valueStream().map(JsonNode::asString).toList();
    }

    List<String> parts() {
      return results.stream().map(Measured::part).distinct().toList();
    }
  }

  private Charts() {}

  /** Reads the results of full runs, or with the system property "quick" of short ones. */
  public static void main(String[] args) throws IOException {
    Path folder = BenchRunner.results(Boolean.getBoolean("quick"));
    List<Run> runs = read(folder);
    write(folder.resolveSibling("benchmarks.md"), Page.main(runs, notes(folder), folder));
    for (Run run : runs) {
      if (run.row().apart()) {
        write(folder.resolve(run.row().id() + ".md"), Page.apart(run, notes(folder)));
      }
      for (String part : run.parts()) {
        chart(folder, new Part(run, part));
      }
    }
  }

  /** The rows that have been measured. */
  static List<Run> read(Path folder) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (Row row : Row.ALL) {
      Path file = folder.resolve(row.id() + ".json");
      if (Files.exists(file)) {
        JsonNode json = JsonMapper.shared().readTree(file);
        runs.add(new Run(row, json, Measured.all(json.path("results"))));
      }
    }
    return runs;
  }

  /** Why goals are not met, by the keys of the goals. */
  static Map<String, String> notes(Path folder) throws IOException {
    Path file = folder.resolve("notes.md");
    if (Files.notExists(file)) {
      return Map.of();
    }
    return Arrays.stream(Files.readString(file).split("(?m)^## "))
        .skip(1)
        .map(note -> note.split("\\R", 2))
        .collect(Collectors.toMap(note -> note[0].strip(), note -> note[1].strip()));
  }

  private static void write(Path path, String page) throws IOException {
    Files.writeString(path, page);
    System.out.println("Wrote " + path);
  }

  private static void chart(Path folder, Part part) throws IOException {
    if (part.hasChart()) {
      Plot.write(
          folder.resolve(part.chart()),
          part.title(),
          part.unit() + " per operation",
          part.contestants(),
          part.columns(),
          part.results());
    }
  }
}
