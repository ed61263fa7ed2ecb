package io.github.atomicwaker.stress.soak;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.stream.Collectors.joining;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.stress.soak.Tally.Count;
import io.github.atomicwaker.stress.soak.Way.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a station. Sends, receives in a way that is drawn at random each time, checks every
 * wait against the contract, and lets the watchdog look at it.
 */
final class Actor extends Suspect {

  /** What an actor does, from beginning to end. */
  interface Body {
    void run(Actor me);
  }

  private static final Message STOP = new Message(0, Message.BYE);
  private static final Message DISPLACED = new Message(0, Message.DISPLACED);
  private static final int LONGEST_BURST = 1_000;

  final SplittableRandom random;
  final Thread thread;
  private final Station station;
  private final Soak soak;
  private final Tally tally;
  private final Body body;

  /** On which it pauses. */
  private final Pause pause;

  private int burst;

  /** Sent to this thread, and not yet received. One at a time, so that they can be counted. */
  private final AtomicBoolean interrupted = new AtomicBoolean();

  // Of the wait that is going on:
  private @Nullable Message polled;
  private @Nullable Provoked provoked;

  Actor(Station station, String role, boolean platform, SplittableRandom random, Body body) {
    this.station = station;
    this.soak = station.soak;
    this.tally = soak.tally;
    this.random = random;
    this.body = body;
    this.pause = new Pause();
    Thread.Builder builder = platform ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
    this.thread = builder.name(role).unstarted(this::run);
  }

  private void run() {
    try {
      body.run(this);
      receiveLastInterrupt();
    } catch (Throwable fault) {
      soak.failed(this, fault);
    } finally {
      end();
      soak.ended();
    }
  }

  // What a station's actors do.

  /**
   * Whether to begin another round. Between two bursts of rounds an actor pauses, for longer the
   * more of them there are: only a few are active at a time, on all cores at once, so that a wake
   * really meets a registration. (Where the machine is too slow for that, all are active at once.)
   */
  boolean goesOn() {
    if (burst-- == 0) {
      long nanos = random.nextLong(soak.longestPause().toNanos());
      tally.add(Count.PAUSES);
      attempt(Way.UNINTERRUPTIBLY_TIMED, pause, pause.waker, pause, Duration.ofNanos(nanos));
      burst = random.nextInt(LONGEST_BURST);
      station.callRogue(this);
    }
    return !soak.isStopping();
  }

  void send(Box box, int from, long number) {
    box.put(new Message(from, number));
    boolean took = box.waker.wake();
    tally.add(took ? Count.WAKES : Count.IDLE_WAKES);
    tally.add(Count.SENT);
  }

  /** Waits for a message, in one way after the other. From a contested box, it may be displaced. */
  Message receive(Box box) {
    Message message = null;
    while (message == null) {
      Way way = draw(box.isContested() ? Way.ON_A_CONTESTED_WAKER : Way.ON_A_WAKER);
      message = attempt(way, box, box.waker, box::poll, timeout());
    }
    if (!message.isDisplaced()) {
      tally.add(Count.RECEIVED);
    }
    return message;
  }

  /** Receives the message that has to come next. */
  void receive(Box box, long number) {
    expect(number, receive(box));
  }

  /** Puts a message, in one way after the other; returns false if the line is closed. */
  boolean put(Line line, Message message) {
    Outcome outcome;
    do {
      Way way = draw(Way.TO_PUT);
      Duration timeout = way == Way.OFFER ? Duration.ZERO : timeout();
      outcome = attempt(way, line.in, timeout, () -> line.put(way, message, timeout));
    } while (outcome != Outcome.VALUE && outcome != Outcome.CLOSED);
    if (outcome == Outcome.VALUE) {
      tally.add(Count.SENT);
    }
    return outcome == Outcome.VALUE;
  }

  /**
   * Takes a message, in one way after the other; returns null if the line is closed and empty. From
   * a contested line, it may be displaced.
   */
  @Nullable Message take(Line line) {
    Outcome outcome;
    do {
      Way way = draw(Way.TO_TAKE);
      Duration timeout = way == Way.POLL ? Duration.ZERO : timeout();
      outcome = attempt(way, line.out, timeout, () -> (polled = line.take(way, timeout)) != null);
    } while (outcome == Outcome.TIMED_OUT || outcome == Outcome.INTERRUPTED);
    return switch (outcome) {
      case CLOSED -> null;
      case DISPLACED -> DISPLACED;
      default -> {
        tally.add(Count.RECEIVED);
        yield polled;
      }
    };
  }

