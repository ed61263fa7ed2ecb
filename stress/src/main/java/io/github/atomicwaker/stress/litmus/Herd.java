package io.github.atomicwaker.stress.litmus;

import io.github.atomicwaker.stress.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The simulator of memory models, as a program on this machine. */
final class Herd {

  private static final Pattern OBSERVATION =
      Pattern.compile("^Observation \\S+ (Never(?= 0 [1-9])|Sometimes|Always) ", Pattern.MULTILINE);

  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final String command;
  private final String version;

  /**
   * Asks for its version.
   *
   * @throws IOException if there is no such program
   */
  Herd(String command) throws IOException, InterruptedException {
    this.command = command;
    version = run("-version").strip();
  }

  String version() {
    return version;
  }

  /**
   * Goes through all executions of a program.
   *
   * @throws IOException if it could not; the message has what it printed
   */
  Says says(String program) throws IOException, InterruptedException {
    Path file = Files.createTempFile("race", Litmus.ENDING);
    try {
      Files.writeString(file, program);
      String printed = run(file.toString());
      Matcher observation = OBSERVATION.matcher(printed);
      if (!observation.find()) {
        throw new IOException(printed.strip());
      }
      return Says.of(observation.group(1));
    } finally {
      Files.delete(file);
    }
  }

  private String run(String argument) throws IOException, InterruptedException {
    return Command.run(Path.of("."), LONGEST, List.of(command, argument));
  }
}
