package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The blockers of waiting threads in the dump of {@code jcmd … Thread.dump_to_file -format=json}.
 */
@Tag("not-on-17") // needs the dumps of 21
@Timeout(60)
class ThreadDumpTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void theBlockerOfAWaitIsItsWaker(Waiter.Kind kind) throws Exception {
    AtomicWaker waker = new AtomicWaker(WakerGroup.named("orders").parkingOnly());
    Waiter<Boolean> waiter =
        Waiter.start(
                kind,
                () -> {
                  waker.await(() -> false);
                  return true;
                })
            .awaitParkedOn(waker);
    assertNamesABlocker(WaitLoop.identity(waker));
    waiter.thread.interrupt();
    waiter.thrown();
  }

  @Test
  void theBlockerOfAHandoffIsAWakerInItsString() throws Exception {
    Handoff<String> handoff = new Handoff<>(WakerGroup.named("lines").parkingOnly());
    Waiter<String> consumer =
        Waiter.start(Waiter.Kind.VIRTUAL, handoff::take).awaitParkedOn(handoff.consumer());
    String blocker = WaitLoop.identity(handoff.consumer());
    assertNamesABlocker(blocker);
    assertTrue(handoff.toString().contains("consumer=" + blocker), handoff::toString);
    handoff.close();
    consumer.thrown();
  }

  @Test
  void theBlockerOfAOneShotIsTheWakerInItsString() throws Exception {
    OneShot<String> reply = new OneShot<>(WakerGroup.named("replies").parkingOnly());
    Waiter<String> caller =
        Waiter.start(Waiter.Kind.VIRTUAL, reply::get).awaitParkedOn(reply.waker());
    String blocker = WaitLoop.identity(reply.waker());
    assertNamesABlocker(blocker);
    assertTrue(reply.toString().contains("waker=" + blocker), reply::toString);
    reply.complete("value");
    caller.result();
  }

  private void assertNamesABlocker(String identity) throws IOException {
    assumeTrue(Runtime.version().feature() >= 25, "older JDKs dump no blockers");
    Path dump = folder.resolve("threads.json").toAbsolutePath();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
    String threads = Files.readString(dump);
    assertTrue(threads.matches("(?s).*\"object\": *\"" + identity + "\".*"), threads);
  }
}
