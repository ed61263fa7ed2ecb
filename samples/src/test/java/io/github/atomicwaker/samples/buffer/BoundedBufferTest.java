package io.github.atomicwaker.samples.buffer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.samples.buffer.BoundedBuffer.Buffer;
import io.github.atomicwaker.samples.buffer.BoundedBuffer.OfConditions;
import io.github.atomicwaker.samples.buffer.BoundedBuffer.OfWakers;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both buffers, and the sample's own checks with buffers that are not good. */
@Timeout(60)
class BoundedBufferTest {
  private static final int CAPACITY = 2;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  static Stream<Buffer<Integer>> buffers() {
    return Stream.of(new OfConditions<>(CAPACITY), new OfWakers<>(CAPACITY));
  }

  @AfterEach
  void clear() {
    System.clearProperty("seconds");
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void elementsComeOutInOrder(Buffer<Integer> buffer) throws Exception {
    for (int i = 0; i < 5; i++) {
      buffer.put(2 * i);
      buffer.put(2 * i + 1);
      assertEquals(2 * i, buffer.take());
      assertEquals(2 * i + 1, buffer.take());
    }
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void aPutWaitsWhileTheBufferIsFull(Buffer<Integer> buffer) throws Exception {
    buffer.put(1);
    buffer.put(2);
    ParkedThread<Void> third =
        ParkedThread.in(
            () -> {
              buffer.put(3);
              return null;
            });
    assertEquals(1, buffer.take());
    third.result();
    assertEquals(2, buffer.take());
    assertEquals(3, buffer.take());
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void aTakeWaitsWhileTheBufferIsEmpty(Buffer<Integer> buffer) throws Exception {
    ParkedThread<Integer> take = ParkedThread.in(buffer::take);
    buffer.put(1);
    assertEquals(1, take.result());
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void anInterruptedPutHasPutNothing(Buffer<Integer> buffer) throws Exception {
    buffer.put(1);
    buffer.put(2);
    ParkedThread<Void> third =
        ParkedThread.in(
            () -> {
              buffer.put(3);
              return null;
            });
    third.thread.interrupt();
    assertInterrupted(third);
    assertEquals(1, buffer.take());
    assertEquals(2, buffer.take());
    buffer.put(4);
    assertEquals(4, buffer.take());
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void anInterruptedTakeHasTakenNothing(Buffer<Integer> buffer) throws Exception {
    ParkedThread<Integer> take = ParkedThread.in(buffer::take);
    take.thread.interrupt();
    assertInterrupted(take);
    buffer.put(1);
    assertEquals(1, buffer.take());
  }

  @Test
  @SuppressWarnings("NullAway") // null is what it is given
  void nullIsNoElement() {
    Buffer<Object> buffer = new OfWakers<>(CAPACITY);
    assertThrows(NullPointerException.class, () -> buffer.put(null));
  }

  @Test
  void theSampleRuns() throws Exception {
    System.setProperty("seconds", "1");
    BoundedBuffer.SAMPLE.body().run(new Console(new PrintStream(printed, true), false));
    assertTrue(printed.toString().contains("none is missing, all are in order"));
  }

  @Test
  void anElementThatIsMissingIsFound() {
    assertFails(
        () ->
            new Wrapped() {
              @Override
              public void put(Long element) throws InterruptedException {
                if (element != 500) {
                  super.put(element);
                }
              }
            },
        "element 501 came where 500 was due");
  }

  @Test
  void anElementThatComesTwiceIsFound() {
    assertFails(
        () ->
            new Wrapped() {
              @Override
              public void put(Long element) throws InterruptedException {
                super.put(element);
                if (element == 500) {
                  super.put(element);
                }
              }
            },
        "element 500 came where 501 was due");
  }

  @Test
  void lastElementsThatAreMissingAreFound() {
    assertFails(
        () ->
            new Wrapped() {
              @Override
              public void put(Long element) throws InterruptedException {
                super.put(element == 500 ? -1 : element);
              }
            },
        "have not ended",
        "were put, and 500 taken");
  }

  @Test
  void aTakeThatDoesNotWakeIsFound() {
    assertFails(
        () ->
            new Wrapped() {
              @Override
              public Long take() throws InterruptedException {
                Long element = super.take();
                if (element == 500) {
                  new CountDownLatch(1).await();
                }
                return element;
              }
            },
        "2 threads have not ended");
  }

  private void assertFails(Supplier<Buffer<Long>> wakers, String... oneOf) {
    Console console = new Console(new PrintStream(printed, true), false);
    BoundedBuffer sample =
        new BoundedBuffer(Duration.ofMillis(20), Duration.ofMillis(500), console);
    Failure failure =
        assertThrows(
            Failure.class, () -> sample.run(0, 1, wakers, () -> new OfConditions<>(CAPACITY)));
    assertEquals(Failure.WRONG, failure.status);
    String message = requireNonNull(failure.getMessage());
    assertTrue(Stream.of(oneOf).anyMatch(message::contains), message);
  }

  private static void assertInterrupted(ParkedThread<?> parked) {
    ExecutionException thrown = assertThrows(ExecutionException.class, parked::result);
    assertInstanceOf(InterruptedException.class, thrown.getCause());
  }

  private static class Wrapped implements Buffer<Long> {
    private final Buffer<Long> buffer = new OfWakers<>(CAPACITY);

    @Override
    public void put(Long element) throws InterruptedException {
      buffer.put(element);
    }

    @Override
    public Long take() throws InterruptedException {
      return buffer.take();
    }
  }
}
