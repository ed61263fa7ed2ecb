package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.HandoffSteps.Interrupter;
import io.github.atomicwaker.Waiter.Kind;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs of the operations of a one-shot reply: beside a thread that is parked on it, and alone. */
final class OneShotSteps {
  private OneShotSteps() {}

  abstract static class OnOneShot extends Step {
    final OneShot<String> reply;

    OnOneShot(WakerGroup group) {
      super(group);
      reply = new OneShot<>(group);
    }

    /** What threw has changed nothing: it can still be completed, and be got. */
    final void assertUsable() throws Exception {
      assertFalse(reply.isDone());
      assertNull(reply.waker().registered());
      assertTrue(reply.complete("again"));
      assertEquals("again", reply.get());
    }
  }

  /** Ends a reply for which a thread is parked. */
  static final class End extends OnOneShot {
    private final Predicate<OneShot<String>> end;
    private final @Nullable Class<? extends Throwable> thrownByGet;
    private final ParkedWaiter<String> parked;
    private boolean ended;

    private End(
        Kind kind,
        WakerGroup group,
        Predicate<OneShot<String>> end,
        @Nullable Class<? extends Throwable> thrownByGet) {
      super(group);
      this.end = end;
      this.thrownByGet = thrownByGet;
      parked = ParkedWaiter.start(kind, reply::get);
    }

    static Step complete(Kind kind, WakerGroup group) {
      return new End(kind, group, reply -> reply.complete("value"), null);
    }

    static Step fail(Kind kind, WakerGroup group) {
      Throwable cause = new IllegalStateException("of the test");
      return new End(kind, group, reply -> reply.fail(cause), ExecutionException.class);
    }

    static Step cancel(Kind kind, WakerGroup group) {
      return new End(kind, group, OneShot::cancel, CancellationException.class);
    }

    @Override
    public void run() {
      ended = end.test(reply);
    }

    @Override
    void check(@Nullable Throwable thrown) {
      assertEquals(thrown == null, ended);
      assertEquals(ended, reply.isDone(), () -> thrown + " after it was done");
      if (!ended) {
        assertTrue(end.test(reply));
      }
      assertEnds(parked, ended ? "the end" : thrown + " and a second end");
      if (thrownByGet == null) {
        if (lostByJdk == 0) {
          assertEquals("value", parked.waiter().result());
        }
      } else if (parked.waiter().isDone()) {
        parked.assertThrew(thrownByGet);
      }
    }
  }

  static final class CompleteAlone extends OnOneShot {
    private boolean completed;

    CompleteAlone(WakerGroup group) {
      super(group);
    }

    @Override
    public void run() {
      completed = reply.complete("value");
    }

    @Override
    void check(@Nullable Throwable thrown) throws Exception {
      assertEquals(thrown == null, completed);
      if (completed) {
        assertEquals("value", reply.get());
      } else {
        assertUsable();
      }
    }
  }

  /** Gets a value that is there. */
  static final class GetDone extends OnOneShot {
    private @Nullable String got;

    GetDone(WakerGroup group) {
      super(group);
      reply.complete("value");
    }

    @Override
    public void run() throws InterruptedException, ExecutionException {
      got = reply.get();
    }

    @Override
    void check(@Nullable Throwable thrown) throws Exception {
      assertEquals("value", thrown == null ? got : reply.get());
      assertNull(reply.waker().registered());
    }
  }

  static final class GetTimesOut extends OnOneShot {
    GetTimesOut(WakerGroup group) {
      super(group);
    }

    @Override
    public void run() throws InterruptedException, ExecutionException, TimeoutException {
      reply.get(SHORT);
    }

    @Override
    void check(@Nullable Throwable thrown) throws Exception {
      assertUsable();
    }
  }

  static final class GetIsInterrupted extends OnOneShot {
    private final Interrupter interrupter = new Interrupter();

    GetIsInterrupted(WakerGroup group) {
      super(group);
    }

    @Override
    void before() {
      interrupter.begin();
    }

    @Override
    public void run() throws InterruptedException, ExecutionException {
      reply.get();
    }

    @Override
    void after() {
      interrupter.end();
    }

    @Override
    void check(@Nullable Throwable thrown) throws Exception {
      assertUsable();
    }
  }
}
