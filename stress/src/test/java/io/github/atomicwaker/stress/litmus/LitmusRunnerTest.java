package io.github.atomicwaker.stress.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LitmusRunnerTest {

  private static final String RACE =
      """
      AArch64 race
      (*
        P0, one thread
        never: what must not be

        control "no fence"
          in P1: the first DMB ISH => nothing
          says Sometimes
        control "a plain read"
          in P0: LDAR W2,[X10] => LDR W2,[X10]
          says Never, since nothing else reads
      *)
      { 0:X10=x; 1:X10=x; }
       P0            | P1            ;
       LDAR W2,[X10] | DMB ISH       ;
                     | DMB ISH       ;

      exists (0:X2=1)
      """;

  /** Says "Never" where there are two fences. */
  private static final String STAND_IN =
      """
      #!/bin/sh
      if [ "$1" = -version ]; then echo 7.99; exit; fi
      case $(grep -c '| DMB ISH *;' "$1") in
      2) echo 'Observation race Never 0 3' ;;
      1) echo 'Observation race Sometimes 1 2' ;;
      *) echo 'Warning: no such race' ;;
      esac
      """;

  @TempDir private Path temp;

  private Path folder;
  private Path herd;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void installStandIn() throws IOException {
    folder = temp.resolve("litmus");
    herd = temp.resolve("herd7");
    Files.writeString(herd, STAND_IN);
    Files.setPosixFilePermissions(herd, PosixFilePermissions.fromString("rwx------"));
  }

  private void write(String machine, String race, String program) throws IOException {
    Path file = folder.resolve(machine).resolve(race + Litmus.ENDING);
    Files.createDirectories(file.getParent());
    Files.writeString(file, program);
  }

  private int run() throws Exception {
    return LitmusRunner.run(
        folder, herd.toString(), new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void allAsItMustBe() throws Exception {
    write("one", "race", RACE);
    write("two", "race", RACE);
    assertEquals(LitmusRunner.GOOD, run(), this::printed);
    assertTrue(printed().startsWith("herd7 7.99\n"), this::printed);
    assertTrue(printed().contains("race               Never 2/2      Never 2/2"), this::printed);
    assertTrue(
        printed().endsWith("2 races on 2 machines, 2 never, 4 of 4 controls say what they must\n"),
        this::printed);
  }

  @Test
  void aControlThatSaysSomethingElse() throws Exception {
    write("one", "race", RACE.replace("says Sometimes", "says Never, since it should"));
    assertEquals(LitmusRunner.BAD, run());
    assertTrue(
        printed().contains("FLIPPED one/race, no fence: says Sometimes, not Never"), this::printed);
    assertTrue(printed().contains("1 never, 1 of 2 controls"), this::printed);
  }

  @Test
  void aRaceThatIsLost() throws Exception {
    write("one", "race", RACE.replaceFirst("DMB ISH       ;", "              ;"));
    assertEquals(LitmusRunner.BAD, run());
    assertTrue(printed().contains("FLIPPED one/race: says Sometimes, not Never"), this::printed);
    assertTrue(printed().contains("NO ANSWER one/race, no fence: Warning"), this::printed);
    assertTrue(printed().contains("0 never, 0 of 2 controls"), this::printed);
  }

  @Test
  void aRaceThatOneMachineLacksAndNoRaceAtAll() throws Exception {
    Files.createDirectories(folder);
    assertEquals(LitmusRunner.BAD, run());
    write("one", "race", RACE);
    write("one", "another", RACE);
    write("two", "race", RACE);
    assertEquals(LitmusRunner.BAD, run());
    assertTrue(printed().contains("MISSING two/another"), this::printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          the first DMB ISH   | DMB ISH             | 2 times in P1: DMB ISH
          the first DMB ISH   | DMB SY              | 0 times in P1: DMB SY
          in P1               | in P2               | no P2
          '    says Sometimes' | control "more"      | what does "no fence" say?
          says Never, since   | is Never, since     | what is this: is Never, since nothing else reads
          Never, since        | Never               | what is this: says Never nothing else reads
          control "no fence"  |                     | no control before: says Sometimes
          in P1: the first DM | in the first DM     | what is this: in the first DMB ISH
          """)
  void anInvalidFile(String before, @Nullable String after, String message) throws Exception {
    write("one", "race", RACE.replace(before, after == null ? "" : after));
    assertEquals(LitmusRunner.INVALID, run());
    assertTrue(printed().contains("INVALID one/race: " + message), this::printed);
  }

  @Test
  void aFileWithoutAControl() throws Exception {
    write("one", "race", RACE.replaceAll("(?s)control.*\\*\\)", "*)"));
    assertEquals(LitmusRunner.INVALID, run());
    assertTrue(printed().contains("no control, and no reason"), this::printed);
    printed.reset();
    write(
        "one",
        "race",
        RACE.replaceAll("(?s)control.*\\*\\)", "no control \"one\", since it cannot\n*)"));
    assertEquals(LitmusRunner.GOOD, run(), this::printed);
  }

  @Test
  void withoutHerd7ItSaysWhereToGetIt() throws Exception {
    Files.delete(herd);
    assertEquals(LitmusRunner.NO_HERD, run());
    assertTrue(printed().contains("opam"), this::printed);
  }

  /** The documents say which races there are, and how many controls, so that none gets lost. */
  @Test
  void eachMachineHasTheRacesAndControlsOfTheDocuments() throws Exception {
    List<Litmus> all = LitmusRunner.readAll(Path.of("litmus"));
    Map<String, Set<String>> races =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    Litmus::machine,
                    Collectors.mapping(Litmus::race, Collectors.toCollection(TreeSet::new))));
    assertEquals(Set.of("aarch64-lse", "aarch64-llsc", "riscv", "power", "x86"), races.keySet());
    String readme = Files.readString(Path.of("README.md"));
    Set<String> documented =
        Pattern.compile("^\\| `([a-z-]+)` \\|", Pattern.MULTILINE)
            .matcher(readme.substring(readme.indexOf("| race |"), readme.indexOf("| left out |")))
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toSet());
    races.forEach((machine, has) -> assertEquals(documented, has, machine));
    long controls = all.stream().mapToLong(race -> race.controls().size()).sum();
    String totals =
        "%d races on %d machines, %1$d never, %d of %3$d controls say what they must"
            .formatted(all.size(), races.size(), controls);
    String verification = Files.readString(Path.of("..", "docs", "verification.md"));
    assertTrue(verification.contains(totals), totals);
    for (Litmus race : all) {
      assertTrue(race.program().contains(" " + race.race() + "\n"), race::race);
    }
  }
}
