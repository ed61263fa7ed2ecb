package io.github.atomicwaker.stress.litmus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A race on a machine: a program for herd7, which never reaches what it asks for, and its controls,
 * which the comment at its top lists. Each control leaves a part out, or replaces it:
 *
 * <pre>
 *   control "no fence in wake"
 *     in P1: DMB ISH => nothing
 *     says Sometimes
 * </pre>
 *
 * <p>"the first" or "the last" before an instruction chooses one of several. What says "Never" has
 * a reason: "says Never, since …"; and so has what a machine cannot leave out: "no control "…",
 * since …".
 *
 * @param machine the folder
 * @param race the file, without its ending
 * @param program all of it
 */
record Litmus(String machine, String race, String program, List<Control> controls) {

  static final String ENDING = ".litmus";

  private static final Pattern CONTROL = Pattern.compile(" *control \"(.+)\"");
  private static final Pattern CHANGE = Pattern.compile(" *in (P\\d+): (.+?) => (.+)");
  private static final Pattern SAYS = Pattern.compile(" *says (Never, since .+|Sometimes)");
  private static final Pattern EXCUSE = Pattern.compile(" *no control \"(.+)\", since .+");

  /** A program with a part left out, and what herd7 must say of it. */
  record Control(String name, String program, Says says) {}

  /** Reads a file of the folder of its machine. */
  static Litmus read(Path folder, Path file) throws IOException {
    String machine = folder.relativize(file).getName(0).toString();
    String race = file.getFileName().toString().replace(ENDING, "");
    try {
      String program = Files.readString(file);
      return new Litmus(machine, race, program, controls(program));
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException(machine + "/" + race + ": " + invalid.getMessage());
    }
  }

  private static List<Control> controls(String program) {
    List<Control> controls = new ArrayList<>();
    boolean excused = false;
    String name = "";
    Columns changed = new Columns(program);
    for (String line : comment(program)) {
      Matcher control = CONTROL.matcher(line);
      Matcher change = CHANGE.matcher(line);
      Matcher says = SAYS.matcher(line);
      if (control.matches()) {
        requireSaid(name);
        name = control.group(1);
        changed = new Columns(program);
      } else if (change.matches()) {
        changed.change(change.group(1), change.group(2), change.group(3));
      } else if (says.matches()) {
        if (name.isEmpty() || changed.program().equals(new Columns(program).program())) {
          throw new IllegalArgumentException("no control before: " + line.strip());
        }
        controls.add(
            new Control(name, changed.program(), Says.of(says.group(1).replaceAll(",.*", ""))));
        name = "";
      } else if (EXCUSE.matcher(line).matches()) {
        excused = true;
      } else if (!name.isEmpty()) {
        throw new IllegalArgumentException("what is this: " + line.strip());
      }
    }
    requireSaid(name);
    if (controls.isEmpty() && !excused) {
      throw new IllegalArgumentException("no control, and no reason");
    }
    return List.copyOf(controls);
  }

  private static void requireSaid(String control) {
    if (!control.isEmpty()) {
      throw new IllegalArgumentException("what does \"%s\" say?".formatted(control));
    }
  }

  private static List<String> comment(String program) {
    int begin = program.indexOf("(*");
    int end = program.indexOf("*)");
    return begin < 0 || end < begin
        ? List.of()
        : program.substring(begin, end).lines().skip(1).toList();
  }

  /** A program whose instructions may be changed. */
  private static final class Columns {
    private final List<String> before;
    private final List<String[]> table = new ArrayList<>();
    private final List<String> after;

    Columns(String program) {
      List<String> lines = program.lines().toList();
      int begin = 0;
      while (begin < lines.size() && !lines.get(begin).startsWith(" P0")) {
        begin++;
      }
      int end = begin;
      while (end < lines.size() && lines.get(end).endsWith(";")) {
        table.add(cells(lines.get(end++)));
      }
      if (table.isEmpty()) {
        throw new IllegalArgumentException("no line that begins with \" P0\"");
      }
      before = lines.subList(0, begin);
      after = lines.subList(end, lines.size());
    }

    private static String[] cells(String line) {
      return Arrays.stream(line.substring(0, line.length() - 1).split("\\|", -1))
          .map(String::strip)
          .toArray(String[]::new);
    }

    void change(String thread, String which, String into) {
      int column = Arrays.asList(table.getFirst()).indexOf(thread);
      if (column < 0) {
        throw new IllegalArgumentException("no " + thread);
      }
      String instruction = which.replaceFirst("^the (first|last) ", "");
      List<String[]> found =
          table.stream().skip(1).filter(row -> row[column].equals(instruction)).toList();
      if (found.isEmpty() || (found.size() > 1 && which.equals(instruction))) {
        throw new IllegalArgumentException(
            "%d times in %s: %s".formatted(found.size(), thread, instruction));
      }
      String[] row = which.startsWith("the last") ? found.getLast() : found.getFirst();
      row[column] = into.equals("nothing") ? "" : into;
    }

    String program() {
      List<String> lines = new ArrayList<>(before);
      table.forEach(row -> lines.add(" " + String.join(" | ", row) + " ;"));
      lines.addAll(after);
      return String.join("\n", lines) + "\n";
    }
  }
}
