package io.github.atomicwaker.stress.litmus;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Gives each race and each of its controls to herd7, and compares what it says with what it must
 * say. Takes the folder of the files and the command. Exits with 0 if all is as it must be, 1 if it
 * is not, 2 if a file is invalid, and 3 if there is no herd7.
 */
public final class LitmusRunner {

  static final int GOOD = 0;
  static final int BAD = 1;
  static final int INVALID = 2;
  static final int NO_HERD = 3;

  private final PrintStream out;
  private final List<String> complaints = new ArrayList<>();
  private int races;
  private int never;
  private int controls;
  private int asTheyMust;

  private LitmusRunner(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs all files of a folder.
   *
   * @param args the folder, and the command
   */
  public static void main(String[] args) throws Exception {
    System.exit(run(Path.of(args[0]), args[1], System.out));
  }

  static int run(Path folder, String command, PrintStream out)
      throws IOException, InterruptedException {
    Herd herd;
    try {
      herd = new Herd(command);
    } catch (IOException missing) {
      out.println(
          "There is no %s here: %s".formatted(command, missing.getMessage())
              + "\nIt is in opam's package herdtools7, or can be built from"
              + " https://github.com/herd/herdtools7");
      return NO_HERD;
    }
    List<Litmus> all;
    try {
      all = readAll(folder);
    } catch (IllegalArgumentException invalid) {
      out.println("INVALID " + invalid.getMessage());
      return INVALID;
    }
    return new LitmusRunner(out).judge(all, herd);
  }

  static List<Litmus> readAll(Path folder) throws IOException {
    List<Litmus> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(Litmus.ENDING)).sorted().toList()) {
        all.add(Litmus.read(folder, file));
      }
    }
    return all;
  }

  private int judge(List<Litmus> all, Herd herd) throws IOException, InterruptedException {
    NavigableSet<String> machines =
        all.stream().map(Litmus::machine).collect(toCollection(TreeSet::new));
    NavigableSet<String> names = all.stream().map(Litmus::race).collect(toCollection(TreeSet::new));
    out.printf("herd7 %s%n%n", herd.version());
    out.printf("%-18s%s%n", "", "says, and controls that say what they must");
    out.printf("%-18s", "race");
    machines.forEach(machine -> out.printf(" %-14s", machine));
    out.println();
    for (String name : names) {
      out.printf("%-18s", name);
      for (String machine : machines) {
        String cell = "missing";
        for (Litmus race : all) {
          if (race.machine().equals(machine) && race.race().equals(name)) {
            cell = judge(race, herd);
          }
        }
        if (cell.equals("missing")) {
          complaints.add("MISSING %s/%s".formatted(machine, name));
        }
        out.printf(" %-14s", cell);
        out.flush();
      }
      out.println();
    }
    out.println();
    complaints.forEach(out::println);
    if (races == 0) {
      out.println("MISSING there is no race");
    }
    out.printf(
        "%d races on %d machines, %d never, %d of %d controls say what they must%n",
        races, machines.size(), never, asTheyMust, controls);
    out.flush();
    return complaints.isEmpty() && races > 0 ? GOOD : BAD;
  }

  private String judge(Litmus race, Herd herd) throws InterruptedException {
    String name = race.machine() + "/" + race.race();
    races++;
    String said = ask(name, race.program(), Says.NEVER, herd);
    never += said.equals(Says.NEVER.toString()) ? 1 : 0;
    int good = 0;
    for (Litmus.Control control : race.controls()) {
      String must = control.says().toString();
      String what = name + ", " + control.name();
      good += ask(what, control.program(), control.says(), herd).equals(must) ? 1 : 0;
    }
    controls += race.controls().size();
    asTheyMust += good;
    return "%s %d/%d".formatted(said, good, race.controls().size());
  }

  private String ask(String name, String program, Says must, Herd herd)
      throws InterruptedException {
    try {
      Says said = herd.says(program);
      if (said != must) {
        complaints.add("FLIPPED %s: says %s, not %s".formatted(name, said, must));
      }
      return said.toString();
    } catch (IOException failure) {
      complaints.add("NO ANSWER %s: %s".formatted(name, failure.getMessage()));
      return "no answer";
    }
  }
}
