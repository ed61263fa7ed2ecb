package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.stress.soak.WaitMethod.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a {@link Pair}. It does one operation of the library after the other. If its stack is
 * small, it does most of them close to the end of the stack; the heap may end in any of them. An
 * operation that threw such an error is done again with room.
 *
 * <p>No such error may falsify its own state. So what an operation needs is made before it, and its
 * result is one store.
 */
abstract class PairMember implements Runnable, Thread.UncaughtExceptionHandler {

  /** Its kind of thread. */
  enum Kind {
    SMALL_STACK,
    PLATFORM,
    VIRTUAL
  }

  /** Small, so that the recursion is short: some thousand frames. */
  private static final long STACK = 256 << 10;

  /** More frames than fit. */
  private static final int TOO_DEEP = 1 << 14;

  /** How many frames from the end an operation begins at most. */
  private static final int SPREAD = 96;

  /**
   * After this many tries in a row in which the stack did not end in the operation, its size is
   * measured again: compiled frames are smaller.
   */
  private static final int MOST_MISSES = 8;

  /** Rounds with room, in which all that is used has been linked. */
  private static final int WARM_UPS = 200;

  private static final Duration[] TIMEOUTS = {
    Duration.ZERO, Duration.ofNanos(1), Duration.ofNanos(50_000), Duration.ofMillis(1)
  };

  private static final long PAUSE = 50_000;

  final Pair pair;
  final SplittableRandom random;
  private final Kind kind;
  final Thread thread;
  final RevivableThread watched;

  // Of the operation that is going on, or was the last one:

  /** Set once this is about to call the library. */
  boolean begun;

  /** THREW if the stack or the heap ended. */
  Outcome outcome = Outcome.THREW;

  private @Nullable VirtualMachineError error;

  /** A hand-off reported that it could not wake the other side. */
  boolean reported;

  // Of its recursion:
  private int framesThatFit;
  private int misses = MOST_MISSES;
  private boolean measuring;

  private volatile boolean warm;
  private volatile @Nullable Throwable fault;

  // Written by this thread alone.
  private long operations;
  private long overflows;
  private long overflowsInside;
  private long exhaustions;
  private long exhaustionsInside;

  PairMember(Pair pair, String role, Kind kind, SplittableRandom random) {
    this.pair = pair;
    this.random = random;
    this.kind = kind;
    this.thread =
        switch (kind) {
          case SMALL_STACK ->
              Thread.ofPlatform().daemon().stackSize(STACK).name(role).unstarted(this);
          case PLATFORM -> Thread.ofPlatform().daemon().name(role).unstarted(this);
          case VIRTUAL -> Thread.ofVirtual().name(role).unstarted(this);
        };
    thread.setUncaughtExceptionHandler(this);
    String roleInPair = "%s (%s)".formatted(role, pair.group.name());
    this.watched = new RevivableThread(thread, roleInPair, pair.stage.interval());
  }

  /** Does one thing; returns false if it was the last. */
  abstract boolean round();

  /** Does the operation that is due: sets {@link #begun}, calls the library, notes the outcome. */
  abstract void operate() throws InterruptedException;

  @Override
  public final void run() {
    try {
      for (int rounds = 1; round(); rounds++) {
        warm = rounds >= WARM_UPS;
      }
    } catch (Throwable thrown) {
      fault = thrown;
    } finally {
      watched.end();
    }
  }

  /** Of hand-offs alone: what else is thrown ends the round. */
  @Override
  public final void uncaughtException(Thread self, Throwable thrown) {
    reported = true;
    pair.unparkFailed = true;
  }

