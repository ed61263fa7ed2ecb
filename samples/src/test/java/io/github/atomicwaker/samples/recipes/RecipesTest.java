package io.github.atomicwaker.samples.recipes;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.OneShot;
import io.github.atomicwaker.WakeBatch;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
  void eachCallerGetsItsOwnReply() throws Exception {
    Map<String, Long> sent = new ConcurrentHashMap<>();
    Requests<String, Integer> requests = new Requests<>((number, text) -> sent.put(text, number));
    ParkedThread<Integer> one = ParkedThread.in(() -> requests.ask("one", LONG));
    ParkedThread<Integer> two = ParkedThread.in(() -> requests.ask("two", LONG));
    requests.received(requireNonNull(sent.get("two")), 2);
    assertEquals(2, two.result());
    requests.received(requireNonNull(sent.get("one")), 1);
    assertEquals(1, one.result());
  }

  @Test
  void aReplyThatIsFastIsNotMissed() throws Exception {
    List<Requests<String, Integer>> self = new ArrayList<>();
    Requests<String, Integer> requests =
        new Requests<>((number, text) -> self.get(0).received(number, text.length()));
    self.add(requests);
    assertEquals(5, requests.ask("three", LONG));
  }

  @Test
  void aReplyWhoseCallerHasGivenUpIsDropped() {
    List<Long> sent = new ArrayList<>();
    Requests<String, Integer> requests = new Requests<>((number, text) -> sent.add(number));
    assertThrows(TimeoutException.class, () -> requests.ask("one", BRIEF));
    requests.received(sent.get(0), 1);
    assertThrows(TimeoutException.class, () -> requests.ask("two", BRIEF));
  }

  @Test
  void aLostConnectionFailsAllThatWaitAndAllThatComeLater() throws Exception {
    Requests<String, Integer> requests = new Requests<>((number, text) -> {});
    ParkedThread<Integer> caller = ParkedThread.in(() -> requests.ask("one", LONG));
    Throwable failure = new IllegalStateException("connection lost");
    requests.fail(failure);
    Throwable thrown =
        requireNonNull(assertThrows(ExecutionException.class, caller::result).getCause());
    assertSame(failure, assertInstanceOf(ExecutionException.class, thrown).getCause());
    assertSame(
        failure,
        assertThrows(ExecutionException.class, () -> requests.ask("two", LONG)).getCause());
  }

  static <R> R getOrCancel(OneShot<R> reply, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return reply.get(timeout);
    } catch (TimeoutException e) {
      if (reply.cancel()) {
        throw e; // from now on complete returns false: its caller keeps the resource
      }
      return reply.get(); // it came just now
    }
  }

  @Test
  void aCallerThatCancelsLosesNoReply() throws Exception {
    OneShot<String> cancelled = new OneShot<>();
    assertThrows(TimeoutException.class, () -> getOrCancel(cancelled, BRIEF));
    assertFalse(cancelled.complete("too late"));
    OneShot<String> reply = new OneShot<>();
    ParkedThread<String> caller = ParkedThread.in(() -> getOrCancel(reply, LONG));
    assertTrue(reply.complete("yes"));
    assertEquals("yes", caller.result());
    assertFalse(reply.cancel());
  }

  @Test
  void aReplyWithoutAValueIsCompleted() throws Exception {
    OneShot<Void> reply = new OneShot<>();
    ParkedThread<Boolean> caller = ParkedThread.in(() -> reply.get() == null);
    assertTrue(OneShot.completeVoid(reply));
    assertTrue(caller.result());
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

  @Test
  void eachOfSeveralWaitersWaitsForItsOwnCondition() throws Exception {
    WaitSet waiters = new WaitSet();
    AtomicInteger level = new AtomicInteger();
    List<ParkedThread<Integer>> threads =
        Stream.of(1, 2, 2, 3)
            .map(
                wanted ->
                    ParkedThread.in(
                        () -> {
                          waiters.await(() -> level.getAcquire() >= wanted);
                          return wanted;
                        }))
            .toList();
    level.setRelease(2);
    waiters.wakeAll();
    assertEquals(1, threads.get(0).result());
    assertEquals(2, threads.get(1).result());
    assertEquals(2, threads.get(2).result());
    threads.get(3).awaitPark();
    level.setRelease(3);
    waiters.wakeAll();
    assertEquals(3, threads.get(3).result());
  }

  @Test
  void aPermitIsRememberedOnce() throws Exception {
    Permit permit = new Permit();
    permit.release();
    permit.release();
    permit.acquire();
    assertFalse(permit.acquire(BRIEF));
    permit.release();
    assertTrue(permit.acquire(BRIEF));
    ParkedThread<Boolean> waiter = ParkedThread.in(() -> permit.acquire(LONG));
    permit.release();
    assertTrue(waiter.result());
  }

  @Test
  void tasksRunInTheThreadThatWaits() throws Exception {
    CallerRuns executor = new CallerRuns();
    CompletableFuture<Thread> reply = new CompletableFuture<>();
    ParkedThread<Object> caller =
        ParkedThread.in(
            () -> {
              while (!reply.isDone()) {
                executor.waitAndDrain();
              }
              executor.close();
              return reply.join();
            });
    executor.execute(() -> {}); // it runs, and does not end the call
    executor.execute(() -> reply.complete(Thread.currentThread()));
    assertSame(caller.thread, caller.result());
    assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
  }

  @Test
  void aTaskThatThrowsLeavesTheOthersInTheQueue() throws Exception {
    CallerRuns executor = new CallerRuns();
    AtomicInteger ran = new AtomicInteger();
    executor.execute(
        () -> {
          throw new IllegalStateException("task");
        });
    executor.execute(ran::incrementAndGet);
    assertThrows(IllegalStateException.class, executor::waitAndDrain);
    assertEquals(0, ran.get());
    executor.close();
    assertEquals(1, ran.get());
  }

  @Test
  void aTaskThatRacesWithTheCloseRunsOrIsRejected() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      CallerRuns executor = new CallerRuns();
      AtomicInteger ran = new AtomicInteger();
      AtomicInteger met = new AtomicInteger();
      FutureTask<Integer> rejected =
          new FutureTask<>(
              () -> {
                meet(met);
                try {
                  executor.execute(ran::incrementAndGet);
                  return 0;
                } catch (RejectedExecutionException late) {
                  return 1;
                }
              });
      Thread.ofVirtual().start(rejected);
      meet(met);
      executor.close();
      assertEquals(1, rejected.get(20, TimeUnit.SECONDS) + ran.get());
    }
  }

  private static void meet(AtomicInteger met) {
    met.incrementAndGet();
    ParkedThread.await(() -> met.get() == 2, "they meet");
  }

  @Test
  void aWaitForWhatALockGuardsLeavesTheLockFree() throws Exception {
    Account account = new Account();
    account.change(10, 8);
    ParkedThread<Object> waiter =
        ParkedThread.in(
            () -> {
              account.withdraw(5);
              return "withdrawn";
            });
    account.change(2, 0);
    waiter.awaitPark();
    account.change(0, -1);
    assertEquals("withdrawn", waiter.result());
  }

  @Test
  void aWaitInAPoolLetsTheTaskThatEndsItRun() throws Exception {
    Flag flag = new Flag();
    try (ForkJoinPool pool = new ForkJoinPool(1)) {
      Future<String> waiting =
          pool.submit(
              () -> {
                flag.awaitRaised();
                return "raised";
              });
      pool.execute(flag::raise); // behind the one that waits: a second thread runs it
      assertEquals("raised", waiting.get(20, TimeUnit.SECONDS));
    }
  }
}
