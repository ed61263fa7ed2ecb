package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads whose methods are foreign code, and handlers of theirs that throw. */
@Timeout(60)
class ForeignThreadsTest {
  private final AtomicWaker waker = new AtomicWaker(WakerGroup.named("orders").parkingOnly());

  /** A thread whose string cannot be made. */
  private static class Nameless extends Thread {
    Nameless(Runnable body) {
      super(body);
      setDaemon(true);
    }

    @Override
    public String toString() {
      throw new UnsupportedOperationException("of the test's thread");
    }
  }

  @Test
  void aDisplacedWaiterThrowsAlthoughThreadsCannotBeNamed() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread first =
        new Nameless(
            () -> {
              try {
                waker.awaitUninterruptibly(() -> false);
              } catch (Throwable e) {
                thrown.complete(e);
              }
            });
    first.start();
    Waiter.awaitState(() -> Waiter.isParked(first), "parked");
    Thread second = new Nameless(() -> {});
    waker.register(second);
    first.join();
    assertTrue(waker.deregister(second));
    Throwable displacement = thrown.getNow(null);
    assertEquals(DisplacedException.class, displacement.getClass());
    String message = requireNonNull(displacement.getMessage());
    assertTrue(message.contains(WaitLoop.identity(waker)), message);
    assertTrue(message.contains("orders"), message);
    assertTrue(message.contains(name(first)), message);
    assertTrue(message.contains(name(second)), message);
  }

  /** A message has at least the name of a thread. */
  private static String name(Thread thread) {
    return thread.getName();
  }

  @Test
  void aWakerWhoseThreadCannotBeNamedHasAString() {
    Thread nameless = new Nameless(() -> {});
    waker.register(nameless);
    assertTrue(waker.toString().contains("orders"));
    assertTrue(waker.deregister(nameless));
  }

  /**
   * A hand-off whose other side is rejected by its scheduler, and a handler that throws as well.
   */
  private static final class Rejected {
    final Handoff<String> handoff = new Handoff<>(WakerGroup.named("lines").parkingOnly());
    final AtomicInteger reports = new AtomicInteger();
    private final SteppedScheduler scheduler = new SteppedScheduler();

    void take() {
      start(handoff::take);
    }

    void put(String value) {
      start(
          () -> {
            handoff.put(value);
            return value;
          });
    }

    private void start(Callable<String> body) {
      scheduler.start(
          () -> {
            try {
              body.call();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      scheduler.run();
    }

    /** Runs it in a thread with such a handler, once the other side is rejected. */
    <T> T run(Callable<T> operation) {
      scheduler.reject();
      return Waiter.start(
              Waiter.Kind.PLATFORM,
              () -> {
                Thread.currentThread()
                    .setUncaughtExceptionHandler(
                        (thread, thrown) -> {
                          reports.incrementAndGet();
                          throw new UnsupportedOperationException("of the test's handler");
                        });
                return operation.call();
              })
          .result();
    }
  }

  @Test
  void aValueIsPutAlthoughTheHandlerThrows() throws Exception {
    Rejected other = new Rejected();
    other.take();
    assertTrue(other.run(() -> other.handoff.offer("value")));
    assertEquals(1, other.reports.get());
    Rejected another = new Rejected();
    another.take();
    assertTrue(
        another.run(
            () -> {
              another.handoff.put("value");
              return true;
            }));
    assertEquals(1, another.reports.get());
  }

  @Test
  void aValueIsReturnedAlthoughTheHandlerThrows() {
    Rejected other = new Rejected();
    other.handoff.offer("first");
    other.put("second");
    assertEquals("first", other.run(other.handoff::poll));
    assertEquals(1, other.reports.get());
    assertEquals("second", other.handoff.poll());
  }

  @Test
  void aCloseWakesBothSidesAlthoughTheHandlerThrows() {
    Handoff<String> handoff = new Handoff<>(WakerGroup.named("lines").parkingOnly());
    SteppedScheduler rejecting = new SteppedScheduler();
    Thread producer = rejecting.start(() -> handoff.producer().awaitUninterruptibly(() -> false));
    rejecting.run();
    assertTrue(Waiter.isParked(producer));
    Waiter<String> consumer = Waiter.start(Waiter.Kind.PLATFORM, handoff::take);
    Waiter.awaitState(() -> Waiter.isParked(consumer.thread), "parked");
    rejecting.reject();
    Waiter<Boolean> closing =
        Waiter.start(
            Waiter.Kind.PLATFORM,
            () -> {
              Thread.currentThread()
                  .setUncaughtExceptionHandler(
                      (thread, thrown) -> {
                        throw new UnsupportedOperationException("of the test's handler");
                      });
              handoff.close();
              return true;
            });
    assertTrue(closing.result());
    assertEquals(HandoffClosedException.class, consumer.thrown().getClass());
    assertTrue(handoff.isClosed());
    assertThrows(HandoffClosedException.class, handoff::poll);
    assertNull(handoff.consumer().registered());
    assertFalse(consumer.thread.isInterrupted());
  }
}