  private Way draw(List<Way> ways) {
    return ways.get(random.nextInt(ways.size()));
  }

  static void expect(long number, @Nullable Message message) {
    if (message == null || message.number() != number) {
      throw new Fault("number " + number + " was to come next, but it was " + message);
    }
  }

  /** From nothing at all to for ever, most of them somewhere from microseconds to half a minute. */
  private Duration timeout() {
    return switch (random.nextInt(32)) {
      case 0 -> Duration.ZERO;
      case 1 -> Duration.ofSeconds(Long.MAX_VALUE);
      default -> Duration.ofNanos(random.nextLong(1L << random.nextInt(10, 36)));
    };
  }

  // One wait, and what the contract says of it.

  @Nullable Message attempt(
      Way way,
      Watched what,
      AtomicWaker waker,
      Supplier<@Nullable Message> poll,
      Duration timeout) {
    polled = null;
    provoked = null;
    int mood = random.nextInt(16);
    Supplier<@Nullable Message> look = () -> look(mood, waker, poll);
    boolean interruptedBefore = thread.isInterrupted();
    long start = System.nanoTime();
    Message message = null;
    Outcome outcome;
    watched = what;
    try {
      message = await(way, waker, look, timeout);
      outcome = message == null ? Outcome.TIMED_OUT : Outcome.VALUE;
    } catch (InterruptedException e) {
      outcome = Outcome.INTERRUPTED;
    } catch (Provoked e) {
      check(e == provoked, "an old exception was thrown");
      outcome = Outcome.THREW;
    } catch (IllegalStateException e) {
      outcome = displaced(what, e);
      message = DISPLACED;
    }
    watched = null;
    moved();

    check(waker.registered() != thread, "still in the slot after a wait");
    check(
        Objects.equals(polled, outcome == Outcome.VALUE ? message : null),
        "a value was dropped:",
        outcome,
        polled);
    check((provoked != null) == (outcome == Outcome.THREW), "an exception was dropped");
    check(way, outcome, timeout, start, interruptedBefore);
    return message;
  }

  /** One wait in a hand-off, whose condition nobody can see, nor make it throw. */
  Outcome attempt(Way way, Watched what, Duration timeout, Handing handing) {
    boolean interruptedBefore = thread.isInterrupted();
    long start = System.nanoTime();
    Outcome outcome;
    watched = what;
    try {
      outcome = handing.run() ? Outcome.VALUE : Outcome.TIMED_OUT;
    } catch (InterruptedException e) {
      outcome = Outcome.INTERRUPTED;
    } catch (HandoffClosedException e) {
      outcome = Outcome.CLOSED;
    } catch (IllegalStateException e) {
      outcome = displaced(what, e);
    }
    watched = null;
    moved();
    check(way, outcome, timeout, start, interruptedBefore);
    return outcome;
  }

  private static Outcome displaced(Watched what, IllegalStateException thrown) {
    if (!what.isContested()) {
      throw thrown;
    }
    return Outcome.DISPLACED;
  }

  /** A put or a take: returns false if its time was up. */
  interface Handing {
    boolean run() throws InterruptedException;
  }

  /** What holds after a wait of either kind. Also receives an interrupt that it left pending. */
  private void check(
      Way way, Outcome outcome, Duration timeout, long start, boolean interruptedBefore) {
    boolean interruptedAfter = thread.isInterrupted();
    switch (outcome) {
      case TIMED_OUT -> {
        check(way.timed, "timed out:", way);
        check(
            System.nanoTime() - start >= NANOSECONDS.convert(timeout),
            "timed out before the time was up");
      }
      case INTERRUPTED -> {
        check(way.interruptible, "interrupted:", way);
        check(!interruptedAfter, "interrupted, and still marked as such");
        received(Count.INTERRUPTS_THROWN);
      }
      default -> {}
    }
    if (interruptedBefore && way != Way.BY_HAND) {
      check(interruptedAfter != way.interruptible, "an earlier interrupt was lost:", way);
      check(way.interruptible == (outcome == Outcome.INTERRUPTED), "not interrupted on entry");
    }
    if (interruptedAfter && random.nextBoolean()) { // else the next wait finds it on entry
      check(Thread.interrupted(), "who cleared the interrupt status?");
      received(Count.INTERRUPTS_SET);
    }
    tally.add(way, outcome);
  }

