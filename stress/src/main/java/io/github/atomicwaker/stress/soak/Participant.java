package io.github.atomicwaker.stress.soak;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.stress.soak.Tally.Count;
import io.github.atomicwaker.stress.soak.WaitMethod.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a workload: it sends and receives messages, by wait methods that are drawn at
 * random each time. {@link CheckedWaits} has its waits, {@link Interrupts} its interrupts, and
 * {@link WatchedThread} what the watchdog sees.
 */
final class Participant {

  /** What a participant does, from beginning to end. */
  interface Body {
    void run(Participant me);
  }

  private static final Message STOP = new Message(0, Message.BYE);
  private static final int LONGEST_BURST = 1_000;

  final SplittableRandom random;
  final Thread thread;
  final WatchedThread watched;
  final Interrupts interrupts;
  final CheckedWaits waits;
  private final Workload workload;
  private final Soak soak;
  private final Tally tally;
  private final Body body;

  /** On which it pauses. */
  private final Pause pause;

  private int burst;

  /** By the last wait in a primitive. */
  private @Nullable Message taken;

  Participant(
      Workload workload, String name, boolean platform, SplittableRandom random, Body body) {
    this.workload = workload;
    this.soak = workload.soak;
    this.tally = soak.tally;
    this.random = random;
    this.body = body;
    this.pause = new Pause();
    Thread.Builder builder = platform ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
    this.thread = builder.name(name).unstarted(this::run);
    String role = "%s (%s)".formatted(name, workload.getClass().getSimpleName());
    this.watched = new WatchedThread(thread, role);
    this.interrupts = new Interrupts(thread, tally);
    this.waits = new CheckedWaits(watched, interrupts, pause.waker, random, tally);
  }

  private void run() {
    try {
      body.run(this);
      interrupts.receiveLast(workload.interrupter(this));
    } catch (Throwable fault) {
      soak.failed(watched, fault);
    } finally {
      watched.end();
      soak.ended();
    }
  }

  /**
   * Whether to begin another round. Between two bursts of rounds a participant pauses, for longer
   * the more of them there are: only a few are active at a time, on all cores at once, so that a
   * wake really meets a registration. (Where the machine is too slow for that, all are active at
   * once.)
   */
  boolean goesOn() {
    if (burst-- == 0) {
      long nanos = random.nextLong(soak.longestPause().toNanos());
      tally.add(Count.PAUSES);
      waits.onWaker(
          WaitMethod.UNINTERRUPTIBLY_TIMED, pause, pause.waker, pause, Duration.ofNanos(nanos));
      burst = random.nextInt(LONGEST_BURST);
      workload.callRogue(this);
    }
    return !soak.isStopping();
  }

  /** Makes it stop, if it pauses. */
  void endPause() {
    pause.waker.wake();
  }

  /** Whether it has left everything as it should be. */
  boolean isClean() {
    return watched.hasEnded() && pause.isEmpty();
  }

  void send(WakerQueue queue, int from, long number) {
    queue.put(new Message(from, number));
    boolean took = queue.waker.wake();
    tally.add(took ? Count.WAKES : Count.IDLE_WAKES);
    tally.add(Count.SENT);
  }

  void send(AnnouncedPlace place, long number) {
    boolean took = place.put(new Message(0, number));
    tally.add(took ? Count.WAKES : Count.IDLE_WAKES);
    tally.add(Count.SENT);
  }

  /** Waits for a message, by one method after the other. A contested queue may displace it. */
  Message receive(WakerQueue queue) {
    Message message = null;
    while (message == null) {
      WaitMethod method =
          draw(queue.isContested() ? WaitMethod.ON_A_CONTESTED_WAKER : WaitMethod.ON_A_WAKER);
      message = waits.onWaker(method, queue, queue.waker, queue::poll, timeout());
    }
    if (!message.isDisplaced()) {
      tally.add(Count.RECEIVED);
    }
    return message;
  }

