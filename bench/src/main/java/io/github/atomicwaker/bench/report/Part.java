package io.github.atomicwaker.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What has one table and one chart: a row, or a part of it. */
record Part(
    String title,
    String heading,
    String chart,
    String unit,
    boolean bytes,
    List<Measured> results) {

  /** Less is noise: of bytes, what JMH allocates itself. */
  private static final double LEAST = 0.1;

  private static final Map<String, String> EXTRAS =
      Map.of("heapPerWaiter", "heap of one, bytes", "bytesPerWaker", "its waker, bytes");

  Part(Charts.Run run, String name) {
    this(
        name.isEmpty() ? run.row().title() : run.row().title() + ": " + name,
        name.isEmpty() ? "" : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
        (run.row().id() + " " + name).strip().replaceAll("[ ,]+", "-") + ".svg",
        run.row().countsBytes() ? "bytes" : "ns",
        run.row().countsBytes(),
        run.results().stream().filter(m -> m.part().equals(name)).toList());
  }

  List<String> contestants() {
    return results.stream().map(Measured::contestant).distinct().toList();
  }

  List<String> columns() {
    return results.stream().map(Measured::column).distinct().toList();
  }

  /** With nothing but zeros there is nothing to see. */
  boolean hasChart() {
    return results.stream().anyMatch(m -> m.score().median() >= LEAST);
  }

  /** The lines of the table, or one line if all is zero. */
  List<String> table() {
    if (!hasChart()) {
      return List.of(
          "All below %s %s: %s.".formatted(LEAST, unit, String.join(", ", contestants())));
    }
    List<String> extras =
        bytes
            ? List.of()
            : results.stream().flatMap(m -> m.others().keySet().stream()).distinct().toList();
    List<String> head = new ArrayList<>(columns());
    head.replaceAll(column -> column.isEmpty() ? "each" : column);
    extras.forEach(extra -> head.add(EXTRAS.getOrDefault(extra, extra)));
    List<String> lines = new ArrayList<>();
    lines.add("| %s | %s |".formatted(unit, String.join(" | ", head)));
    lines.add("|---|%s".formatted("---:|".repeat(head.size())));
    for (String contestant : contestants()) {
      List<String> cells = new ArrayList<>();
      for (String column : columns()) {
        cells.add(find(contestant, column).map(Part::cell).orElse(""));
      }
      for (String extra : extras) {
        cells.add(
            find(contestant, columns().getFirst())
                .flatMap(m -> m.other(extra))
                .map(Measured.Forks::median)
                .filter(median -> median > 0)
                .map(Numbers::digits)
                .orElse(""));
      }
      while (cells.getLast().isEmpty()) {
        cells.removeLast(); // a row may be shorter than its head
      }
      lines.add("| %s | %s |".formatted(contestant, String.join(" | ", cells)));
    }
    return lines;
  }

  private static String cell(Measured measured) {
    Measured.Forks score = measured.score();
    return (score.scattered() && score.median() >= LEAST ? "~" : "")
        + Numbers.digits(score.median());
  }

  private Optional<Measured> find(String contestant, String column) {
    return results.stream()
        .filter(m -> m.contestant().equals(contestant) && m.column().equals(column))
        .findFirst();
  }
}
