package io.github.atomicwaker.samples;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Flag;
import io.github.atomicwaker.samples.common.Option;
import io.github.atomicwaker.samples.common.Sample;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplesTest {
  private static final Option OPTION = new Option("samples.test", 7, 1, 100, "of this test");
  private static final Flag FLAG = new Flag("samples.flag", "of this test");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void clear() {
    System.clearProperty(OPTION.name());
    System.clearProperty(FLAG.name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"NoSuchSample", ""})
  void anUnknownNameListsTheSamples(String name) {
    Failure failure = assertThrows(Failure.class, () -> run(name));
    assertEquals(Failure.USAGE, failure.status);
    assertTrue(requireNonNull(failure.getMessage()).contains("no sample \"" + name + "\""));
    assertTrue(requireNonNull(failure.getMessage()).contains("Multiplexer"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BoundedBuffer,NoSuchSample", "BoundedBuffer,", ","})
  void noneOfSeveralRunsUnlessThereAreAll(String names) {
    Failure failure = assertThrows(Failure.class, () -> run(names));
    assertEquals(Failure.USAGE, failure.status);
    assertEquals("", printed.toString());
  }

  @Test
  void severalAreRunInTheOrderOfTheirNames() throws Exception {
    assertEquals(
        List.of("Mailbox", "BoundedBuffer", "Mailbox"),
        Samples.all("mailbox,BoundedBuffer,MAILBOX").stream().map(Sample::name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help"})
  void helpListsTheSamplesAndTheirOptions(String name) throws Exception {
    run(name);
    assertTrue(printed.toString().contains("Multiplexer"));
    assertTrue(printed.toString().contains("Metrics"));
    assertTrue(printed.toString().contains("BoundedBuffer"));
    assertTrue(printed.toString().contains("Mailbox"));
    assertTrue(printed.toString().contains("DisruptorWaitStrategy"));
    assertTrue(printed.toString().contains("RedisPipeline"));
    assertTrue(printed.toString().contains("-Dthreads"));
    assertTrue(printed.toString().contains("(1,000)"));
    assertTrue(printed.toString().contains("-Dstuck"));
    assertTrue(printed.toString().contains("(off)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "0", "-1", "101", "1.5", "99999999999999999999"})
  void anOptionThatIsNoNumberOrOutOfRangeIsRefused(String value) {
    System.setProperty(OPTION.name(), value);
    Failure failure = assertThrows(Failure.class, OPTION::value);
    assertEquals(Failure.USAGE, failure.status);
    assertTrue(requireNonNull(failure.getMessage()).startsWith("-Dsamples.test=" + value + ": "));
  }

  @Test
  void anOptionIsItsPresetUnlessItIsSet() throws Exception {
    assertEquals(7, OPTION.value());
    System.setProperty(OPTION.name(), "");
    assertEquals(7, OPTION.value());
    System.setProperty(OPTION.name(), " 100 ");
    assertEquals(100, OPTION.value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "yes", "truer"})
  void aFlagThatIsNeitherTrueNorFalseIsRefused(String value) {
    System.setProperty(FLAG.name(), value);
    Failure failure = assertThrows(Failure.class, FLAG::value);
    assertEquals(Failure.USAGE, failure.status);
    assertEquals(
        "-Dsamples.flag=" + value + ": it takes true or false (of this test)",
        failure.getMessage());
  }

  @Test
  void aFlagIsOffUnlessItIsSet() throws Exception {
    assertFalse(FLAG.value());
    System.setProperty(FLAG.name(), "");
    assertFalse(FLAG.value());
    System.setProperty(FLAG.name(), "false");
    assertFalse(FLAG.value());
    System.setProperty(FLAG.name(), " True ");
    assertTrue(FLAG.value());
  }

  /** Both what the samples have and the root pom passes on: Maven makes -Dhog into -Dhog=true. */
  @Test
  void thePomPassesOnEverySetting() throws Exception {
    run("help");
    String pom = Files.readString(Path.of("..", "pom.xml"));
    List<String> names =
        Pattern.compile("(?m)^    -D(\\w+)")
            .matcher(printed.toString())
            .results()
            .map(name -> name.group(1))
            .toList();
    assertFalse(names.isEmpty());
    for (String name : names) {
      assertTrue(pom.contains("<argument>-D%1$s=${%1$s}</argument>".formatted(name)), name);
      assertTrue(pom.contains("<%s/>".formatted(name)), name);
    }
  }

  private void run(String name) throws Exception {
    Samples.run(name, new PrintStream(printed, true), false);
  }
}
