package io.github.atomicwaker.samples.recipes;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakeBatch;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecipesTest {
  private static final Duration BRIEF = Duration.ofNanos(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void aQueueWakesItsConsumer() throws Exception {
    WorkQueue<String> queue = new WorkQueue<>();
    assertNull(queue.take(BRIEF));
    ParkedThread<String> consumer = ParkedThread.in(queue::take);
    queue.put("one");
    queue.put("two");
    assertEquals("one", consumer.result());
    assertEquals("two", queue.take(LONG));
  }

  @Test
  void aFlagThatIsRaisedWakes() throws Exception {
    Flag flag = new Flag();
    flag.raise();
    flag.awaitRaised();
    flag.lower();
    ParkedThread<Object> waiter =
        ParkedThread.in(
            () -> {
              flag.awaitRaised();
              return "raised";
            });
    flag.raise();
    assertEquals("raised", waiter.result());
  }

  @Test
  void theFirstReplyStays() throws Exception {
    OneShot<String> reply = new OneShot<>();
    assertThrows(TimeoutException.class, () -> reply.get(BRIEF));
    ParkedThread<String> caller = ParkedThread.in(() -> reply.get(LONG));
    assertTrue(reply.complete("yes"));
    assertEquals("yes", caller.result());
    assertFalse(reply.fail(new IllegalStateException("too late")));
    assertEquals("yes", reply.get(BRIEF));
  }

  @Test
  void aFailureReachesTheCaller() {
    OneShot<String> reply = new OneShot<>();
    Throwable failure = new IllegalStateException("connection lost");
    assertTrue(reply.fail(failure));
    assertSame(failure, assertThrows(ExecutionException.class, () -> reply.get(LONG)).getCause());
  }

  @Test
  void aCountdownEndsWithTheLast() throws Exception {
    Countdown countdown = new Countdown(2);
    ParkedThread<Object> waiter =
        ParkedThread.in(
            () -> {
              countdown.await();
              return "all";
            });
    countdown.done();
    waiter.awaitPark();
    countdown.done();
    assertEquals("all", waiter.result());
  }

  @Test
  void aDeadlineHoldsForAllWaitsTogether() throws Exception {
    WorkQueue<Integer> queue = new WorkQueue<>();
    Stream.of(1, 2, 3).forEach(queue::put);
    assertEquals(List.of(1, 2), Deadline.take(2, queue, BRIEF), "no time is needed for these");
    assertEquals(List.of(3), Deadline.take(2, queue, Duration.ofMillis(1)));
    ParkedThread<List<Integer>> consumer = ParkedThread.in(() -> Deadline.take(2, queue, LONG));
    queue.put(4);
    queue.put(5);
    assertEquals(List.of(4, 5), consumer.result());
  }

  @Test
  void aClosedQueueIsEmptiedFirst() throws Exception {
    ClosableQueue<String> queue = new ClosableQueue<>();
    queue.put("one");
    queue.close();
    assertEquals("one", queue.take());
    assertNull(queue.take());
    assertNull(queue.take());
  }

  @Test
  void aCloseWakesTheConsumer() throws Exception {
    ClosableQueue<String> queue = new ClosableQueue<>();
    ParkedThread<String> consumer = ParkedThread.in(queue::take);
    queue.close();
    assertNull(consumer.result());
  }

  @Test
  void anInterruptCancelsAndLeavesTheQueueInOrder() throws Exception {
    WorkQueue<String> queue = new WorkQueue<>();
    ParkedThread<String> consumer = ParkedThread.in(queue::take);
    consumer.thread.interrupt();
    assertEquals(
        InterruptedException.class,
        requireNonNull(assertThrows(ExecutionException.class, consumer::result).getCause())
            .getClass());
    queue.put("next");
    assertEquals("next", queue.take());
  }

  @Test
  void aBatchWakesAtItsEnd() throws Exception {
    AtomicBoolean ready = new AtomicBoolean();
    List<AtomicWaker> wakers = List.of(new AtomicWaker(), new AtomicWaker());
    List<ParkedThread<Boolean>> waiters =
        wakers.stream().map(waker -> ParkedThread.in(() -> awaitTrue(waker, ready))).toList();
    try (WakeBatch batch = new WakeBatch()) {
      ready.set(true);
      wakers.forEach(batch::wake);
    } // all of them are unparked here
    for (ParkedThread<Boolean> waiter : waiters) {
      assertTrue(waiter.result());
    }
  }

  private static boolean awaitTrue(AtomicWaker waker, AtomicBoolean ready)
      throws InterruptedException {
    waker.await(ready::get);
    return true;
  }

  @Test
  void theUrgentOfTwoQueuesIsServedFirst() throws Exception {
    TwoQueues<String> queues = new TwoQueues<>();
    ParkedThread<String> consumer = ParkedThread.in(queues::take);
    queues.put("usual");
    assertEquals("usual", consumer.result());
    consumer = ParkedThread.in(queues::take);
    queues.putUrgent("urgent");
    assertEquals("urgent", consumer.result());
    queues.put("usual");
    queues.putUrgent("urgent");
    assertEquals("urgent", queues.take());
    assertEquals("usual", queues.take());
  }
}
