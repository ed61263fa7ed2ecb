package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Every method of a hand-off that takes a value. */
enum TakeMethod {
  TAKE(Handoff::take),
  POLL(Handoff::poll),
  POLL_TIMED(handoff -> handoff.poll(Duration.ofHours(1))),
  POLL_TIMED_BY_UNIT(handoff -> handoff.poll(1, TimeUnit.HOURS));

  private interface Body {
    @Nullable String on(Handoff<String> handoff) throws InterruptedException;
  }

  @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
  private final Body body;

  TakeMethod(Body body) {
    this.body = body;
  }

  /** Fails if there is no value. */
  String on(Handoff<String> handoff) throws InterruptedException {
    return requireNonNull(body.on(handoff));
  }
}
