package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library in a JVM with nothing but {@code java.base}: no JFR, no Micrometer, no JSpecify. */
@Timeout(60)
class OptionalModulesTest {

  /** The program. */
  static final class Bare {
    public static void main(String[] args) throws Exception {
      AtomicWaker waker = new AtomicWaker(WakerGroup.named("bare").parkingOnly().recordingStats());
      Thread waiter =
          Thread.ofVirtual()
              .start(() -> waker.awaitUninterruptibly(() -> waker.group().stats().waiting() < 0));
      while (waker.group().stats().waiting() == 0) {
        Thread.onSpinWait();
      }
      waker.register();
      waiter.join();
      System.out.println(
          AtomicWaker.class.getModule()
              + ", JFR: "
              + ModuleLayer.boot().findModule("jdk.jfr").isPresent()
              + ", displaced: "
              + waker.group().stats().wakeups().displaced());
    }
  }

  private static String output(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return output.lines().reduce("", (first, second) -> second);
  }

  private static String classes(Class<?> of) throws Exception {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void onTheClassPath() throws Exception {
    String path = classes(AtomicWaker.class) + File.pathSeparator + classes(Bare.class);
    assertEquals(
        "unnamed module, JFR: false, displaced: 1",
        output("--limit-modules", "java.base", "-classpath", path, Bare.class.getName())
            .replaceAll(" @\\w+", ""));
  }

  @Test
  void onTheModulePath() throws Exception {
    assertEquals(
        "module io.github.atomicwaker, JFR: false, displaced: 1",
        output(
                "--limit-modules",
                "java.base,io.github.atomicwaker",
                "--module-path",
                classes(AtomicWaker.class),
                "--add-modules",
                "io.github.atomicwaker",
                "--patch-module",
                "io.github.atomicwaker=" + classes(Bare.class),
                "--module",
                "io.github.atomicwaker/" + Bare.class.getName())
            .replaceAll(" @\\w+", ""));
  }
}
