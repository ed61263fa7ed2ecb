package io.github.atomicwaker.stress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of this machine that check a model. */
public final class Command {

  private Command() {}

  /**
   * Runs a program to its end. It ends with this JVM, if that ends first.
   *
   * @param folder where it runs
   * @return what it printed
   * @throws IOException if there is no such program, or if it takes longer than the limit; the
   *     program has ended then
   */
  public static String run(Path folder, Duration limit, List<String> command)
      throws IOException, InterruptedException {
    Path printed = Files.createTempFile("printed", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start();
      Thread end = new Thread(process::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(end);
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException("no answer within " + limit.toSeconds() + " s");
        }
        return Files.readString(printed, StandardCharsets.UTF_8);
      } finally {
        process.destroyForcibly().waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
      }
    } finally {
      Files.delete(printed);
    }
  }
}
