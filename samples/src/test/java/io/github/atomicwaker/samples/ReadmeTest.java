package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.WakerStats;
import io.github.atomicwaker.micrometer.AtomicWakerMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What the README and {@code docs/observability.md} show, word for word. */
class ReadmeTest {

  private record Message(String text) {}

  private record Line(String text) {}

  @Test
  void aQueueThatBlocks() throws Exception {
    Message message = new Message("hello");

    Queue<Message> queue = new ConcurrentLinkedQueue<>();
    AtomicWaker waker = new AtomicWaker();
    // any thread: first the state, then the wake
    queue.add(message);
    waker.wake();
    // one thread at a time, parked while there is nothing
    Message next = waker.awaitValue(queue::poll);

    assertEquals(message, next);
  }

  @Test
  void aHandoff() throws Exception {
    Line line = new Line("hello");

    Handoff<Line> lines = new Handoff<>(WakerGroup.named("lines"));
    lines.put(line); // the producer waits while the place is full
    Line next = lines.take(); // the consumer waits while it is empty
    lines.close(); // and both are told

    assertEquals(line, next);
    assertThrows(HandoffClosedException.class, lines::take);
    assertThrows(HandoffClosedException.class, () -> lines.put(line));
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
    AtomicWakerMetrics.monitor(registry, orders); // or read orders.stats() yourself

    assertEquals(0, registry.get("atomicwaker.waiting").tag("waker", "orders").gauge().value());
  }
}