  /**
   * Tries the operation once.
   *
   * @param target what it waits for, if it does
   * @param firstTry whether the stack may end in it
   * @param interruptible whether it may be interrupted: then it throws that, or leaves it pending
   */
  final void attempt(@Nullable WaitTarget target, boolean firstTry, boolean interruptible) {
    boolean deep =
        kind == Kind.SMALL_STACK && firstTry && pair.stage.isExhausting() && random.nextInt(8) > 0;
    if (deep && misses++ >= MOST_MISSES) {
      measureStack();
    }
    boolean interrupted = interruptible && random.nextInt(16) == 0;
    if (interrupted) {
      thread.interrupt();
    }
    begun = false;
    outcome = Outcome.THREW;
    error = null;
    watched.target = target;
    try {
      if (deep) {
        recurse(framesThatFit - random.nextInt(SPREAD));
      } else {
        operate();
      }
    } catch (InterruptedException e) {
      outcome = Outcome.INTERRUPTED;
    } catch (HandoffClosedException e) {
      outcome = Outcome.CLOSED;
    } catch (IllegalStateException e) {
      outcome = Outcome.DISPLACED;
    } catch (StackOverflowError e) {
      error = e;
      overflows++;
      if (begun) {
        overflowsInside++;
        misses = 0;
      }
    } catch (OutOfMemoryError e) {
      error = e;
      exhaustions++;
      if (begun) {
        exhaustionsInside++;
      }
    }
    watched.waited();
    if (begun) {
      operations++;
    }
    boolean pending = Thread.interrupted();
    boolean thrown = outcome == Outcome.INTERRUPTED;
    check(!(pending && thrown), "interrupted, and the status is still set", 0, 0);
    check(!interrupted || pending || thrown, "an interrupt was lost", 1, 0);
    check(interrupted || !(pending || thrown), "interrupted by nobody", 0, 1);
  }

  private void recurse(int frames) throws InterruptedException {
    if (frames > 0) {
      recurse(frames - 1);
    } else if (!measuring) {
      operate();
    }
  }

  /** Finds out how many frames fit. */
  private void measureStack() {
    misses = 0;
    measuring = true;
    int low = 0;
    int high = TOO_DEEP;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      try {
        recurse(middle);
        low = middle;
      } catch (StackOverflowError | OutOfMemoryError e) { // the error needs memory, too
        high = middle;
      } catch (InterruptedException impossible) {
        throw new AssertionError(impossible);
      }
    }
    measuring = false;
    framesThatFit = Math.max(low, SPREAD);
  }

  /** Whether the last operation may have ended in an unpark: the error may have no stack trace. */
  final boolean hasUnparkThrown() {
    VirtualMachineError thrown = error;
    if (thrown == null) {
      return false;
    }
    try {
      StackTraceElement[] frames = thrown.getStackTrace();
      for (StackTraceElement frame : frames) {
        if (frame.getMethodName().equals("unpark")) {
          return true;
        }
      }
      return frames.length == 0;
    } catch (OutOfMemoryError e) {
      return true;
    }
  }

  final <T> T draw(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** No timed parks of virtual threads: see {@link #pause}. */
  final Duration timeout() {
    return kind == Kind.VIRTUAL ? Duration.ZERO : TIMEOUTS[random.nextInt(TIMEOUTS.length)];
  }

  /**
   * A virtual thread yields: if its carrier has no memory to begin a timed park, the JDK loses it.
   */
  @SuppressWarnings("ThreadPriorityCheck") // see above
  final void pause() {
    watched.moved();
    try {
      if (kind == Kind.VIRTUAL) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(this, PAUSE);
      }
    } catch (OutOfMemoryError e) {
      // then without
    }
  }

  /** Throws a fault that says what was expected and found, as soon as there is memory for that. */
  final void check(boolean right, String fault, long expected, long found) {
    while (!right) {
      try {
        throw new Fault(
            "%s: %,d expected, but it was %,d, after %s"
                .formatted(fault, expected, found, outcome));
      } catch (OutOfMemoryError e) {
        pause();
      }
    }
  }

  // For the stage.

  final boolean isWarm() {
    return warm || watched.hasEnded();
  }

  final boolean hasSmallStack() {
    return kind == Kind.SMALL_STACK;
  }

  final @Nullable Throwable fault() {
    return fault;
  }

  final long operations() {
    return operations;
  }

  final long overflows() {
    return overflows;
  }

  final long overflowsInside() {
    return overflowsInside;
  }

  final long exhaustions() {
    return exhaustions;
  }

  final long exhaustionsInside() {
    return exhaustionsInside;
  }
}
