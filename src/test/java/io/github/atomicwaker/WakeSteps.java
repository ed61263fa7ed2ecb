package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.atomicwaker.Waiter.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs of what unparks the waiter of a waker: wakes, takes, displacements and batches. */
final class WakeSteps {
  private WakeSteps() {}

  /** A waiter is parked, and its condition is true already. */
  abstract static class BesideAWaiter extends Step {
    final AtomicBoolean ready = new AtomicBoolean();
    final AtomicWaker waker;
    final ParkedWaiter<Boolean> parked;

    BesideAWaiter(Kind kind, WakerGroup group) {
      super(group);
      waker = new AtomicWaker(group);
      parked =
          ParkedWaiter.start(
              kind,
              () -> {
                waker.awaitUninterruptibly(ready::get);
                return true;
              });
      ready.set(true);
    }

    final void assertWoken(@Nullable Throwable thrown, boolean woke) {
      if (thrown == null) {
        assertTrue(woke);
        assertEnds(parked, "a wake");
      } else {
        waker.wake();
        assertEnds(parked, thrown + " and a second wake");
      }
      assertNull(waker.registered());
    }
  }

  static final class Wake extends BesideAWaiter {
    private boolean woke;

    Wake(Kind kind, WakerGroup group) {
      super(kind, group);
    }

    @Override
    public void run() {
      woke = waker.wake();
    }

    @Override
    void check(@Nullable Throwable thrown) {
      assertWoken(thrown, woke);
    }
  }

  static final class Take extends BesideAWaiter {
    private @Nullable Thread taken;

    Take(Kind kind, WakerGroup group) {
      super(kind, group);
    }

    @Override
    public void run() {
      taken = waker.take();
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown == null) {
        LockSupport.unpark(requireNonNull(taken, "the slot was empty"));
      }
      assertWoken(thrown, true);
    }
  }

  static final class Displace extends BesideAWaiter {
    private final Thread other = new Thread();

    Displace(Kind kind, WakerGroup group) {
      super(kind, group);
      ready.set(false);
    }

    @Override
    public void run() {
      waker.register(other);
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown == null) {
        assertSame(other, waker.registered());
      }
      // It throws, or it is still in the slot, or it finds that empty and registers again.
      if (!endsOrJdkLostIt(parked, this::isRegistered)) {
        fail("has not thrown, and is not in the slot: " + waker);
      }
      if (isRegistered()) {
        ready.set(true);
        waker.wake();
        assertEnds(parked, "a wake");
      } else if (parked.waiter().isDone()) {
        parked.assertThrew(IllegalStateException.class);
      }
    }

    private boolean isRegistered() {
      return waker.registered() == parked.waiter().thread;
    }
  }

  /** One of the waiters that a batch wakes. */
  private static final class OfABatch extends BesideAWaiter {
    OfABatch(Kind kind, WakerGroup group) {
      super(kind, group);
    }

    @Override
    public void run() {}

    @Override
    void check(@Nullable Throwable thrown) {
      assertWoken(thrown, true);
    }
  }

  static class Batch extends Step {
    private static final int WAITERS = 3;

    final WakeBatch batch = new WakeBatch();
    private final List<OfABatch> all = new ArrayList<>();

    Batch(Kind kind, WakerGroup group) {
      super(group);
      for (int i = 0; i < WAITERS; i++) {
        all.add(new OfABatch(kind, group));
      }
    }

    final void takeAll() {
      for (int i = 0; i < WAITERS; i++) {
        assertTrue(batch.wake(all.get(i).waker));
      }
    }

    @Override
    public void run() {
      takeAll();
      batch.close();
    }

    @Override
    void check(@Nullable Throwable thrown) throws Exception {
      if (thrown != null) {
        try {
          batch.close();
        } catch (StackOverflowError | OutOfMemoryError again) {
          fail("a close with room throws", again);
        }
      }
      for (OfABatch waiting : all) {
        waiting.check(thrown);
        lostByJdk += waiting.lostByJdk;
      }
      batch.close();
    }
  }

  static final class CloseBatch extends Batch {
    CloseBatch(Kind kind, WakerGroup group) {
      super(kind, group);
      takeAll();
    }

    @Override
    public void run() {
      batch.close();
    }

    // A block that it ends closes it once.
    @Override
    void check(@Nullable Throwable thrown) throws Exception {
      assertFalse(thrown instanceof OutOfMemoryError, "allocates before all are unparked");
      super.check(thrown);
    }
  }
}
