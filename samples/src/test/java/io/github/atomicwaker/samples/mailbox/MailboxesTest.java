package io.github.atomicwaker.samples.mailbox;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.WakeBatch;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.ParkedThread;
import io.github.atomicwaker.samples.mailbox.Actors.Message;
import io.github.atomicwaker.samples.mailbox.Actors.Shape;
import io.github.atomicwaker.samples.mailbox.Mailboxes.Box;
import io.github.atomicwaker.samples.mailbox.Mailboxes.OfQueue;
import io.github.atomicwaker.samples.mailbox.Mailboxes.OfWaker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The boxes, and the sample's own checks with boxes that are not good. */
@Timeout(60)
class MailboxesTest {
  private static final Map<String, String> OPTIONS =
      Map.of("threads", "300", "seconds", "1", "seed", "7");
  private static final WakerGroup GROUP = WakerGroup.named("boxes");
  private static final int ACTORS = 100;

  /**
   * A message that is sent on by an actor, with others after it. Every first one is received and
   * sent on, however slow the machine is.
   */
  private static int later(Shape shape) {
    return switch (shape) {
      case RING -> Actors.MOST + Actors.MOST / 2;
      case MESH -> ACTORS + ACTORS / 2;
    };
  }

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  static Stream<Box<String>> boxes() {
    return Stream.of(new OfWaker<>(GROUP), new OfQueue<>(new LinkedBlockingQueue<>()));
  }

  @AfterEach
  void clear() {
    OPTIONS.keySet().forEach(System::clearProperty);
  }

  @ParameterizedTest
  @MethodSource("boxes")
  void aBoxGivesWhatWasSentInOrder(Box<String> box) throws Exception {
    assertNull(box.poll());
    box.send("a");
    try (WakeBatch batch = new WakeBatch()) {
      box.send("b", batch);
    }
    box.send("c");
    assertEquals("a", box.receive());
    assertEquals("b", box.poll());
    assertEquals("c", box.receive());
    assertNull(box.poll());
  }

  @ParameterizedTest
  @MethodSource("boxes")
  void aReceiverWaitsForAMessage(Box<String> box) throws Exception {
    ParkedThread<String> receiver = ParkedThread.in(box::receive);
    box.send("a");
    assertEquals("a", receiver.result());
  }

  @Test
  void theSampleRuns() throws Exception {
    OPTIONS.forEach(System::setProperty);
    Mailboxes.SAMPLE.body().run(new Console(new PrintStream(printed, true), false));
    String text = printed.toString();
    assertTrue(text.contains("every one was received, and none twice"), text);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1_000})
  void anyNumberOfActorsWillDo(int count) throws Exception {
    for (Shape shape : Shape.values()) {
      for (boolean batched : new boolean[] {false, true}) {
        Actors actors =
            new Actors(
                count, shape, batched, 1, Duration.ofSeconds(10), () -> new OfWaker<>(GROUP));
        actors.run(Duration.ofMillis(20), () -> {});
        assertTrue(actors.passed() > 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void aMessageThatIsLostIsFound(Shape shape) {
    assertFails(
        shape,
        (box, message, nth) -> {
          if (nth != later(shape)) {
            box.send(message);
          }
        },
        "1 of ",
        "messages have not come");
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void aMessageThatComesTwiceIsFound(Shape shape) {
    assertFails(
        shape,
        (box, message, nth) -> {
          box.send(message);
          if (nth == later(shape)) {
            box.send(message);
          }
        },
        "once more");
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void aMessageThatGoesAstrayIsFound(Shape shape) {
    Box<Message> stray = new OfWaker<>(GROUP);
    assertFails(
        shape,
        (box, message, nth) -> {
          Message other = stray.poll();
          box.send(other == null ? message : other);
          if (nth == later(shape)) {
            stray.send(message);
          }
        },
        "came to actor");
  }

  @Test
  void anActorThatDoesNotWakeIsFound() {
    AtomicInteger boxes = new AtomicInteger();
    Failure failure =
        failure(
            Shape.RING,
            () -> {
              int id = boxes.getAndIncrement();
              return new Tampered((box, message, nth) -> box.send(message), new AtomicInteger()) {
                @Override
                public Message receive() throws InterruptedException {
                  if (id == 1) { // the first to whom messages are sent on
                    new CountDownLatch(1).await();
                  }
                  return super.receive();
                }
              };
            });
    assertTrue(
        requireNonNull(failure.getMessage()).contains("messages have not come"),
        failure.getMessage());
  }

  @Test
  void theSampleFailsIfTheActorsDo() {
    AtomicInteger sent = new AtomicInteger();
    Mailboxes.Contestant losing =
        new Mailboxes.Contestant(
            "losing",
            false,
            () ->
                new Tampered(
                    (box, message, nth) -> {
                      if (nth > 1) {
                        box.send(message);
                      }
                    },
                    sent));
    Mailboxes sample =
        new Mailboxes(
            100,
            1,
            Duration.ofMillis(20),
            Duration.ofMillis(500),
            new Console(new PrintStream(printed, true), false));
    assertThrows(Failure.class, () -> sample.run(0, 1, List.of(losing)));
  }

  private static void assertFails(Shape shape, Tampering tampering, String... parts) {
    AtomicInteger sent = new AtomicInteger();
    Failure failure = failure(shape, () -> new Tampered(tampering, sent));
    for (String part : parts) {
      assertTrue(requireNonNull(failure.getMessage()).contains(part), failure.getMessage());
    }
  }

  private static Failure failure(Shape shape, Supplier<Box<Message>> boxes) {
    Actors actors = new Actors(ACTORS, shape, false, 1, Duration.ofMillis(500), boxes);
    Failure failure =
        assertThrows(Failure.class, () -> actors.run(Duration.ofMillis(100), () -> {}));
    assertEquals(Failure.WRONG, failure.status);
    return failure;
  }

  private interface Tampering {
    void send(Box<Message> box, Message message, int nth);
  }

  private static class Tampered implements Box<Message> {
    private final Box<Message> box = new OfWaker<>(GROUP);
    private final Tampering tampering;
    private final AtomicInteger sent;

    Tampered(Tampering tampering, AtomicInteger sent) {
      this.tampering = tampering;
      this.sent = sent;
    }

    @Override
    public void send(Message message) {
      tampering.send(box, message, sent.incrementAndGet());
    }

    @Override
    public void send(Message message, WakeBatch batch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Message receive() throws InterruptedException {
      return box.receive();
    }

    @Override
    public @Nullable Message poll() {
      return box.poll();
    }
  }
}
