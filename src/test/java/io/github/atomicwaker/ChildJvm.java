package io.github.atomicwaker;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own, for what another test's classes or profiles would spoil. */
final class ChildJvm {
  private ChildJvm() {}

  /** Runs it, and returns the last line that it printed. */
  static String run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      // Another thread reads, since the interrupt of a time-out ends no read from a process.
      Waiter<String> output =
          Waiter.start(
              Waiter.Kind.PLATFORM, () -> new String(process.getInputStream().readAllBytes()));
      process.waitFor();
      return output.result().lines().reduce("", (first, second) -> second);
    } finally {
      process.destroyForcibly();
    }
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
