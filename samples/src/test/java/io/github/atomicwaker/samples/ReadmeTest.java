package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.ParkedWait;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.WakerStats;
import io.github.atomicwaker.micrometer.AtomicWakerMetrics;
import io.github.atomicwaker.samples.common.ParkedThread;
import io.github.atomicwaker.samples.recipes.Mailbox;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * What the README, {@code docs/handoff.md} and {@code docs/observability.md} show, word for word.
 */
class ReadmeTest {

  private static final Path ROOT = Path.of("..");

  private static final Path MAILBOX =
      ROOT.resolve("samples/src/main/java/io/github/atomicwaker/samples/recipes/Mailbox.java");

  private record Line(String text) {}

  @Test
  void aMailbox() throws Exception {
    Mailbox<String> mailbox = new Mailbox<>();
    ParkedThread<String> receiver = ParkedThread.in(mailbox::receive);
    mailbox.send("one");
    mailbox.send("two");

    assertEquals("one", receiver.result());
    assertEquals("two", mailbox.receive());
  }

  /** A copy of it from the README needs nothing else. */
  @Test
  void theMailboxIsShownAsTheWholeFile() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String start = "```java\n";
    int code = readme.indexOf(start) + start.length();

    assertEquals(
        Files.readString(MAILBOX),
        "package io.github.atomicwaker.samples.recipes;\n\n"
            + readme.substring(code, readme.indexOf("```", code)));
  }

  @Test
  void aHandoff() throws Exception {
    Line line = new Line("hello");

    Handoff<Line> lines = new Handoff<>(WakerGroup.named("lines"));
    lines.put(line); // the producer waits while the place is full
    Line next = lines.take(); // the consumer waits while it is empty
    lines.close(); // wakes both

    assertEquals(line, next);
    assertThrows(HandoffClosedException.class, lines::take);
    assertThrows(HandoffClosedException.class, () -> lines.put(line));
  }

  private record Task(int number) {}

  private final List<Task> started = new ArrayList<>();

  private void startWorker(Task first) {
    started.add(first);
  }

  private void submit(Handoff<Task> work, Task task) {
    if (!work.tryTransfer(task)) {
      startWorker(task);
    }
  }

  @Test
  void aTransferToAWorkerThatWaits() throws Exception {
    Handoff<Task> work = new Handoff<>();
    submit(work, new Task(1));
    ParkedThread<Task> idle = ParkedThread.in(work::take);
    submit(work, new Task(2));

    assertEquals(new Task(2), idle.result());
    assertEquals(List.of(new Task(1)), started);
  }

  @Test
  void statistics() {
    WakerGroup orders = WakerGroup.named("orders").recordingStats();
    AtomicWaker waker = new AtomicWaker(orders); // counts, with all others of the group

    WakerStats before = orders.stats();
    // ... a while later
    WakerStats meanwhile = orders.stats().minus(before); // all but gauges are differences

    assertEquals(0, meanwhile.wakes().idle());
    waker.wake();
    assertEquals(1, orders.stats().minus(before).wakes().idle());
  }

  private final List<String> warnings = new ArrayList<>();

  private void warn(String warning) {
    warnings.add(warning);
  }

  private Runnable guard(WakerGroup orders, Duration limit) {
    return () -> {
      for (ParkedWait wait : orders.waits()) { // the oldest first
        if (wait.age().compareTo(limit) < 0) {
          break;
        }
        warn(wait.toString());
      }
    };
  }

  @Test
  void aGuard() throws Exception {
    WakerGroup orders = WakerGroup.named("orders").trackingWaits();
    AtomicWaker stuck = new AtomicWaker(orders);
    AtomicBoolean released = new AtomicBoolean();
    Thread waiting =
        Thread.ofVirtual().name("stuck-1").start(() -> stuck.awaitUninterruptibly(released::get));
    while (orders.waits().isEmpty()) {
      Thread.onSpinWait();
    }
    guard(orders, Duration.ofHours(1)).run();
    assertEquals(List.of(), warnings);
    guard(orders, Duration.ZERO).run();
    assertEquals(1, warnings.size());
    String identity = stuck.toString().substring(0, stuck.toString().indexOf('['));
    assertTrue(warnings.get(0).contains("stuck-1"), warnings::toString);
    assertTrue(warnings.get(0).contains(" waits on " + identity), warnings::toString);
    released.set(true);
    stuck.wake();
    waiting.join();
    guard(orders, Duration.ZERO).run();
    assertEquals(1, warnings.size());
  }

  @Test
  void meters() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();

    WakerGroup orders = WakerGroup.named("orders").trackingWaits();
    AtomicWaker waker = new AtomicWaker(orders);
    AtomicWakerMetrics.monitor(registry, orders); // or read orders.stats() and orders.waits()

    assertEquals(0, registry.get("atomicwaker.waiting").tag("waker", "orders").gauge().value());
    waker.wake();
    assertEquals(
        1,
        registry
            .get("atomicwaker.wakes")
            .tags("waker", "orders", "result", "idle")
            .functionCounter()
            .count());
  }
}
