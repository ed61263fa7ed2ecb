package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.stress.soak.Way.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a {@link Pair}. It does one operation of the library after the other, most of them
 * where its stack is about to end, if it dives; the heap may end in any of them. What such an end
 * struck it does again with room.
 *
 * <p>Its own books must not suffer by what they are to find. So what an operation needs is made
 * before it, and what came of it is noted by one store.
 */
abstract class Striker extends Suspect implements Runnable, Thread.UncaughtExceptionHandler {

  /** What kind of thread. */
  enum Kind {
    DIVER,
    PLATFORM,
    VIRTUAL
  }

  /** Small, so that a dive is short: some thousand frames. */
  private static final long STACK = 256 << 10;

  /** More frames than fit. */
  private static final int TOO_DEEP = 1 << 14;

  /** How many frames from the end an operation begins at most. */
  private static final int SPREAD = 96;

  /**
   * So many dives in a row in which the stack did not end in the operation, and the place of the
   * end is looked for again: compiled frames are smaller.
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
  private final Thread thread;
  private final String role;

  // Of the operation that is going on, or was the last one:

  /** Set once this is about to call the library. */
  boolean begun;

  /** THREW if the stack or the heap ended. */
  Outcome outcome = Outcome.THREW;

  private @Nullable VirtualMachineError error;

  /** A hand-off said that it could not wake the other side. */
  boolean reported;

  // Of its dives:
  private int deepest;
  private int misses = MOST_MISSES;
  private boolean sounding;

  private volatile boolean warm;
  private volatile @Nullable Throwable fault;

  // Written by this thread alone.
  private long operations;
  private long overflows;
  private long overflowsInside;
  private long exhaustions;
  private long exhaustionsInside;

  /** Of the watchdog. */
  private @Nullable String conviction;

  private @Nullable String loss;

  Striker(Pair pair, String role, Kind kind, SplittableRandom random) {
    this.pair = pair;
    this.random = random;
    this.kind = kind;
    this.role = "%s (%s)".formatted(role, pair.group.name());
    this.thread =
        switch (kind) {
          case DIVER -> Thread.ofPlatform().daemon().stackSize(STACK).name(role).unstarted(this);
          case PLATFORM -> Thread.ofPlatform().daemon().name(role).unstarted(this);
          case VIRTUAL -> Thread.ofVirtual().name(role).unstarted(this);
        };
    thread.setUncaughtExceptionHandler(this);
  }

  /** Does one thing; returns false if it was the last. */
  abstract boolean round();

  /** Does the operation that is due: sets {@link #begun}, calls the library, notes the outcome. */
  abstract void strike() throws InterruptedException;

  @Override
  public final void run() {
    try {
      for (int rounds = 1; round(); rounds++) {
        warm = rounds >= WARM_UPS;
      }
    } catch (Throwable thrown) {
      fault = thrown;
    } finally {
      end();
    }
  }

  /** Of hand-offs alone: what else is thrown ends the round. */
  @Override
  public final void uncaughtException(Thread self, Throwable thrown) {
    reported = true;
    pair.unparkFailed = true;
  }

  /**
   * Strikes once.
   *
   * @param what what it waits for, if it does
   * @param afresh whether it may be where the stack or the heap ends
   * @param interruptible whether it may be interrupted: then it throws that, or leaves it pending
   */
  final void attempt(@Nullable Watched what, boolean afresh, boolean interruptible) {
    boolean deep = kind == Kind.DIVER && afresh && pair.ends.isHarsh() && random.nextInt(8) > 0;
    if (deep && misses++ >= MOST_MISSES) {
      sound();
    }
    boolean interrupted = interruptible && random.nextInt(16) == 0;
    if (interrupted) {
      thread.interrupt();
    }
    begun = false;
    outcome = Outcome.THREW;
    error = null;
    watched = what;
    try {
      if (deep) {
        dive(deepest - random.nextInt(SPREAD));
      } else {
        strike();
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
    watched = null;
    moved();
    if (begun) {
      operations++;
    }
    boolean pending = Thread.interrupted();
    boolean thrown = outcome == Outcome.INTERRUPTED;
    check(!(pending && thrown), "interrupted, and still marked as such", 0, 0);
    check(!interrupted || pending || thrown, "an interrupt was lost", 1, 0);
    check(interrupted || !(pending || thrown), "interrupted by nobody", 0, 1);
  }

  private void dive(int frames) throws InterruptedException {
    if (frames > 0) {
      dive(frames - 1);
    } else if (!sounding) {
      strike();
    }
  }

  /** Finds out how many frames fit. */
  private void sound() {
    misses = 0;
    sounding = true;
    int low = 0;
    int high = TOO_DEEP;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      try {
        dive(middle);
        low = middle;
      } catch (StackOverflowError | OutOfMemoryError e) { // the error needs memory, too
        high = middle;
      } catch (InterruptedException impossible) {
        throw new AssertionError(impossible);
      }
    }
    sounding = false;
    deepest = Math.max(low, SPREAD);
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
    moved();
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

  // The side of those who look.

  @Override
  final Thread thread() {
    return thread;
  }

  @Override
  final String role() {
    return role;
  }

  final boolean isWarm() {
    return warm || hasEnded();
  }

  final boolean isDiver() {
    return kind == Kind.DIVER;
  }

  final @Nullable Throwable fault() {
    return fault;
  }

  /**
   * A virtual thread that looks stranded is unparked. If that revives it, somebody has forgotten to
   * do so. If not, its scheduler has lost it, where the stack or the heap ended. (Its stack must
   * not be looked at before: that puts it into the scheduler's queue, too.)
   */
  @Override
  final int looksInVain() {
    int looks = super.looksInVain();
    if (looks < Watchdog.LOOKS || kind != Kind.VIRTUAL || conviction != null) {
      return looks;
    }
    String found = summary();
    if (!isRevived()) {
      return 0;
    }
    conviction = found + "an unpark has revived it\n";
    return looks;
  }

  /**
   * Unparks it, and says whether that has revived it: then it moves or ends. One that does neither,
   * and is not on a carrier, is lost.
   */
  final boolean isRevived() {
    long before = moves();
    LockSupport.unpark(thread);
    for (int i = 0; i < Watchdog.LOOKS; i++) {
      LockSupport.parkNanos(pair.ends.interval());
      if (moves() != before || hasEnded()) {
        return true;
      }
    }
    String found = super.report();
    boolean onNoCarrier =
        found.contains("java.lang.VirtualThread.park") || found.contains("VirtualThread.tryYield");
    loss = onNoCarrier ? found : null;
    return loss == null;
  }

  final boolean isVirtual() {
    return kind == Kind.VIRTUAL;
  }

  /** Whether not even an unpark revives it, which is a virtual thread. */
  final boolean isLostByJdk() {
    return loss != null && !hasEnded();
  }

  @Override
  final String report() {
    String found = conviction == null ? loss : conviction;
    return found == null ? super.report() : found;
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
