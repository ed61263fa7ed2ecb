package io.github.atomicwaker.bench;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.OneShot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Signals that work once. */
final class OneShotSignals {

  private OneShotSignals() {}

  static final class Reply implements Link {
    private final OneShot<Object> message = new OneShot<>();

    @Override
    public void send(Object sending) {
      message.complete(sending);
    }

    @Override
    public Object receive() throws Exception {
      return message.get();
    }
  }

  static final class Future implements Link {
    private final CompletableFuture<Object> message = new CompletableFuture<>();

    @Override
    public void send(Object sending) {
      message.complete(sending);
    }

    @Override
    public Object receive() throws Exception {
      return message.get();
    }
  }

  static final class Latch implements Link {
    private final CountDownLatch sent = new CountDownLatch(1);
    private @Nullable Object message;

    @Override
    public void send(Object sending) {
      message = sending;
      sent.countDown();
    }

    @Override
    public Object receive() throws InterruptedException {
      sent.await();
      return requireNonNull(message);
    }
  }
}
