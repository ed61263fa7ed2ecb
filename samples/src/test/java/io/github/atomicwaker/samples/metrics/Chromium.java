package io.github.atomicwaker.samples.metrics;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A headless Chromium that shows one page. */
final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final long PATIENCE_SECONDS = 50;

  private Chromium() {}

  /** Skips the test where there is none. */
  private static Path program() {
    Optional<Path> program =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(
        program.isPresent(),
        "no Chromium on this machine: none of %s is in PATH, so nobody looked at the page"
            .formatted(NAMES));
    return program.orElseThrow();
  }

  /**
   * Returns the page's document as it is after a while. The time is the page's own, in which no
   * time passes but in its timers: how long that takes depends on the machine, not what happens.
   *
   * @param folder an empty one, for what the browser has to write
   */
  static String dom(URI page, Duration after, Path folder) throws Exception {
    Path dom = folder.resolve("dom.html");
    Path log = folder.resolve("log.txt");
    Process browser =
        new ProcessBuilder(
                program().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=" + after.toMillis(),
                "--dump-dom",
                page.toString())
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      assertTrue(browser.waitFor(PATIENCE_SECONDS, SECONDS), "Chromium does not end");
      assertEquals(0, browser.exitValue(), () -> "Chromium failed: see " + log);
      return Files.readString(dom);
    } finally {
      List<ProcessHandle> all =
          Stream.concat(browser.descendants(), Stream.of(browser.toHandle())).toList();
      all.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle one : all) {
        one.onExit().get(PATIENCE_SECONDS, SECONDS);
      }
    }
  }
}
