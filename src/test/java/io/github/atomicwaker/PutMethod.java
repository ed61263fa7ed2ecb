package io.github.atomicwaker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Every method of a hand-off that puts a value. */
enum PutMethod {
  PUT(
      (handoff, value) -> {
        handoff.put(value);
        return true;
      }),
  OFFER(Handoff::offer),
  OFFER_TIMED((handoff, value) -> handoff.offer(value, Duration.ofHours(1))),
  OFFER_TIMED_BY_UNIT((handoff, value) -> handoff.offer(value, 1, TimeUnit.HOURS));

  private interface Body {
    boolean on(Handoff<String> handoff, String value) throws InterruptedException;
  }

  @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
  private final Body body;

  PutMethod(Body body) {
    this.body = body;
  }

  boolean on(Handoff<String> handoff, String value) throws InterruptedException {
    return body.on(handoff, value);
  }
}
