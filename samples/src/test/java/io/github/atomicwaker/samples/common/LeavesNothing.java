package io.github.atomicwaker.samples.common;

import static java.util.Objects.requireNonNull;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * No class of tests leaves a thread behind, not even a virtual one, whether its tests pass or fail:
 * what runs on takes processors and ports from the tests that follow.
 */
public final class LeavesNothing implements BeforeAllCallback, AfterAllCallback {
  private static final Namespace STORE = Namespace.create(LeavesNothing.class);
  private static final long PATIENCE_SECONDS = 20;
  private static final long PAUSE_MILLIS = 20;

  private static final Pattern THREAD = Pattern.compile("(?m)^#(\\d+) \"(.*?)\".*$");

  /** The JVM's own, JUnit's and Netty's, which come when they are needed and then stay or end. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "ForkJoinPool.*|VirtualThread-un.*|.*DelayScheduler|.*Poller(-\\d+)?|"
              + "process reaper.*|Common-Cleaner|Cleaner-\\d+|Attach Listener|JFR .*|"
              + "C[12] CompilerThread\\d+|Notification Thread|Keep-Alive-.*|"
              + "junit-.*|surefire-.*|globalEventExecutor-.*");

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    context.getStore(STORE).put(context.getUniqueId(), threads());
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    ParkedThread.endAll();
    @SuppressWarnings("unchecked") // it was put above
    Map<Long, String> before =
        requireNonNull(context.getStore(STORE).get(context.getUniqueId(), Map.class));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      Map<Long, String> left = threads();
      left.keySet().removeAll(before.keySet());
      if (left.isEmpty()) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "%d threads run on: %s"
                .formatted(left.size(), left.values().stream().limit(20).toList()));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
    }
  }

  /** All threads that are not excepted, by their number. */
  private static Map<Long, String> threads() throws IOException {
    Path folder = Files.createTempDirectory("threads");
    Path dump = folder.resolve("dump.txt").toAbsolutePath();
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
      Map<Long, String> threads = new TreeMap<>();
      THREAD
          .matcher(Files.readString(dump))
          .results()
          .filter(thread -> !OTHERS.matcher(thread.group(2)).matches())
          .forEach(thread -> threads.put(Long.valueOf(thread.group(1)), thread.group()));
      return threads;
    } finally {
      Files.deleteIfExists(dump);
      Files.delete(folder);
    }
  }
}
