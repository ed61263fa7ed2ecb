package io.github.atomicwaker;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the methods of a one-shot reply return, throw and wait for. */
@Timeout(60)
class OneShotTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final WakerGroup group = WakerGroup.named("test");
  private final OneShot<String> reply = new OneShot<>(group);
  private final Throwable cause = new IllegalStateException("connection lost");

  @AfterEach
  void noThreadIsLeftWaiting() {
    assertNull(reply.waker().registered());
    assertFalse(Thread.interrupted());
  }

  private Waiter<String> startWaiting(Kind kind, GetMethod get) {
    return Waiter.start(kind, () -> get.on(reply)).awaitParkedOn(reply.waker());
  }

  /** Every way to get, each of which throws the same. */
  private static void assertEveryGetThrows(
      Class<? extends Throwable> expected, OneShot<String> reply) {
    for (GetMethod get : GetMethod.values()) {
      assertThrows(expected, () -> get.on(reply));
    }
    assertThrows(expected, () -> reply.get(Duration.ZERO));
    assertThrows(expected, () -> reply.get(-1, DAYS));
    assertThrows(expected, reply::poll);
  }

  private void assertFailed(Throwable thrown) {
    assertEquals(ExecutionException.class, thrown.getClass());
    assertSame(cause, thrown.getCause());
  }

  /** The ways to end it. */
  enum End {
    COMPLETE((reply, cause) -> reply.complete("value")),
    FAIL(OneShot::fail),
    CANCEL((reply, cause) -> reply.cancel());

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final BiPredicate<OneShot<String>, Throwable> body;

    End(BiPredicate<OneShot<String>, Throwable> body) {
      this.body = body;
    }

    boolean on(OneShot<String> reply, Throwable cause) {
      return body.test(reply, cause);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // null is what they are given
  void refusesNullAndIsNotDone() throws Exception {
    assertThrows(NullPointerException.class, () -> reply.complete(null));
    assertThrows(NullPointerException.class, () -> reply.fail(null));
    assertThrows(NullPointerException.class, () -> reply.get(null));
    assertThrows(NullPointerException.class, () -> reply.get(1, null));
    assertThrows(NullPointerException.class, () -> OneShot.completeVoid(null));
    assertThrows(NullPointerException.class, () -> new OneShot<>(null));
    assertFalse(reply.isDone());
    assertNull(reply.poll());
  }

  @Nested
  class AValue {

    @Test
    void isReturnedByEveryMethodThatGetsAnyNumberOfTimes() throws Exception {
      String value = new String("value");
      assertFalse(reply.isDone());
      assertTrue(reply.complete(value));
      assertTrue(reply.isDone());
      for (int i = 0; i < 2; i++) {
        for (GetMethod get : GetMethod.values()) {
          assertSame(value, get.on(reply));
        }
        assertSame(value, reply.get(Duration.ZERO));
        assertSame(value, reply.get(-1, DAYS));
        assertSame(value, reply.poll());
      }
    }

    @ParameterizedTest
    @EnumSource
    void endsTheWait(GetMethod get) {
      for (Kind kind : Kind.values()) {
        OneShot<String> waited = new OneShot<>(group.parkingOnly());
        Waiter<String> waiter =
            Waiter.start(kind, () -> get.on(waited)).awaitParkedOn(waited.waker());
        assertTrue(waited.complete("value"));
        assertEquals("value", waiter.result());
        assertNull(waited.waker().registered());
      }
    }

    /** What the class uses inside is no value of any type. */
    @Test
    void mayBeAnException() throws Exception {
      OneShot<Throwable> throwable = new OneShot<>();
      assertTrue(throwable.complete(cause));
      assertSame(cause, throwable.get());
    }
  }

  @Nested
  class AFailure {

    @Test
    void isThrownByEveryMethodThatGetsInANewException() {
      assertTrue(reply.fail(cause));
      assertTrue(reply.isDone());
      assertEveryGetThrows(ExecutionException.class, reply);
      Throwable first = assertThrows(ExecutionException.class, reply::get);
      Throwable second = assertThrows(ExecutionException.class, reply::get);
      assertFailed(first);
      assertFailed(second);
      assertNotSame(first, second);
      assertFailed(assertThrows(ExecutionException.class, reply::poll));
    }

    @ParameterizedTest
    @EnumSource
    void endsTheWait(GetMethod get) {
      Waiter<String> waiter = startWaiting(Kind.VIRTUAL, get);
      assertTrue(reply.fail(cause));
      assertFailed(waiter.thrown());
    }
  }

  @Nested
  class ACancellation {

    @Test
    void isThrownByEveryMethodThatGets() {
      assertTrue(reply.cancel());
      assertTrue(reply.isDone());
      assertEveryGetThrows(CancellationException.class, reply);
      assertNotSame(
          assertThrows(CancellationException.class, reply::get),
          assertThrows(CancellationException.class, reply::get));
    }

    @ParameterizedTest
    @EnumSource
    void endsTheWaitAndInterruptsNobody(GetMethod get) {
      Waiter<Boolean> waiter =
          Waiter.start(
                  Kind.VIRTUAL,
                  () -> {
                    assertThrows(CancellationException.class, () -> get.on(reply));
                    return Thread.interrupted();
                  })
              .awaitParkedOn(reply.waker());
      assertTrue(reply.cancel());
      assertFalse(waiter.result());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFirstOutcomeStays(End first) throws Exception {
    assertTrue(first.on(reply, cause));
    for (End later : End.values()) {
      assertFalse(later.on(reply, cause));
    }
    assertFalse(reply.complete("other"));
    assertFalse(reply.fail(new IllegalArgumentException("other")));
    switch (first) {
      case COMPLETE -> assertEquals("value", reply.get());
      case FAIL -> assertFailed(assertThrows(ExecutionException.class, reply::get));
      case CANCEL -> assertThrows(CancellationException.class, reply::get);
    }
  }

  @Nested
  class WithoutAValue {
    private final OneShot<Void> done = new OneShot<>(group);

    @Test
    void returnsNullOnceCompleted() throws Exception {
      assertTrue(OneShot.completeVoid(done));
      assertTrue(done.isDone());
      assertNull(done.get());
      assertNull(done.get(Duration.ZERO));
      assertNull(done.get(1, DAYS));
      assertNull(done.poll());
      assertFalse(OneShot.completeVoid(done));
      assertFalse(done.cancel());
      assertFalse(done.fail(cause));
      assertTrue(done.toString().contains("[test, done, "), done::toString);
    }

    @Test
    void endsTheWait() {
      Waiter<Boolean> waiter =
          Waiter.start(Kind.VIRTUAL, () -> done.get() == null).awaitParkedOn(done.waker());
      assertTrue(OneShot.completeVoid(done));
      assertTrue(waiter.result());
    }

    @Test
    void mayFailAndMayBeCancelled() {
      assertTrue(done.fail(cause));
      assertFalse(OneShot.completeVoid(done));
      assertFailed(assertThrows(ExecutionException.class, done::get));
      OneShot<Void> cancelled = new OneShot<>();
      assertTrue(cancelled.cancel());
      assertFalse(OneShot.completeVoid(cancelled));
      assertThrows(CancellationException.class, cancelled::get);
    }
  }

  @Nested
  class ATimeOut {

    @Test
    void throwsAndLeavesItToBeCompleted() throws Exception {
      assertThrows(TimeoutException.class, () -> reply.get(SHORT));
      assertThrows(TimeoutException.class, () -> reply.get(20, MILLISECONDS));
      assertThrows(TimeoutException.class, () -> reply.get(Duration.ZERO));
      assertThrows(TimeoutException.class, () -> reply.get(0, DAYS));
      assertThrows(TimeoutException.class, () -> reply.get(Duration.ofSeconds(Long.MIN_VALUE)));
      assertThrows(TimeoutException.class, () -> reply.get(Long.MIN_VALUE, DAYS));
      assertFalse(reply.isDone());
      assertNull(reply.waker().registered());
      assertTrue(reply.complete("late"));
      assertEquals("late", reply.get(Duration.ZERO));
    }

    @ParameterizedTest
    @EnumSource
    void comesNoEarlierThanAsked(Kind kind) {
      Waiter<Long> waiter =
          Waiter.start(
              kind,
              () -> {
                long begin = System.nanoTime();
                assertThrows(TimeoutException.class, () -> reply.get(SHORT));
                assertThrows(
                    TimeoutException.class, () -> reply.get(SHORT.toMillis(), MILLISECONDS));
                return System.nanoTime() - begin;
              });
      long nanos = waiter.result();
      assertTrue(nanos >= 2 * SHORT.toNanos(), () -> nanos + " ns");
    }

    @Test
    void saysHowLongItWaited() {
      assertEquals(
          "no reply within 1500 ns",
          assertThrows(TimeoutException.class, () -> reply.get(Duration.ofNanos(1_500)))
              .getMessage());
      assertEquals(
          "no reply within -1000000 ns",
          assertThrows(TimeoutException.class, () -> reply.get(-1, MILLISECONDS)).getMessage());
    }

    /** Longer than a long has nanoseconds. */
    @Test
    void thatIsTooLongIsForEver() {
      for (Callable<String> get :
          List.<Callable<String>>of(
              () -> reply.get(Long.MAX_VALUE, DAYS),
              () -> reply.get(Long.MAX_VALUE, NANOSECONDS),
              () -> reply.get(Duration.ofSeconds(Long.MAX_VALUE)))) {
        Waiter<String> waiter = Waiter.start(Kind.PLATFORM, get).awaitParkedOn(reply.waker());
        waiter.thread.interrupt();
        assertEquals(InterruptedException.class, waiter.thrown().getClass());
      }
    }
  }

  @Nested
  class AnInterrupt {

    @ParameterizedTest
    @EnumSource
    void endsTheWaitAndLeavesItToBeCompleted(GetMethod get) throws Exception {
      Waiter<String> waiter = startWaiting(Kind.VIRTUAL, get);
      waiter.thread.interrupt();
      assertEquals(InterruptedException.class, waiter.thrown().getClass());
      assertFalse(reply.isDone());
      assertTrue(reply.complete("value"));
      assertEquals("value", get.on(reply));
    }

    /** As of {@code AtomicWaker.await}. */
    @ParameterizedTest
    @EnumSource
    void onEntryIsThrownEvenIfItIsDone(GetMethod get) throws Exception {
      assertTrue(reply.complete("value"));
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> get.on(reply));
      assertFalse(Thread.interrupted());
      assertEquals("value", get.on(reply));
    }

    @Test
    void isLeftAsItIsByAPoll() throws Exception {
      Thread.currentThread().interrupt();
      assertNull(reply.poll());
      assertTrue(reply.complete("value"));
      assertEquals("value", reply.poll());
      assertTrue(Thread.interrupted());
    }

    @ParameterizedTest
    @EnumSource
    void thatComesWithTheOutcomeStaysPending(End end) {
      SteppedScheduler scheduler = new SteppedScheduler();
      Waiter<Boolean> waiter =
          Waiter.start(
              scheduler,
              () -> {
                try {
                  reply.get();
                } catch (ExecutionException | CancellationException expected) {
                  // the outcome
                }
                return Thread.interrupted();
              });
      assertTrue(end.on(reply, cause));
      waiter.thread.interrupt();
      scheduler.run();
      assertTrue(waiter.result());
    }
  }

  /** Against the contract. */
  @Nested
  class TwoWaiters {

    @Test
    void displaceTheFirst() {
      Waiter<String> displaced = startWaiting(Kind.VIRTUAL, GetMethod.GET);
      Waiter<String> second = Waiter.start(Kind.VIRTUAL, reply::get);
      assertEquals(DisplacedException.class, displaced.thrown().getClass());
      second.awaitParkedOn(reply.waker());
      assertTrue(reply.complete("value"));
      assertEquals("value", second.result());
    }

    @Test
    void bothGetWhatIsThereWhenTheyCheck() {
      SteppedScheduler scheduler = new SteppedScheduler();
      Waiter<String> displaced = Waiter.start(scheduler, reply::get);
      reply.waker().register();
      assertTrue(reply.complete("value"));
      scheduler.run();
      assertEquals("value", displaced.result());
    }
  }

  /** The scheduler of the waiting thread rejects it: the outcome stands. */
  @ParameterizedTest
  @CsvSource({"COMPLETE,false", "FAIL,false", "CANCEL,false", "COMPLETE,true"})
  void anUnparkThatThrowsChangesNoOutcome(End end, boolean handlerThrows) {
    SteppedScheduler scheduler = new SteppedScheduler();
    scheduler.start(
        () -> {
          reply.waker().register();
          reply.waker().park();
        });
    scheduler.run();
    scheduler.reject();
    List<Throwable> reported = new ArrayList<>();
    Waiter<Boolean> ending =
        Waiter.start(
            Kind.PLATFORM,
            () -> {
              Thread.currentThread()
                  .setUncaughtExceptionHandler(
                      (thread, thrown) -> {
                        reported.add(thrown);
                        if (handlerThrows) {
                          throw new UnsupportedOperationException("of the test's handler");
                        }
                      });
              return end.on(reply, cause);
            });
    assertTrue(ending.result());
    assertTrue(reply.isDone());
    assertFalse(reply.cancel());
    assertEquals(
        List.of(RejectedExecutionException.class),
        reported.stream().<Object>map(Object::getClass).toList());
    reply.waker().take(); // the thread is in its waker again, and lost
  }

  @Nested
  class TheGroup {

    @Test
    void isTheGivenOne() {
      assertSame(group, reply.waker().group());
    }

    /** Otherwise a waker that waits once would never begin with what others have learnt. */
    @Test
    void ofThoseWithoutOneIsSharedByThemAlone() {
      SlotGroup shared = new OneShot<>().waker().group();
      assertSame(shared, new OneShot<>().waker().group());
      assertNotSame(shared, new AtomicWaker().group());
      assertEquals("", shared.name());
    }
  }

  @Nested
  class TheString {

    private static void assertString(String state, OneShot<?> reply) {
      assertEquals(
          "%s[%s, waker=%s]".formatted(WaitLoop.identity(reply), state, reply.waker()),
          reply.toString());
    }

    @Test
    void namesTheStateAndTheWaitingThread() {
      assertTrue(reply.toString().startsWith("io.github.atomicwaker.OneShot@"));
      assertString("test, waiting", reply);
      Waiter<String> waiter = startWaiting(Kind.VIRTUAL, GetMethod.GET);
      assertString("test, waiting", reply);
      assertTrue(reply.toString().endsWith("[test, waiter=" + waiter.thread + "]]"));
      assertTrue(reply.complete("value"));
      waiter.result();
      assertString("test, done", reply);
      OneShot<String> failed = new OneShot<>(group);
      failed.fail(cause);
      assertString("test, failed", failed);
      OneShot<String> cancelled = new OneShot<>(group);
      cancelled.cancel();
      assertString("test, cancelled", cancelled);
    }

    @Test
    void hasNoNameWithoutANamedGroup() {
      assertString("waiting", new OneShot<String>());
    }
  }
}
