package io.github.atomicwaker.stress.soak;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.atomicwaker.WakeBatch;
import io.github.atomicwaker.stress.soak.WaitMethod.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Two threads at two wakers send numbers to and fro, one at a time, so that each wake counts. */
final class WakerPair extends Pair {

  /** What unparks a waiter. */
  private enum WakeMethod {
    WAKE,
    TAKE,
    BATCH,
    DISPLACE
  }

  private static final List<WakeMethod> WAKE_METHODS = List.of(WakeMethod.values());

  private final SequenceCell there = new SequenceCell(group);
  private final SequenceCell back = new SequenceCell(group);
  private final Member server;
  private final Member receiver;

  WakerPair(Exhaustion stage, SplittableRandom random) {
    super(stage, random);
    server = new Member("server", back, there, random.split());
    receiver = new Member("receiver", there, back, random.split());
  }

  @Override
  List<? extends PairMember> members() {
    return List.of(server, receiver);
  }

  @Override
  void abandon() {
    abandoned = true;
    there.sent = SequenceCell.BYE;
    back.sent = SequenceCell.BYE;
    there.waker.wake();
    back.waker.wake();
  }

  @Override
  @Nullable String wrong() {
    return isOver(there) && isOver(back) ? null : "not empty at the end: " + there + ", " + back;
  }

  /** A thread that was put back may have left by then. */
  private boolean isOver(SequenceCell cell) {
    return unparkFailed ? cell.sent == cell.received : cell.isEmpty();
  }

  private final class Member extends PairMember {
    private final SequenceCell mine;
    private final SequenceCell other;
    private final BooleanSupplier ready;
    private final WakeBatch batch = new WakeBatch();
    private long next = 1;

    /** How to wait; null if it is to send. */
    private @Nullable WaitMethod waitMethod;

    private WakeMethod wakeMethod = WakeMethod.WAKE;
    private Duration timeout = Duration.ZERO;
    private @Nullable Object value;

    /** Taken, and not yet unparked. */
    private @Nullable Thread taken;

    Member(String role, SequenceCell mine, SequenceCell other, SplittableRandom random) {
      super(WakerPair.this, role, drawKind(random), random);
      this.mine = mine;
      this.other = other;
      this.ready = mine::isTrue;
    }

    @Override
    boolean round() {
      if (this == server) {
        if (stage.isStopping() || abandoned) {
          send(SequenceCell.BYE);
          return false;
        }
        send(next);
        if (!receive()) {
          return false;
        }
      } else {
        if (!receive()) {
          return false;
        }
        send(next);
      }
      next++;
      return true;
    }

    /** Sends a number, and wakes its waiter: again, until that has succeeded. */
    private void send(long number) {
      waitMethod = null;
      wakeMethod = draw(WAKE_METHODS);
      other.sending = true;
      other.sent = number;
      boolean firstTry = true;
      do {
        attempt(null, firstTry, false);
        if (begun && hasUnparkThrown()) {
          unparkFailed = true;
        }
        firstTry = firstTry && !begun;
      } while (outcome != Outcome.VALUE);
      if (wakeMethod == WakeMethod.DISPLACE) {
        other.waker.deregister(thread);
      }
      other.sending = false;
    }

    /** Waits for the next number; returns false if none comes any more. */
    @SuppressWarnings("ReferenceEquality") // it is this object, or something else was returned
    private boolean receive() {
      do {
        long before = mine.received;
        waitMethod = draw(WaitMethod.ON_A_WAKER);
        timeout = timeout();
        value = null;
        attempt(mine, true, waitMethod != WaitMethod.REGISTER_AND_PARK && waitMethod.interruptible);
        if (waitMethod == WaitMethod.REGISTER_AND_PARK) {
          mine.waker.deregister(thread);
        } else {
          boolean left = mine.waker.registered() != thread || mine.sending || unparkFailed;
          check(left, "still in the slot", 0, 1);
        }
        if (outcome == Outcome.VALUE && mine.received == SequenceCell.BYE) {
          return false;
        }
        boolean received = outcome == Outcome.VALUE;
        check(
            mine.received == (received ? next : before),
            received ? "received" : "dropped",
            next,
            mine.received);
        check(
            !received || value == null || value == SequenceCell.value(next),
            "not what was polled",
            0,
            0);
      } while (outcome != Outcome.VALUE);
      return true;
    }

    @Override
    void operate() throws InterruptedException {
      WaitMethod how = waitMethod;
      if (how == null) {
        wake();
      } else {
        await(how);
      }
    }

    private void wake() {
      begun = true;
      switch (wakeMethod) {
        case WAKE -> other.waker.wake();
        case TAKE -> {
          if (taken == null) {
            taken = other.waker.take();
          }
          LockSupport.unpark(taken);
          taken = null;
        }
        case BATCH -> {
          batch.wake(other.waker);
          batch.close();
        }
        case DISPLACE -> other.waker.register(thread);
      }
      outcome = Outcome.VALUE;
    }

    private void await(WaitMethod how) throws InterruptedException {
      begun = true;
      switch (how) {
        case AWAIT_VALUE -> {
          value = mine.waker.awaitValue(mine);
          outcome = Outcome.VALUE;
        }
        case AWAIT_VALUE_TIMED -> {
          value = mine.waker.awaitValue(mine, timeout);
          outcome = value != null ? Outcome.VALUE : Outcome.TIMED_OUT;
        }
        case AWAIT_CHECKED -> {
          value = mine.waker.awaitChecked(mine);
          outcome = Outcome.VALUE;
        }
        case AWAIT_CHECKED_TIMED -> {
          value = mine.waker.awaitChecked(mine, NANOSECONDS.convert(timeout), NANOSECONDS);
          outcome = value != null ? Outcome.VALUE : Outcome.TIMED_OUT;
        }
        case AWAIT -> {
          mine.waker.await(ready);
          outcome = Outcome.VALUE;
        }
        case AWAIT_TIMED ->
            outcome = mine.waker.await(ready, timeout) ? Outcome.VALUE : Outcome.TIMED_OUT;
        case UNINTERRUPTIBLY -> {
          mine.waker.awaitUninterruptibly(ready);
          outcome = Outcome.VALUE;
        }
        case UNINTERRUPTIBLY_TIMED ->
            outcome =
                mine.waker.awaitUninterruptibly(ready, timeout) ? Outcome.VALUE : Outcome.TIMED_OUT;
        default -> registerAndPark();
      }
    }

    /** The deregistration comes with room. */
    private void registerAndPark() {
      mine.waker.register();
      while (mine.get() == null) {
        if (mine.waker.registered() == thread) {
          mine.waker.park();
        }
        mine.waker.register();
      }
      outcome = Outcome.VALUE;
    }
  }
}
