package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import io.github.atomicwaker.micrometer.AtomicWakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the API documentation shows: the javadoc tool compares each of its snippets with the region
 * here, or in {@link Mailbox}, and fails if they differ.
 */
@Timeout(60)
class SnippetsTest {

  @Test
  void aMailbox() throws Exception {
    Mailbox<String> mailbox = new Mailbox<>();
    Waiter<String> receiver = Waiter.start(Kind.VIRTUAL, mailbox::receive);
    mailbox.send("hello");
    assertEquals("hello", receiver.result());
  }

  private final AtomicWaker waker = new AtomicWaker();
  private volatile boolean ready;

  private boolean ready() {
    return ready;
  }

  private boolean parkUntilReady() {
    // @start region="register" :
    waker.register();
    while (!ready()) {
      if (waker.registered() == Thread.currentThread()) { // unless ready() used up a wake's permit
        waker.park();
      }
      waker.register();
    }
    waker.deregister();
    // @end
    return ready;
  }

  @Test
  void aLoopThatParks() {
    Waiter<Boolean> waiter = Waiter.start(Kind.VIRTUAL, this::parkUntilReady).awaitParkedOn(waker);
    ready = true;
    waker.wake();
    assertTrue(waiter.result());
    assertNull(waker.registered());
  }

  private record Line(int number) {}

  private static final class Lines {
    private final Queue<Line> source = new ArrayDeque<>(List.of(new Line(1), new Line(2)));
    private final List<Line> processed = new ArrayList<>();

    private @Nullable Line read() {
      return source.poll();
    }

    private void process(Line line) {
      processed.add(line);
    }

    // @start region="handoff" :
    final Handoff<Line> lines = new Handoff<>();

    void produce() throws InterruptedException {
      for (Line line; (line = read()) != null; ) {
        lines.put(line);
      }
      lines.close();
    }

    void consume() throws InterruptedException {
      for (Line line; (line = lines.takeUnlessClosed()) != null; ) {
        process(line);
      }
    }
    // @end
  }

  @Test
  void aHandoffThatIsClosed() throws Exception {
    Lines lines = new Lines();
    Waiter<List<Line>> consumer =
        Waiter.start(
            Kind.VIRTUAL,
            () -> {
              lines.consume();
              return lines.processed;
            });
    lines.produce();
    assertEquals(List.of(new Line(1), new Line(2)), consumer.result());
  }

  private record Reply(int number) {}

  private static final class Call {
    final AtomicWaker waker = new AtomicWaker();
    volatile @Nullable Reply reply;

    Reply await() throws InterruptedException {
      return waker.awaitValue(() -> reply);
    }
  }

  @SuppressWarnings("NullAway") // there is a call for each reply
  private static void receive(List<Reply> replies, Map<Integer, Call> calls) {
    // @start region="batch" :
    try (WakeBatch batch = new WakeBatch()) {
      for (Reply reply : replies) {
        Call call = calls.remove(reply.number());
        call.reply = reply; // first the state,
        batch.wake(call.waker); // then the wake
      }
    } // here they are unparked
    // @end
  }

  @Test
  void aBatch() {
    Call call = new Call();
    Waiter<Reply> caller = Waiter.start(Kind.VIRTUAL, call::await).awaitParkedOn(call.waker);
    receive(List.of(new Reply(1)), new HashMap<>(Map.of(1, call)));
    assertEquals(new Reply(1), caller.result());
  }

  private record Question(int number) {}

  private static final class Client {
    private static final WakerGroup REPLIES = WakerGroup.named("replies");
    private static final Duration TIMEOUT = Duration.ofHours(1);

    private final Map<Integer, OneShot<Reply>> waiting = new ConcurrentHashMap<>();
    private final Handoff<Question> sent = new Handoff<>();

    private void send(Question request) throws InterruptedException {
      sent.put(request);
    }

    // @start region="oneshot" :
    Reply ask(Question request) throws Exception {
      OneShot<Reply> reply = new OneShot<>(REPLIES);
      waiting.put(request.number(), reply); // first, as the reply may be fast
      send(request);
      try {
        return reply.get(TIMEOUT);
      } finally {
        waiting.remove(request.number());
      }
    }

    void received(Reply message) { // in the thread that reads
      OneShot<Reply> reply = waiting.get(message.number());
      if (reply != null) { // unless its caller has given up
        reply.complete(message);
      }
    }
    // @end
  }

  @Test
  void aOneShot() throws Exception {
    Client client = new Client();
    Waiter<Reply> caller = Waiter.start(Kind.VIRTUAL, () -> client.ask(new Question(7)));
    int number = client.sent.take().number();
    client.received(new Reply(number));
    assertEquals(new Reply(7), caller.result());
    client.received(new Reply(number));
    assertTrue(client.waiting.isEmpty());
  }

  private static final class Request {
    // @start region="group" :
    static final WakerGroup REPLIES = WakerGroup.named("replies");

    final AtomicWaker waker = new AtomicWaker(REPLIES);
    // @end
  }

  @Test
  void aGroup() {
    assertEquals("replies", new Request().waker.group().name());
  }

  private static final WakerGroup ORDERS = WakerGroup.named("orders").trackingWaits();

  private static void printWaits() {
    // @start region="waits" :
    for (ParkedWait wait : ORDERS.waits()) {
      System.out.println(wait);
    }
    // @end
  }

  @Test
  void waits() {
    printWaits();
  }

  @Test
  void meters() {
    MeterRegistry registry = new SimpleMeterRegistry();
    // @start region="meters" :
    WakerGroup orders = WakerGroup.named("orders").recordingStats();
    AtomicWakerMetrics.monitor(registry, orders, "region", "north");
    // @end
    assertNotNull(registry.find("atomicwaker.waiting").tag("region", "north").gauge());
  }

  @Test
  void metersThatAreRemoved() {
    MeterRegistry registry = new SimpleMeterRegistry();
    WakerGroup orders = WakerGroup.named("orders").recordingStats();
    // @start region="close-meters" :
    AtomicWakerMetrics metrics = new AtomicWakerMetrics(orders, Tags.of("region", "north"));
    metrics.bindTo(registry);
    // ... when the application ends
    metrics.close();
    // @end
    assertEquals(List.of(), registry.getMeters());
  }
}
