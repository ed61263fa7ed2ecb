package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, for programs that the classes or profiles of other tests would spoil. */
final class ChildJvm {

  /** For hangs alone: no program takes a tenth of it on a quiet machine. */
  private static final long PATIENCE_SECONDS = 300;

  private ChildJvm() {}

  /** Runs it, and returns the last line that it printed. */
  static String run(String... options) throws Exception {
    return output(List.of(options)).lines().reduce("", (first, second) -> second);
  }

  /** Runs a program among the tests, on their own class path, and returns all that it printed. */
  static String run(Class<?> program, List<String> options, Object... arguments) throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("-classpath");
    all.add(System.getProperty("java.class.path"));
    all.add(program.getName());
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    return output(all);
  }

  /** Returns what it printed, and fails with that unless it exits in time, with 0. */
  private static String output(List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    Path output = Files.createTempFile("child", ".txt");
    try {
      // Into a file: a reader of a pipe waits for its end, which a program that hangs does not
      // reach.
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          fail("hangs: " + command + "\n" + read(output));
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      if (process.exitValue() != 0) {
        fail("exit code " + process.exitValue() + ": " + command + "\n" + read(output));
      }
      return read(output);
    } finally {
      Files.delete(output);
    }
  }

  private static String read(Path output) throws IOException {
    return new String(Files.readAllBytes(output));
  }

  /** Ends a program, with all threads that are left. Its exit code is 0 if it found no faults. */
  static void exit(List<String> faults) {
    for (String fault : faults) { // no lambda: memory may have ended where it would be linked
      System.out.println(fault);
    }
    System.exit(faults.isEmpty() ? 0 : 1);
  }

  /** The class path of the library and of a program among its tests. */
  static String classPath(Class<?> program) throws Exception {
    return classes(AtomicWaker.class) + File.pathSeparator + classes(program);
  }

  /** Where a class comes from. */
  static String classes(Class<?> of) throws Exception {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
