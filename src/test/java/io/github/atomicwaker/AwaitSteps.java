package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs of what the current thread does by itself: its waits, and the end of a registration. */
final class AwaitSteps {
  private AwaitSteps() {}

  /** When a condition is true. */
  enum ReadyAt {
    FIRST_CHECK,
    SECOND_CHECK,
    ONCE_REGISTERED,
    AFTER_PARKS,
    NEVER
  }

  /** When the thread of a wait is interrupted. */
  enum InterruptAt {
    ENTRY,
    SECOND_CHECK
  }

  /** It may leave the slot as it was, but nothing in between. */
  static final class Deregister extends Step {
    private final AtomicWaker waker;
    private boolean left;

    Deregister(WakerGroup group) {
      super(group);
      waker = new AtomicWaker(group);
      waker.register();
    }

    @Override
    public void run() {
      left = waker.deregister();
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown != null) {
        waker.deregister();
      }
      assertEquals(thrown == null, left);
      assertNull(waker.registered());
    }
  }

  static class Await extends Step {
    private static final int PARKS = 3;

    final AtomicWaker waker;
    private final ReadyAt readyAt;
    final @Nullable Duration timeout;
    private final Thread self = Thread.currentThread();
    private int checks;
    private int registeredChecks;

    Await(WakerGroup group, ReadyAt readyAt) {
      this(group, readyAt, null);
    }

    Await(WakerGroup group, ReadyAt readyAt, @Nullable Duration timeout) {
      super(group);
      this.waker = new AtomicWaker(group);
      this.readyAt = readyAt;
      this.timeout = timeout;
    }

    /** The condition. Its parks end at once: it leaves permits, and is always registered then. */
    boolean isReady() {
      checks++;
      if (waker.registered() == self) {
        registeredChecks++;
        if (readyAt == ReadyAt.AFTER_PARKS) {
          LockSupport.unpark(self);
        }
      }
      return switch (readyAt) {
        case FIRST_CHECK -> true;
        case SECOND_CHECK -> checks == 2;
        case ONCE_REGISTERED -> registeredChecks == 1;
        case AFTER_PARKS -> registeredChecks == 1 + PARKS;
        case NEVER -> false;
      };
    }

    @Override
    public void run() throws Exception {
      if (timeout == null) {
        waker.await(this::isReady);
      } else {
        waker.await(this::isReady, timeout);
      }
    }

    @Override
    void check(@Nullable Throwable thrown) {
      LockSupport.unpark(self); // for the next step, whose parks must not last
      LockSupport.park(this);
      assertNull(waker.registered());
    }
  }

  /** Waits for an element of a queue. The last step before the return removes it. */
  static final class AwaitValue extends Await implements Supplier<@Nullable Integer> {
    private final Integer[] elements = {7, 8};
    private int head;
    private @Nullable Integer value;

    AwaitValue(WakerGroup group, ReadyAt readyAt) {
      this(group, readyAt, null);
    }

    AwaitValue(WakerGroup group, ReadyAt readyAt, @Nullable Duration timeout) {
      super(group, readyAt, timeout);
    }

    @Override
    public @Nullable Integer get() {
      if (!isReady()) {
        return null;
      }
      Integer element = elements[0];
      head = 1;
      return element;
    }

    @Override
    public void run() throws InterruptedException {
      value = timeout == null ? waker.awaitValue(this) : waker.awaitValue(this, timeout);
    }

    @Override
    void check(@Nullable Throwable thrown) {
      super.check(thrown);
      if (thrown == null) {
        assertEquals(7, value);
        assertEquals(1, head);
      } else {
        assertEquals(0, head, () -> thrown + " lost an element");
      }
    }
  }

  /** Waits for what a supplier returns that may throw a checked exception. */
  static final class AwaitChecked extends Await
      implements CheckedSupplier<@Nullable Integer, Exception> {
    private @Nullable Integer value;

    AwaitChecked(WakerGroup group) {
      super(group, ReadyAt.AFTER_PARKS);
    }

    @Override
    public @Nullable Integer get() {
      return isReady() ? Integer.valueOf(7) : null;
    }

    @Override
    public void run() throws Exception {
      value = waker.<Integer, Exception>awaitChecked(this);
    }

    @Override
    void check(@Nullable Throwable thrown) {
      super.check(thrown);
      assertEquals(thrown == null ? 7 : null, value);
    }
  }

  /** Announces its wait. The announcement does not outlast the wait, whatever ends that. */
  static final class AwaitAnnounced extends Await
      implements Supplier<@Nullable Integer>, BooleanSupplier {
    private boolean announced;
    private @Nullable Integer value;

    AwaitAnnounced(WakerGroup group, @Nullable Duration timeout) {
      super(group, timeout == null ? ReadyAt.AFTER_PARKS : ReadyAt.NEVER, timeout);
    }

    @Override
    public @Nullable Integer get() {
      if (waker.registered() == Thread.currentThread()) {
        announced = true;
      }
      if (!isReady()) {
        return null;
      }
      Integer given = 7;
      announced = false;
      return given;
    }

    @Override
    public boolean getAsBoolean() {
      announced = false;
      return true;
    }

    @Override
    public void run() throws InterruptedException {
      value =
          timeout == null
              ? waker.awaitValue(this, this)
              : waker.awaitValue(this, this, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    void check(@Nullable Throwable thrown) {
      super.check(thrown);
      assertFalse(announced, () -> "the announcement outlasts " + thrown);
      assertEquals(thrown == null && timeout == null ? 7 : null, value);
    }
  }

  /** Waits in a thread that is interrupted: the status is not lost. */
  static class InterruptedAwait extends Await {
    private final InterruptAt interruptAt;

    /** Set once it is certain that the thread was interrupted. */
    private boolean expected;

    private boolean interrupted;
    private int checksBeforeInterrupt;

    InterruptedAwait(WakerGroup group, InterruptAt interruptAt, ReadyAt readyAt) {
      super(group, readyAt);
      this.interruptAt = interruptAt;
    }

    @Override
    final void before() {
      if (interruptAt == InterruptAt.ENTRY) {
        interrupt();
      }
    }

    @Override
    final boolean isReady() {
      if (interruptAt == InterruptAt.SECOND_CHECK && ++checksBeforeInterrupt == 2) {
        interrupt();
      }
      return super.isReady();
    }

    private void interrupt() {
      Thread.currentThread().interrupt();
      expected = true;
    }

    @Override
    final void after() {
      interrupted = Thread.interrupted();
    }

    @Override
    final void check(@Nullable Throwable thrown) {
      super.check(thrown);
      if (thrown instanceof InterruptedException) {
        assertFalse(interrupted, "both thrown and set");
      } else if (expected) {
        assertTrue(interrupted, () -> "the interrupt is lost after " + thrown);
      }
    }
  }

  static final class InterruptedAwaitUninterruptibly extends InterruptedAwait {
    InterruptedAwaitUninterruptibly(WakerGroup group, InterruptAt interruptAt, ReadyAt readyAt) {
      super(group, interruptAt, readyAt);
    }

    @Override
    public void run() {
      waker.awaitUninterruptibly(this::isReady);
    }
  }
}
