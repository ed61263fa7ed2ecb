package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.OneShot;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** One reply to one request. It has the number of the request, in whatever way it ends. */
final class CheckedReply implements WaitTarget {

  /** Why there is no value: has the number. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(long number) {
      super(Long.toString(number), null, false, false);
    }
  }

  final long number;
  private final OneShot<Long> reply;

  CheckedReply(WakerGroup group, long number) {
    this.number = number;
    this.reply = new OneShot<>(group);
  }

  /** Ends it in a way that is drawn; returns false if its caller has cancelled it. */
  boolean end(SplittableRandom random) {
    boolean first =
        switch (random.nextInt(3)) {
          case 0 -> reply.fail(new Refusal(number));
          case 1 -> reply.cancel();
          default -> reply.complete(number);
        };
    Fault.unless(reply.isDone(), "not done after an end");
    Fault.unless(!reply.complete(-number), "completed after its end");
    return first;
  }

  /** Waits for it; returns false if the time is up. */
  boolean get(WaitMethod method, Duration timeout) throws InterruptedException {
    try {
      long got =
          switch (method) {
            case GET -> reply.get();
            case GET_TIMED -> reply.get(timeout);
            default -> throw new Fault("not a get: " + method);
          };
      Fault.unless(got == number, "the reply to another request:", got);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      Fault.unless(
          cause instanceof Refusal && Long.toString(number).equals(cause.getMessage()),
          "the failure of another request:",
          cause);
    } catch (CancellationException e) {
      Fault.unless(reply.isDone(), "cancelled, and not done");
    } catch (TimeoutException e) {
      return false;
    }
    return true;
  }

  /** Cancels it, and checks that this stays if it was first; returns whether it was. */
  boolean cancel() {
    boolean first = reply.cancel();
    if (first) {
      try {
        reply.poll();
        throw new Fault("a value after a cancellation");
      } catch (CancellationException expected) {
        // so it stays
      } catch (ExecutionException e) {
        throw new Fault("a failure after a cancellation: " + e);
      }
    }
    return first;
  }

  @Override
  public boolean isDue(Thread waiter) {
    return reply.isDone() || !reply.toString().contains("waiter=" + waiter);
  }

  @Override
  public boolean isContested() {
    return false;
  }

  @Override
  public boolean isEmpty() {
    return reply.isDone() && !reply.toString().contains("waiter=");
  }

  @Override
  public String toString() {
    return "%s to request %d".formatted(reply, number);
  }
}