  /** Waits for a message, by one method after the other. It may be displaced. */
  Message receive(AnnouncedPlace place) {
    Outcome outcome;
    do {
      WaitMethod method = draw(WaitMethod.ANNOUNCING);
      Duration timeout = timeout();
      long hesitation = random.nextLong(1L << random.nextInt(18));
      outcome =
          waits.inPrimitive(
              method,
              place,
              timeout,
              () -> (taken = place.await(method, timeout, hesitation)) != null);
    } while (outcome == Outcome.TIMED_OUT || outcome == Outcome.INTERRUPTED);
    if (outcome == Outcome.DISPLACED) {
      return CheckedWaits.DISPLACED;
    }
    tally.add(Count.RECEIVED);
    return requireNonNull(taken);
  }

  /** Receives the message that has to come next. */
  void receive(WakerQueue queue, long number) {
    Message.expect(number, receive(queue));
  }

  /** Puts a message, by one method after the other; returns false if the hand-off is closed. */
  boolean put(CountedHandoff handoff, Message message) {
    Outcome outcome;
    do {
      WaitMethod method = draw(WaitMethod.TO_PUT);
      boolean timed = method == WaitMethod.PUT || method == WaitMethod.OFFER_TIMED;
      Duration timeout = timed ? timeout() : Duration.ZERO;
      outcome =
          waits.inPrimitive(
              method, handoff.in, timeout, () -> handoff.put(method, message, timeout));
    } while (outcome != Outcome.VALUE && outcome != Outcome.CLOSED);
    if (outcome == Outcome.VALUE) {
      tally.add(Count.SENT);
    }
    return outcome == Outcome.VALUE;
  }

  /**
   * Takes a message, by one method after the other; returns null if the hand-off is closed and
   * empty. A contested hand-off may displace it.
   */
  @Nullable Message take(CountedHandoff handoff) {
    Outcome outcome;
    do {
      WaitMethod method = draw(WaitMethod.TO_TAKE);
      Duration timeout = method == WaitMethod.POLL ? Duration.ZERO : timeout();
      outcome =
          waits.inPrimitive(
              method, handoff.out, timeout, () -> (taken = handoff.take(method, timeout)) != null);
    } while (outcome == Outcome.TIMED_OUT || outcome == Outcome.INTERRUPTED);
    return switch (outcome) {
      case CLOSED -> null;
      case DISPLACED -> CheckedWaits.DISPLACED;
      default -> {
        tally.add(Count.RECEIVED);
        yield taken;
      }
    };
  }

  /** Ends a reply, unless its caller has cancelled it. */
  void end(CheckedReply reply) {
    if (reply.end(random)) {
      tally.add(Count.SENT);
    }
  }

  /** Waits for a reply, by one method after the other. May cancel it when the time is up. */
  void get(CheckedReply reply) {
    Outcome outcome;
    do {
      WaitMethod method = draw(WaitMethod.TO_GET);
      Duration timeout = timeout();
      outcome = waits.inPrimitive(method, reply, timeout, () -> reply.get(method, timeout));
      if (outcome == Outcome.TIMED_OUT && random.nextBoolean() && reply.cancel()) {
        tally.add(Count.CANCELLED);
        return;
      }
    } while (outcome != Outcome.VALUE);
    tally.add(Count.RECEIVED);
  }

  private WaitMethod draw(List<WaitMethod> methods) {
    return methods.get(random.nextInt(methods.size()));
  }

  /** From zero to unlimited, most of them somewhere from microseconds to half a minute. */
  private Duration timeout() {
    return switch (random.nextInt(32)) {
      case 0 -> Duration.ZERO;
      case 1 -> Duration.ofSeconds(Long.MAX_VALUE);
      default -> Duration.ofNanos(random.nextLong(1L << random.nextInt(10, 36)));
    };
  }

  private final class Pause implements WaitTarget, Supplier<@Nullable Message> {
    final AtomicWaker waker = new AtomicWaker(workload.group);

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