  private @Nullable Message await(
      Way way, AtomicWaker waker, Supplier<@Nullable Message> look, Duration timeout)
      throws InterruptedException {
    BooleanSupplier ready = () -> look.get() != null;
    switch (way) {
      case AWAIT_VALUE -> {
        return waker.awaitValue(look);
      }
      case AWAIT_VALUE_TIMED -> {
        return waker.awaitValue(look, timeout);
      }
      case AWAIT -> waker.await(ready);
      case AWAIT_TIMED -> {
        return waker.await(ready, timeout) ? polled : null;
      }
      case UNINTERRUPTIBLY -> waker.awaitUninterruptibly(ready);
      case UNINTERRUPTIBLY_TIMED -> {
        return waker.awaitUninterruptibly(ready, timeout) ? polled : null;
      }
      case BY_HAND -> awaitByHand(waker, ready);
      default -> throw new Fault("no way to wait on a waker: " + way);
    }
    return polled;
  }

  private void awaitByHand(AtomicWaker waker, BooleanSupplier ready) throws InterruptedException {
    waker.register();
    try {
      while (!ready.getAsBoolean()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (waker.registered() == thread) {
          waker.park();
        }
        waker.register();
      }
    } finally {
      waker.deregister();
    }
  }

  /** The condition, in a mood to throw, to park, or to wait on a waker. */
  private @Nullable Message look(int mood, AtomicWaker waker, Supplier<@Nullable Message> poll) {
    moved();
    check(polled == null && provoked == null, "the condition is evaluated after it gave a value");
    if (mood == 0 && random.nextInt(4) == 0) {
      tally.add(Count.THROWN);
      provoked = new Provoked();
      throw provoked;
    }
    polled = poll.get();
    if (polled == null && (mood == 1 || mood == 2)) {
      Watched outer = watched;
      watched = null; // while it is in a timed wait of another kind
      if (mood == 1) {
        doze();
      } else {
        waitWithin(random.nextBoolean() ? waker : pause.waker, poll);
      }
      watched = outer;
    }
    return polled;
  }

  /** Parks, and so eats the permit of a wake that comes now, after the condition was false. */
  private void doze() {
    tally.add(Count.DOZED);
    LockSupport.parkNanos(upToAMillisecond());
  }

  private void waitWithin(AtomicWaker waker, Supplier<@Nullable Message> poll) {
    tally.add(Count.NESTED);
    Duration timeout = Duration.ofNanos(upToAMillisecond());
    boolean seen = waker.awaitUninterruptibly(() -> (polled = poll.get()) != null, timeout);
    check(seen == (polled != null), "the inner wait was wrong:", polled);
  }

  private long upToAMillisecond() {
    return random.nextLong(1L << random.nextInt(10, 20));
  }

  private static void check(boolean right, String fault, @Nullable Object... about) {
    if (!right) {
      throw new Fault(fault + Arrays.stream(about).map(o -> " " + o).collect(joining(",")));
    }
  }

  // Interrupts.

  /** Interrupts this actor, unless an earlier interrupt is still under way. */
  boolean interrupt() {
    if (!interrupted.compareAndSet(false, true)) {
      return false;
    }
    thread.interrupt();
    return true;
  }

  private void received(Count how) {
    check(interrupted.getAndSet(false), "interrupted by nobody");
    tally.add(how);
  }

  private void receiveLastInterrupt() {
    while (station.rogue != null && station.rogue != this) {
      try {
        station.rogue.thread.join();
        break;
      } catch (InterruptedException e) {
        received(Count.INTERRUPTS_THROWN);
      }
    }
    if (Thread.interrupted()) {
      received(Count.INTERRUPTS_SET);
    }
    check(!interrupted.get(), "an interrupt was lost");
  }

  // The watchdog's side.

  /** Makes it stop, if it pauses. */
  void endPause() {
    pause.waker.wake();
  }

  /** Whether it has left everything as it should be. */
  boolean isClean() {
    return hasEnded() && pause.isEmpty();
  }

  @Override
  Thread thread() {
    return thread;
  }

  @Override
  String role() {
    return "%s (%s)".formatted(thread.getName(), station.getClass().getSimpleName());
  }

  private final class Pause implements Watched, Supplier<@Nullable Message> {
    final AtomicWaker waker = new AtomicWaker(station.group);

    @Override
    public @Nullable Message get() {
      return soak.isStopping() ? STOP : null;
    }

    @Override
    public boolean isDue(Thread waiter) {
      return soak.isStopping() || waker.registered() != waiter;
    }

    @Override
    public boolean isContested() {
      return false;
    }

    @Override
    public boolean isEmpty() {
      return waker.registered() == null;
    }

    @Override
    public String toString() {
      return waker + ", in a pause";
    }
  }
}
