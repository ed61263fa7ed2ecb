package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.WakeBatch;
import io.github.atomicwaker.stress.soak.Way.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Two threads at two wakers: numbers go to and fro, one at a time, so that each wake counts. */
final class Rally extends Pair {

  /** The ways to wake a waiter. */
  private enum Call {
    WAKE,
    TAKE,
    BATCH,
    DISPLACE
  }

  private static final List<Call> CALLS = List.of(Call.values());

  private final Bell there = new Bell(group);
  private final Bell back = new Bell(group);
  private final Player server;
  private final Player receiver;

  Rally(Ends ends, SplittableRandom random) {
    super(ends, random);
    server = new Player("server", back, there, random.split());
    receiver = new Player("receiver", there, back, random.split());
  }

  @Override
  List<? extends Striker> strikers() {
    return List.of(server, receiver);
  }

  @Override
  void abandon() {
    abandoned = true;
    there.sent = Bell.BYE;
    back.sent = Bell.BYE;
    there.waker.wake();
    back.waker.wake();
  }

  @Override
  @Nullable String wrong() {
    return isOver(there) && isOver(back) ? null : "not empty at the end: " + there + ", " + back;
  }

  /** Whoever was put back may have left by then. */
  private boolean isOver(Bell bell) {
    return unparkFailed ? bell.sent == bell.heard : bell.isEmpty();
  }

  private final class Player extends Striker {
    private final Bell mine;
    private final Bell other;
    private final BooleanSupplier ready;
    private final WakeBatch batch = new WakeBatch();
    private long next = 1;

    /** How to wait; null if it is to ring. */
    private @Nullable Way way;

    private Call call = Call.WAKE;
    private Duration timeout = Duration.ZERO;
    private @Nullable Object value;

    /** Taken, and not yet unparked. */
    private @Nullable Thread taken;

    Player(String role, Bell mine, Bell other, SplittableRandom random) {
      super(Rally.this, role, drawKind(random), random);
      this.mine = mine;
      this.other = other;
      this.ready = mine::isRinging;
    }

    @Override
    boolean round() {
      if (this == server) {
        if (ends.isStopping() || abandoned) {
          ring(Bell.BYE);
          return false;
        }
        ring(next);
        if (!hear()) {
          return false;
        }
      } else {
        if (!hear()) {
          return false;
        }
        ring(next);
      }
      next++;
      return true;
    }

    /** Sends a number, and wakes whoever waits for it: again, until that has succeeded. */
    private void ring(long number) {
      way = null;
      call = draw(CALLS);
      other.ringing = true;
      other.sent = number;
      boolean afresh = true;
      do {
        attempt(null, afresh, false);
        if (begun && hasUnparkThrown()) {
          unparkFailed = true;
        }
        afresh = afresh && !begun;
      } while (outcome != Outcome.VALUE);
      if (call == Call.DISPLACE) {
        other.waker.deregister(thread());
      }
      other.ringing = false;
    }

    /** Waits for the next number; returns false if none comes any more. */
    @SuppressWarnings("ReferenceEquality") // it is the very object, or something else was returned
    private boolean hear() {
      do {
        long before = mine.heard;
        way = draw(Way.ON_A_WAKER);
        timeout = timeout();
        value = null;
        attempt(mine, true, way != Way.BY_HAND && way.interruptible);
        if (way == Way.BY_HAND) {
          mine.waker.deregister(thread());
        } else {
          boolean left = mine.waker.registered() != thread() || mine.ringing || unparkFailed;
          check(left, "still in the slot", 0, 1);
        }
        if (outcome == Outcome.VALUE && mine.heard == Bell.BYE) {
          return false;
        }
        boolean heard = outcome == Outcome.VALUE;
        check(mine.heard == (heard ? next : before), heard ? "heard" : "dropped", next, mine.heard);
        check(!heard || value == null || value == Bell.value(next), "not what was polled", 0, 0);
      } while (outcome != Outcome.VALUE);
      return true;
    }

    @Override
    void strike() throws InterruptedException {
      Way how = way;
      if (how == null) {
        strikeBell();
      } else {
        await(how);
      }
    }

    private void strikeBell() {
      begun = true;
      switch (call) {
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
        case DISPLACE -> other.waker.register(thread());
      }
      outcome = Outcome.VALUE;
    }

    private void await(Way how) throws InterruptedException {
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
        default -> awaitByHand();
      }
    }

    /** The deregistration comes with room. */
    private void awaitByHand() {
      mine.waker.register();
      while (mine.get() == null) {
        if (mine.waker.registered() == thread()) {
          mine.waker.park();
        }
        mine.waker.register();
      }
      outcome = Outcome.VALUE;
    }
  }
}
