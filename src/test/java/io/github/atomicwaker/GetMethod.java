package io.github.atomicwaker;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Every method of a one-shot reply that waits. */
enum GetMethod {
  GET(OneShot::get),
  GET_UNIT(reply -> reply.get(1, TimeUnit.HOURS)),
  GET_DURATION(reply -> reply.get(Duration.ofHours(1)));

  private interface Body {
    String on(OneShot<String> reply)
        throws InterruptedException, ExecutionException, TimeoutException;
  }

  @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
  private final Body body;

  GetMethod(Body body) {
    this.body = body;
  }

  String on(OneShot<String> reply)
      throws InterruptedException, ExecutionException, TimeoutException {
    return body.on(reply);
  }
}
