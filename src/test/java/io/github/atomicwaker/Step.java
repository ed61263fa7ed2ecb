package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run of an {@link Operation}, which an error of the virtual machine may strike. */
abstract class Step implements StackDepth.Body<Exception> {
  static final Duration SHORT = Duration.ofNanos(50_000);

  private final WakerGroup group;

  /** Counts the waiters that not even a plain {@link LockSupport#unpark} revives. */
  int lostByJdk;

  Step(WakerGroup group) {
    this.group = group;
  }

  /** Comes right before the run, where there is enough of the stack. Allocates nothing. */
  void before() {}

  /** What the error may strike in. */
  @Override
  public abstract void run() throws Exception;

  /** Comes right after the run, as {@link #before} does before it. */
  void after() {}

  /**
   * Fails if something was lost.
   *
   * @param thrown what ended the operation, null if it returned
   */
  abstract void check(@Nullable Throwable thrown) throws Exception;

  /** Checks all, once there is room again. */
  final void checkAll(@Nullable Throwable thrown) throws Exception {
    if (thrown instanceof AssertionError failure) {
      throw failure;
    }
    check(thrown);
    if (group.recordsStats()) {
      assertTrue(group.stats().waiting() <= lostByJdk, "threads still waiting, by the statistics");
      assertTrue(group.waits().size() <= lostByJdk, "waits that have not ended");
    }
  }

  /** Returns when the waiter has ended; fails if it ends only after another unpark. */
  final void assertEnds(ParkedWaiter<?> parked, String after) {
    if (!endsOrJdkLostIt(parked, () -> false)) {
      fail("lost after " + after + ": an unpark revived it");
    }
  }

  /**
   * Returns true when the waiter has ended or the other state is reached, or if the JDK has lost
   * the waiter. Returns false if only an unpark ends its park.
   */
  final boolean endsOrJdkLostIt(ParkedWaiter<?> parked, BooleanSupplier other) {
    BooleanSupplier either = () -> parked.waiter().hasEnded() || other.getAsBoolean();
    if (parked.reaches(either)) {
      return true;
    }
    LockSupport.unpark(parked.waiter().thread);
    if (parked.reaches(either)) {
      return false;
    }
    if (parked.scheduler() == null) {
      fail("hangs, and no unpark revives it");
    }
    lostByJdk++;
    return true;
  }
}
