package io.github.atomicwaker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Every {@code await} method of a waker, as a wait for a condition. */
enum AwaitMethod {
  AWAIT(
      true,
      false,
      (waker, ready) -> {
        waker.await(ready);
        return true;
      }),
  AWAIT_TIMED(true, true, (waker, ready) -> waker.await(ready, Duration.ofHours(1))),
  AWAIT_TIMED_BY_UNIT(true, true, (waker, ready) -> waker.await(ready, 1, TimeUnit.HOURS)),
  UNINTERRUPTIBLY(
      false,
      false,
      (waker, ready) -> {
        waker.awaitUninterruptibly(ready);
        return true;
      }),
  UNINTERRUPTIBLY_TIMED(
      false, true, (waker, ready) -> waker.awaitUninterruptibly(ready, Duration.ofHours(1))),
  UNINTERRUPTIBLY_TIMED_BY_UNIT(
      false, true, (waker, ready) -> waker.awaitUninterruptibly(ready, 1, TimeUnit.HOURS)),
  VALUE(true, false, (waker, ready) -> waker.awaitValue(() -> value(ready)) != null),
  VALUE_TIMED(
      true,
      true,
      (waker, ready) -> waker.awaitValue(() -> value(ready), Duration.ofHours(1)) != null),
  VALUE_TIMED_BY_UNIT(
      true,
      true,
      (waker, ready) -> waker.awaitValue(() -> value(ready), 1, TimeUnit.HOURS) != null),
  WITHDRAWN(
      true, false, (waker, ready) -> waker.awaitValue(() -> value(ready), () -> true) != null),
  WITHDRAWN_TIMED(
      true,
      true,
      (waker, ready) ->
          waker.awaitValue(() -> value(ready), () -> true, 1, TimeUnit.HOURS) != null),
  CHECKED(true, false, (waker, ready) -> waker.awaitChecked(() -> value(ready)) != null),
  CHECKED_TIMED(
      true,
      true,
      (waker, ready) -> waker.awaitChecked(() -> value(ready), 1, TimeUnit.HOURS) != null);

  private interface Body {
    boolean on(AtomicWaker waker, BooleanSupplier ready) throws InterruptedException;
  }

  final boolean interruptible;
  final boolean timed;

  @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
  private final Body body;

  AwaitMethod(boolean interruptible, boolean timed, Body body) {
    this.interruptible = interruptible;
    this.timed = timed;
    this.body = body;
  }

  private static @Nullable String value(BooleanSupplier ready) {
    return ready.getAsBoolean() ? "value" : null;
  }

  boolean on(AtomicWaker waker, BooleanSupplier ready) throws InterruptedException {
    return body.on(waker, ready);
  }
}
