package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two waiters at once: against the contract, and yet no thread is stranded. */
@Timeout(120)
class TwoWaitersTest {
  private final AtomicWaker waker = new AtomicWaker();
  private final AtomicBoolean ready = new AtomicBoolean();

  private Boolean await() throws InterruptedException {
    waker.await(ready::get);
    return true;
  }

  @ParameterizedTest
  @CsvSource({"VIRTUAL,VIRTUAL", "VIRTUAL,PLATFORM", "PLATFORM,VIRTUAL", "PLATFORM,PLATFORM"})
  void theFirstIsDisplacedAndTheSecondWaits(Kind first, Kind second) {
    Waiter<Boolean> displaced = Waiter.start(first, this::await).awaitParkedOn(waker);
    Waiter<Boolean> waiting = Waiter.start(second, this::await);

    Throwable thrown = displaced.thrown();
    assertEquals(DisplacedException.class, thrown.getClass());
    for (Thread named : List.of(displaced.thread, waiting.thread)) {
      String name = Waiter.VIRTUAL_THREADS ? "#" + named.threadId() : named.getName();
      assertTrue(thrown.toString().contains("[" + name), thrown::toString);
    }
    waiting.awaitParkedOn(waker);
    assertSame(waiting.thread, waker.registered());
    ready.set(true);
    assertTrue(waker.wake());
    assertTrue(waiting.result());
    assertNull(waker.registered());
  }

  /** As long as the condition is false exactly one of the two throws, without help from others. */
  @ParameterizedTest
  @CsvSource({"VIRTUAL,VIRTUAL,4000", "VIRTUAL,PLATFORM,1000", "PLATFORM,PLATFORM,1000"})
  void ofTwoThatStartTogetherExactlyOneIsDisplaced(Kind first, Kind second, int rounds) {
    CyclicBarrier start = new CyclicBarrier(2);
    for (int round = 0; round < rounds; round++) {
      ready.set(false);
      List<Waiter<Boolean>> waiters =
          List.of(
              Waiter.start(first, () -> awaitAfter(start)),
              Waiter.start(second, () -> awaitAfter(start)));
      Waiter.awaitState(() -> waiters.stream().anyMatch(Waiter::isDone), "one of two is displaced");

      Waiter<Boolean> displaced = waiters.get(waiters.get(0).isDone() ? 0 : 1);
      Waiter<Boolean> waiting = waiters.get(waiters.get(0).isDone() ? 1 : 0);
      assertEquals(DisplacedException.class, displaced.thrown().getClass());
      assertFalse(waiting.isDone(), "at most one is displaced");
      ready.set(true);
      waker.wake();
      assertTrue(waiting.result());
    }
  }

  private Boolean awaitAfter(CyclicBarrier start) throws Exception {
    start.await();
    return await();
  }

  @Test
  void aConditionSeenTrueWinsOverDisplacement() throws Exception {
    Thread other = new Thread();
    waker.await(
        () -> {
          boolean registered = waker.registered() == Thread.currentThread();
          if (registered) {
            waker.register(other);
          }
          return registered;
        });
    assertSame(other, waker.registered());
  }

  @Test
  void aThreadThatIsOnlyRegisteredDisplacesToo() {
    Waiter<Boolean> waiter = Waiter.start(Kind.VIRTUAL, this::await).awaitParkedOn(waker);
    waker.register();
    assertEquals(DisplacedException.class, waiter.thrown().getClass());
    assertSame(Thread.currentThread(), waker.registered());
  }

  /** The thread that displaced it has gone before the displaced one checks: the wait goes on. */
  @Test
  void aWaiterThatFindsTheSlotEmptyAgainGoesOnWaiting() throws Exception {
    SteppedScheduler scheduler = new SteppedScheduler();
    AtomicBoolean ended = new AtomicBoolean();
    Thread waiter =
        scheduler.start(
            () -> {
              waker.awaitUninterruptibly(ready::get);
              ended.set(true);
            });
    scheduler.run();
    waker.register();
    waker.deregister();
    scheduler.run();
    assertSame(waiter, waker.registered());
    ready.set(true);
    waker.wake();
    scheduler.run();
    assertTrue(ended.get());
  }
}
