package io.github.atomicwaker.stress.spin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpinRunnerTest {

  private static final Path MODEL = Path.of("spin", "wait.pml");

  private static final Map<String, Class<?>> OF_THE_JDK =
      Map.of(
          "LockSupport",
          LockSupport.class,
          "Thread",
          Thread.class,
          "ForkJoinPool",
          ForkJoinPool.class);

  /** What the guarantee is about: the model may name more. */
  private static final Set<String> STEPS =
      Set.of(
          "AtomicWaker.register",
          "AtomicWaker.displace",
          "AtomicWaker.registered",
          "AtomicWaker.deregister",
          "AtomicWaker.wake",
          "AtomicWaker.isVacant",
          "AtomicWaker.takeRegistered",
          "AtomicWaker.wakeRegistered",
          "Check.on",
          "ManagedPark.block",
          "ManagedPark.isReleasable",
          "ParkingSlot.parkIfRegistered",
          "ParkingSlot.parkNow",
          "ParkingSlot.parkOnce",
          "WaitLoop.THROW",
          "WaitLoop.await",
          "WaitLoop.awaitParked",
          "WaitLoop.deadline",
          "WaitLoop.displacement",
          "WaitLoop.leave",
          "WaitLoop.letOthersRun",
          "WaitLoop.parkAndCheck");

  private static final String HOLDS =
      """
      	never claim         	+ (claim)
      State-vector 64 byte, depth reached 130, errors: 0
           1351 states, stored (8241 visited)
      """;

  private static final String BROKEN =
      "pan:1: acceptance cycle (at depth 72)\n"
          + HOLDS.replace("errors: 0", "errors: 1")
          + "Warning: Search not completed\n";

  private static Class<?> type(String name) throws ClassNotFoundException {
    Class<?> ofTheJdk = OF_THE_JDK.get(name);
    return ofTheJdk != null
        ? ofTheJdk
        : Class.forName(
            "io.github.atomicwaker."
                + (name.equals("ManagedPark") ? "ParkingSlot$ManagedPark" : name));
  }

  private static boolean has(Class<?> type, String member) {
    return Arrays.stream(type.getDeclaredMethods()).anyMatch(m -> m.getName().equals(member))
        || Arrays.stream(type.getDeclaredFields()).anyMatch(f -> f.getName().equals(member));
  }

  @Test
  void theStepsOfTheModelNameWhatThereIs() throws Exception {
    Map<String, String> named = new TreeMap<>();
    for (String comment :
        Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL)
            .matcher(Files.readString(MODEL))
            .results()
            .map(MatchResult::group)
            .toList()) {
      Pattern.compile("\\b([A-Z]\\w+)\\.(\\w+)")
          .matcher(comment)
          .results()
          .forEach(name -> named.put(name.group(), name.group(1)));
    }
    for (Map.Entry<String, String> name : named.entrySet()) {
      String member = name.getKey().substring(name.getKey().indexOf('.') + 1);
      assertTrue(has(type(name.getValue()), member), name.getKey());
    }
    assertTrue(named.keySet().containsAll(STEPS), named::toString);
  }

  /** Each is described, so that what a control leaves out can be looked up. */
  @Test
  void theMistakesAreInTheReadme() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    Set<String> mistakes = SpinRunner.mistakes(Files.readString(MODEL));
    assertEquals(
        Set.of(),
        mistakes.stream()
            .filter(mistake -> !readme.contains("| `" + mistake + "` |"))
            .collect(Collectors.toSet()));
    assertFalse(mistakes.isEmpty() || mistakes.contains("QUIET"));
  }

  @Test
  void whatPanPrints() throws Exception {
    assertEquals(new SpinRunner.Verdict(false, 1351, true), SpinRunner.Verdict.of(HOLDS));
    assertEquals(new SpinRunner.Verdict(true, 1351, false), SpinRunner.Verdict.of(BROKEN));
    assertEquals(150_000_000, SpinRunner.Verdict.of(HOLDS.replace("1351", "1.5e+08")).states());
    assertFalse(SpinRunner.Verdict.of("error: max search depth too small\n" + HOLDS).complete());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pan: out of memory", "pan:1: indexing permit[3]", "no claim"})
  void whatIsNoVerdict(String printed) {
    String all =
        switch (printed) {
          case "no claim" -> HOLDS.replace("(claim)", "(none)");
          case "pan: out of memory" -> printed;
          default -> BROKEN.replace("pan:1: acceptance cycle (at depth 72)", printed);
        };
    assertThrows(IOException.class, () -> SpinRunner.Verdict.of(all));
  }
}
