package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors of the virtual machine, pinned carriers, faulty JDKs. */
@Timeout(60)
class FaultsTest {
  private final AtomicWaker waker = new AtomicWaker();
  private final AtomicBoolean ready = new AtomicBoolean();

  @SuppressWarnings("InfiniteRecursion") // until the stack ends
  private static boolean overflow(int depth) {
    return overflow(depth + 1) || depth < 0;
  }

  @Test
  void aStackOverflowInsideTheConditionLeavesTheSlotUsable() throws Exception {
    assertThrows(StackOverflowError.class, () -> waker.await(() -> registered() && overflow(0)));
    assertNull(waker.registered());
    waker.await(this::registered);
  }

  private boolean registered() {
    return waker.registered() == Thread.currentThread();
  }

  /** The stack ends anywhere in the wait, its exit included. */
  @ParameterizedTest
  @EnumSource
  void aStackThatEndsAnywhereInAWaitLeavesTheSlotUsable(Kind kind) throws Exception {
    AtomicInteger waits = new AtomicInteger();
    Waiter<Void> diver = Waiter.start(kind, () -> dive(waits));
    assertEquals(StackOverflowError.class, diver.thrown().getClass());
    assertTrue(waits.get() > 100, "waits on the way down");
    waker.await(() -> waker.registered() == Thread.currentThread());
    assertNull(waker.registered());
  }

  @SuppressWarnings("InfiniteRecursion") // until the stack ends
  private Void dive(AtomicInteger waits) throws InterruptedException {
    waker.await(() -> false, Duration.ofNanos(1));
    waits.incrementAndGet();
    return dive(waits);
  }

  @Test
  void anOutOfMemoryErrorInsideTheConditionLeavesTheSlotUsable() throws Exception {
    assertThrows(
        OutOfMemoryError.class,
        () -> waker.await(() -> registered() && new long[Integer.MAX_VALUE].length > 0));
    assertNull(waker.registered());
    waker.await(this::registered);
  }

  /** JDKs before 24 pin the carrier here. */
  @Test
  void aWaitInsideSynchronizedIsWoken() {
    Object monitor = new Object();
    assertIsWoken(
        Waiter.start(
            Kind.VIRTUAL,
            () -> {
              synchronized (monitor) {
                waker.await(ready::get);
                return true;
              }
            }));
  }

  /** What {@link Slow} waits on: class initializers take no arguments. */
  private static final Map<Class<?>, FaultsTest> TESTS = new ConcurrentHashMap<>();

  private static final class Slow {
    static final boolean DONE = initialize();

    private static boolean initialize() {
      FaultsTest test = requireNonNull(TESTS.get(Slow.class));
      test.waker.awaitUninterruptibly(test.ready::get);
      return true;
    }
  }

  @Test
  void aWaitInsideAClassInitializerIsWoken() {
    TESTS.put(Slow.class, this);
    assertIsWoken(Waiter.start(Kind.VIRTUAL, () -> Slow.DONE));
  }

  /** Called by reflection, which the test run's options make go through native code. */
  static boolean waitOn(AtomicWaker waker, AtomicBoolean ready) {
    waker.awaitUninterruptibly(ready::get);
    return true;
  }

  @Test
  void aWaitBelowANativeFrameIsWoken() throws Exception {
    var method =
        FaultsTest.class.getDeclaredMethod("waitOn", AtomicWaker.class, AtomicBoolean.class);
    Waiter<Boolean> waiter = Waiter.start(Kind.VIRTUAL, () -> invoke(method)).awaitParkedOn(waker);
    assertTrue(
        Arrays.stream(waiter.thread.getStackTrace()).anyMatch(StackTraceElement::isNativeMethod),
        "a native frame pins the waiter");
    assertIsWoken(waiter);
  }

  private boolean invoke(Method method) throws IllegalAccessException, InvocationTargetException {
    return (boolean) method.invoke(null, waker, ready);
  }

  private void assertIsWoken(Waiter<Boolean> waiter) {
    waiter.awaitParkedOn(waker);
    assertSame(waiter.thread, waker.registered());
    ready.set(true);
    assertTrue(waker.wake());
    assertTrue(waiter.result());
  }

  @ParameterizedTest
  @CsvSource({
    "17.0.15,false",
    "21.0.1,false",
    "21.0.4,false",
    "24.0.2,false",
    "25-ea,true",
    "25,true",
    "25.0.1,true",
    "25.0.2+10-LTS,true",
    "25.0.2.1,true",
    "25.0.3,false",
    "25.0.3+9-LTS,false",
    "25.0.10,false",
    "25.1,false",
    "26,true",
    "26.0.0.1,true",
    "26.0.1,false",
    "26.0.2,false",
    "27-ea,false",
    "27,false"
  })
  void knowsTheJdksThatLoseUnparks(String version, boolean losesUnparks) {
    assertEquals(
        losesUnparks ? TimeUnit.SECONDS.toNanos(1) : Long.MAX_VALUE,
        Jdk8369227.longestPark(Runtime.Version.parse(version)));
  }
}
