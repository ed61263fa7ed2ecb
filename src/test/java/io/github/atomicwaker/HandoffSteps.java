package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs of the operations of a hand-off: beside a thread that is parked on it, and alone. */
final class HandoffSteps {
  private HandoffSteps() {}

  abstract static class OnHandoff extends Step {
    final Handoff<String> handoff;

    /**
     * Makes a hand-off.
     *
     * @param first the value in its place, null if that is empty
     */
    OnHandoff(WakerGroup group, @Nullable String first) {
      super(group);
      handoff = new Handoff<>(group);
      if (first != null) {
        handoff.offer(first);
      }
    }

    final void assertEmptyAndUsable() {
      assertNull(handoff.poll());
      assertTrue(handoff.offer("again"));
      assertEquals("again", handoff.poll());
    }
  }

  /** Gives a value to a take that is parked. */
  static final class Give extends OnHandoff {
    private final PutMethod put;
    private final ParkedWaiter<String> consumer;
    private boolean given;

    Give(Kind kind, WakerGroup group, PutMethod put) {
      super(group, null);
      this.put = put;
      consumer = ParkedWaiter.start(kind, handoff::take);
    }

    @Override
    public void run() throws InterruptedException {
      given = put.on(handoff, "value");
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown == null) {
        assertTrue(given);
        assertEnds(consumer, "the value was given");
      } else {
        assertTrue(handoff.offer("second"), "no room for a second value");
        assertEnds(consumer, thrown + " and a second value");
      }
      if (lostByJdk == 0) {
        assertEquals(thrown == null ? "value" : "second", consumer.waiter().result());
        assertEmptyAndUsable();
      }
    }
  }

  /** Transfers a value to a take that is parked. */
  static final class Transfer extends OnHandoff {
    private final ParkedWaiter<String> consumer;
    private boolean transferred;

    Transfer(Kind kind, WakerGroup group) {
      super(group, null);
      consumer = ParkedWaiter.start(kind, handoff::take);
    }

    @Override
    public void run() {
      transferred = handoff.tryTransfer("value");
    }

    @Override
    void check(@Nullable Throwable thrown) {
      assertEquals(thrown == null, transferred);
      if (thrown != null) {
        assertTrue(handoff.tryTransfer("second"), "the take does not wait any more");
      }
      assertEnds(consumer, "the value was transferred");
      if (lostByJdk == 0) {
        assertEquals(thrown == null ? "value" : "second", consumer.waiter().result());
        assertEmptyAndUsable();
      }
    }
  }

  /** Transfers a value to nobody. */
  static final class TransferAlone extends OnHandoff {
    private boolean transferred;

    TransferAlone(WakerGroup group) {
      super(group, null);
    }

    @Override
    public void run() {
      transferred = handoff.tryTransfer("value");
    }

    @Override
    void check(@Nullable Throwable thrown) {
      assertFalse(transferred);
      assertEmptyAndUsable();
    }
  }

  /** Takes the value before that of a put that is parked. */
  static final class TakeValue extends OnHandoff {
    private final TakeMethod take;
    private final ParkedWaiter<Boolean> producer;
    private @Nullable String taken;

    TakeValue(Kind kind, WakerGroup group, TakeMethod take) {
      super(group, "first");
      this.take = take;
      producer = ParkedWaiter.start(kind, () -> PutMethod.PUT.on(handoff, "second"));
    }

    @Override
    public void run() throws InterruptedException {
      taken = take.on(handoff);
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown != null) {
        taken = handoff.poll();
      }
      assertEquals("first", taken);
      assertEnds(producer, thrown == null ? "the value was taken" : thrown + " and a second take");
      assertEquals("second", handoff.poll());
      assertEmptyAndUsable();
      if (lostByJdk == 0) {
        assertTrue(producer.waiter().result());
      }
    }
  }

  /** Closes a hand-off on which a thread is parked. */
  static final class Close extends OnHandoff {
    private final ParkedWaiter<?> parked;

    private Close(Kind kind, WakerGroup group, @Nullable String first) {
      super(group, first);
      parked =
          first == null
              ? ParkedWaiter.start(kind, handoff::take)
              : ParkedWaiter.start(kind, () -> PutMethod.PUT.on(handoff, "second"));
    }

    static Step besideATake(Kind kind, WakerGroup group) {
      return new Close(kind, group, null);
    }

    static Step besideAPut(Kind kind, WakerGroup group) {
      return new Close(kind, group, "first");
    }

    @Override
    public void run() {
      handoff.close();
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown == null) {
        assertTrue(handoff.isClosed());
        assertEnds(parked, "a close");
      } else {
        handoff.close();
        assertEnds(parked, thrown + " and a second close");
      }
      if (parked.waiter().isDone()) {
        parked.assertThrew(HandoffClosedException.class);
      }
    }
  }

  static final class OfferAlone extends OnHandoff {
    private boolean put;

    OfferAlone(WakerGroup group) {
      super(group, null);
    }

    @Override
    public void run() {
      put = handoff.offer("value");
    }

    @Override
    void check(@Nullable Throwable thrown) {
      assertEquals(thrown == null, put);
      assertEquals(put ? "value" : null, handoff.poll());
      assertEmptyAndUsable();
    }
  }

  static final class PollAlone extends OnHandoff {
    private @Nullable String taken;

    PollAlone(WakerGroup group) {
      super(group, "value");
    }

    @Override
    public void run() {
      taken = handoff.poll();
    }

    @Override
    void check(@Nullable Throwable thrown) {
      assertEquals("value", thrown == null ? taken : handoff.poll());
      assertEmptyAndUsable();
    }
  }

  /** A put or a take. */
  interface Attempt {

    /** Returns null if it gave up. */
    @Nullable String on(Handoff<String> handoff) throws InterruptedException;
  }

  /** An attempt that gives up. */
  static class GiveUp extends OnHandoff {
    private final @Nullable String first;
    private final Attempt attempt;
    private @Nullable String result;

    GiveUp(WakerGroup group, @Nullable String first, Attempt attempt) {
      super(group, first);
      this.first = first;
      this.attempt = attempt;
    }

    @Override
    public final void run() throws InterruptedException {
      result = attempt.on(handoff);
    }

    @Override
    final void check(@Nullable Throwable thrown) {
      assertNull(result);
      if (first == null) {
        assertTrue(handoff.offer("next"), "no room for a value");
        assertEquals("next", handoff.poll(), "the value was given to a take that is gone");
      } else {
        assertEquals(first, handoff.poll());
      }
      assertEmptyAndUsable();
    }
  }

  static final class GiveUpInterrupted extends GiveUp {
    private final Interrupter interrupter = new Interrupter();

    GiveUpInterrupted(WakerGroup group, @Nullable String first, Attempt attempt) {
      super(group, first, attempt);
    }

    @Override
    void before() {
      interrupter.begin();
    }

    @Override
    void after() {
      interrupter.end();
    }
  }

  /** Interrupts the thread that makes it, once that is parked. */
  static final class Interrupter implements Runnable {
    private final Thread target = Thread.currentThread();
    private final Thread thread = Thread.ofPlatform().daemon().start(this);
    private volatile boolean begun;
    private volatile boolean over;

    @Override
    public void run() {
      while (!begun) {
        LockSupport.park(this);
      }
      while (!over) {
        if (Waiter.isParked(target)) {
          target.interrupt();
          return;
        }
        Waiter.giveWay();
      }
    }

    void begin() {
      begun = true;
      LockSupport.unpark(thread);
    }

    /** Does not wait, since that might be taken for the wait of the operation. */
    void end() {
      over = true;
      while (thread.isAlive()) {
        Waiter.giveWay();
      }
      Thread.interrupted();
    }
  }
}
