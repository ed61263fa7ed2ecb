package io.github.atomicwaker.stress.spin;

import io.github.atomicwaker.stress.Command;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gives the model of the wait to Spin: as it is, which must hold, and with each of its mistakes,
 * which must not. Takes the file, and further symbols for what must hold. Exits with 0 if all is as
 * it must be, 1 if it is not, and 3 if there is no Spin or no C compiler.
 */
public final class SpinRunner {

  static final int GOOD = 0;
  static final int BAD = 1;
  static final int NO_SPIN = 3;

  /** Symbols that are no mistakes. */
  private static final List<String> SETTINGS = List.of("DISTURBANCES", "POOL", "QUIET");

  private static final Pattern SYMBOL = Pattern.compile("^#ifn?def (\\w+)", Pattern.MULTILINE);

  /** The one that breaks the model in which nothing comes, as well. */
  private static final String QUIET_MISTAKE = "NO_UNPARK_OF_THE_DISPLACED";

  private static final Duration LONGEST = Duration.ofHours(1);

  /** NFAIR: weak fairness for up to ten processes. */
  private static final List<String> COMPILE =
      List.of("cc", "-w", "-DNFAIR=3", "-o", "pan", "pan.c");

  /** Acceptance cycles under weak fairness, and how deep. */
  private static final List<String> SEARCH = List.of("./pan", "-a", "-f", "-m1000000");

  /**
   * How the compiler optimizes, and how many places the table of states has, as a power of two. A
   * control is caught soon: it would take longer to make it fast than to run it.
   */
  private enum Effort {
    FOR_ALL_STATES("-O2", "-w26"),
    FOR_A_CONTROL("-O1", "-w20");

    private final String optimization;
    private final String places;

    Effort(String optimization, String places) {
      this.optimization = optimization;
      this.places = places;
    }
  }

  private final Path model;
  private final PrintStream out;
  private final List<String> complaints = new ArrayList<>();

  private SpinRunner(Path model, PrintStream out) {
    this.model = model.toAbsolutePath();
    this.out = out;
  }

  /**
   * Runs the model.
   *
   * @param args the file, and symbols
   */
  public static void main(String[] args) throws Exception {
    List<String> settings = Arrays.stream(args).skip(1).filter(s -> !s.isEmpty()).toList();
    System.exit(new SpinRunner(Path.of(args[0]), System.out).run(settings));
  }

  /** What is true of all runs of a model, or a run of which it is not. */
  record Verdict(boolean broken, long states, boolean complete) {
    private static final Pattern CLAIM = Pattern.compile("never claim\\s+\\+ \\(claim\\)");
    private static final Pattern ERRORS = Pattern.compile("errors: (\\d+)");

    /** Any other error is one of the model. */
    private static final Pattern BROKEN =
        Pattern.compile("^pan:1: (assertion violated|acceptance cycle) ", Pattern.MULTILINE);

    private static final Pattern STATES = Pattern.compile("([\\d.e+]+) states, stored");

    static Verdict of(String printed) throws IOException {
      Matcher errors = ERRORS.matcher(printed);
      Matcher states = STATES.matcher(printed);
      boolean broken = BROKEN.matcher(printed).find();
      if (!errors.find()
          || !states.find()
          || !CLAIM.matcher(printed).find()
          || broken == errors.group(1).equals("0")) {
        throw new IOException(printed.strip());
      }
      return new Verdict(
          broken,
          (long) Double.parseDouble(states.group(1)),
          !printed.contains("Search not completed") && !printed.contains("too small"));
    }
  }

  /** The symbols of a model that make a mistake, in their order in the alphabet. */
  static NavigableSet<String> mistakes(String model) {
    NavigableSet<String> mistakes = new TreeSet<>();
    Matcher symbol = SYMBOL.matcher(model);
    while (symbol.find()) {
      mistakes.add(symbol.group(1));
    }
    SETTINGS.forEach(mistakes::remove);
    return mistakes;
  }

  private int run(List<String> settings) throws IOException, InterruptedException {
    try {
      out.println(command(Path.of("."), List.of("spin", "-V")).strip());
      command(Path.of("."), List.of("cc", "--version"));
    } catch (IOException missing) {
      out.println(
          "Spin and a C compiler have to be on the path (Debian: spin, gcc, libc6-dev): "
              + missing.getMessage());
      return NO_SPIN;
    }
    NavigableSet<String> mistakes = mistakes(Files.readString(model));
    out.printf("%n%-44s %-10s %12s %8s%n", "model", "", "states", "seconds");
    int holds = check("two waiters, nothing comes", List.of("QUIET"), false);
    holds += check("two waiters, two wakers", settings, false);
    List<String> bounds = settings.isEmpty() ? List.of("DISTURBANCES=0") : settings;
    holds += check("two waiters, two wakers, in a pool", with(bounds, "POOL"), false);
    int caught = check(QUIET_MISTAKE + ", nothing comes", List.of("QUIET", QUIET_MISTAKE), true);
    for (String mistake : mistakes) {
      caught += check(mistake, List.of("POOL", mistake), true);
    }
    out.println();
    complaints.forEach(out::println);
    out.printf(
        "%d of 3 models hold, %d of %d controls caught%n", holds, caught, 1 + mistakes.size());
    return complaints.isEmpty() ? GOOD : BAD;
  }

  private int check(String name, List<String> symbols, boolean control)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    String said = "";
    long states = 0;
    try {
      Verdict verdict = verdict(symbols, control ? Effort.FOR_A_CONTROL : Effort.FOR_ALL_STATES);
      states = verdict.states();
      boolean broken = verdict.broken();
      said = broken ? (control ? "caught" : "FAILED") : control ? "NOT CAUGHT" : "holds";
      if (!broken && !verdict.complete()) {
        said = "INCOMPLETE";
      }
    } catch (IOException failure) {
      said = "NO ANSWER";
      complaints.add("NO ANSWER %s: %s".formatted(name, failure.getMessage()));
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    out.printf(Locale.ROOT, "%-44s %-10s %,12d %8.1f%n", name, said, states, seconds);
    out.flush();
    boolean good = said.equals(control ? "caught" : "holds");
    if (!good && !said.equals("NO ANSWER")) {
      complaints.add(said + " " + name);
    }
    return good ? 1 : 0;
  }

  private Verdict verdict(List<String> symbols, Effort effort)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("spin");
    try {
      List<String> generate = new ArrayList<>(List.of("spin", "-a"));
      symbols.forEach(symbol -> generate.add("-D" + symbol));
      generate.add(model.toString());
      String generated = command(folder, generate);
      if (Files.notExists(folder.resolve("pan.c"))) {
        throw new IOException(generated.strip());
      }
      String compiled = command(folder, with(COMPILE, effort.optimization));
      if (Files.notExists(folder.resolve("pan"))) {
        throw new IOException(compiled.strip());
      }
      return Verdict.of(command(folder, with(SEARCH, effort.places)));
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static List<String> with(List<String> all, String more) {
    return Stream.concat(all.stream(), Stream.of(more)).toList();
  }

  private static String command(Path folder, List<String> command)
      throws IOException, InterruptedException {
    return Command.run(folder, LONGEST, command);
  }
}
