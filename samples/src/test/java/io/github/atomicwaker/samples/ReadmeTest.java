package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.WakerStats;
import io.github.atomicwaker.micrometer.AtomicWakerMetrics;
import io.github.atomicwaker.samples.common.ParkedThread;
import io.github.atomicwaker.samples.recipes.Mailbox;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    WakerStats meanwhile = orders.stats().minus(before); // all but waiting are differences now

    assertEquals(0, meanwhile.wakes().idle());
    waker.wake();
    assertEquals(1, orders.stats().minus(before).wakes().idle());
  }

  @Test
  void meters() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();

    WakerGroup orders = WakerGroup.named("orders").recordingStats();
    AtomicWaker waker = new AtomicWaker(orders);
    AtomicWakerMetrics.monitor(registry, orders); // or read orders.stats() yourself

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
