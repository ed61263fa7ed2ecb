package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.stress.soak.WaitMethod.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Two threads at a hand-off: one puts numbers, and one takes them. Either closes it now and then.
 * Then they go on at a new one.
 */
final class HandoffPair extends Pair {

  /** One operation in this many is a close. */
  private static final int CLOSE = 256;

  private final Producer producer;
  private final Consumer consumer;
  private volatile CountedHandoff current = new CountedHandoff(group, false);

  /** No further hand-off will come. */
  private volatile boolean over;

  HandoffPair(Exhaustion stage, SplittableRandom random) {
    super(stage, random);
    producer = new Producer(random.split());
    consumer = new Consumer(random.split());
  }

  @Override
  List<? extends PairMember> members() {
    return List.of(producer, consumer);
  }

  @Override
  void abandon() {
    abandoned = true;
    over = true;
    current.handoff.close();
    current.closed = true;
  }

  @Override
  @Nullable String wrong() {
    boolean well = unparkFailed ? current.put.get() == current.taken.get() : current.out.isEmpty();
    return well ? null : "not empty at the end: " + current;
  }

  private abstract class Member extends PairMember {

    /** Null if it is to close. */
    @Nullable WaitMethod method;

    Duration timeout = Duration.ZERO;
    CountedHandoff mine = current;
    long next = 1;

    Member(String role, SplittableRandom random) {
      super(HandoffPair.this, role, drawKind(random), random);
    }

    /** A close whose wake failed is tried again, to wake the other side. */
    final boolean closes() {
      if (!stage.isStopping() && !reported && random.nextInt(CLOSE) > 0) {
        return false;
      }
      method = null;
      boolean firstTry = true;
      do {
        reported = false;
        attempt(null, firstTry, false);
        firstTry = firstTry && !begun;
      } while (outcome != Outcome.VALUE || reported);
      mine.closed = true;
      return true;
    }

    final void draw(List<WaitMethod> methods, WaitTarget end) {
      WaitMethod drawn = draw(methods);
      method = drawn;
      timeout = timeout();
      attempt(end, true, drawn.interruptible);
    }

    @Override
    final void operate() throws InterruptedException {
      WaitMethod how = method;
      if (how == null) {
        close();
      } else {
        operate(how);
      }
    }

    private void close() {
      begun = true;
      mine.handoff.close();
      outcome = Outcome.VALUE;
    }

    abstract void operate(WaitMethod how) throws InterruptedException;
  }

  private final class Producer extends Member {
    private Message message = new Message(0, next);

    Producer(SplittableRandom random) {
      super("producer", random);
    }

    @Override
    boolean round() {
      if (!closes()) {
        draw(WaitMethod.TO_PUT, mine.in);
        if (outcome == Outcome.VALUE) {
          mine.put.incrementAndGet();
          next++;
          makeMessage();
        }
        if (outcome != Outcome.CLOSED) {
          return true;
        }
      }
      while (current == mine && !over) {
        pause();
      }
      long put = mine.put.get();
      long taken = mine.taken.get();
      check(put == taken || abandoned, "taken of a closed hand-off", put, taken);
      mine = current;
      return !over;
    }

    private void makeMessage() {
      while (message.number() != next) {
        try {
          message = new Message(0, next);
        } catch (OutOfMemoryError e) {
          pause();
        }
      }
    }

    @Override
    void operate(WaitMethod how) throws InterruptedException {
      begun = true;
      Handoff<Message> handoff = mine.handoff;
      switch (how) {
        case PUT -> {
          handoff.put(message);
          outcome = Outcome.VALUE;
        }
        case OFFER_TIMED ->
            outcome = handoff.offer(message, timeout) ? Outcome.VALUE : Outcome.TIMED_OUT;
        case OFFER -> outcome = handoff.offer(message) ? Outcome.VALUE : Outcome.TIMED_OUT;
        default -> outcome = handoff.tryTransfer(message) ? Outcome.VALUE : Outcome.TIMED_OUT;
      }
    }
  }

  private final class Consumer extends Member {
    private @Nullable Message message;

    Consumer(SplittableRandom random) {
      super("consumer", random);
    }

    @Override
    boolean round() {
      if (!mine.closed) {
        closes();
      }
      message = null;
      draw(WaitMethod.TO_TAKE, mine.out);
      if (outcome == Outcome.VALUE) {
        Message taken = message;
        long number = taken == null ? 0 : taken.number();
        check(number == next, "the next number", next, number);
        next++;
        mine.taken.incrementAndGet();
      } else if (outcome == Outcome.CLOSED) {
        if (stage.isStopping() || abandoned) {
          over = true;
          return false;
        }
        renew();
      }
      return true;
    }

    private void renew() {
      while (current == mine) {
        try {
          current = new CountedHandoff(group, false);
        } catch (OutOfMemoryError e) {
          pause();
        }
      }
      mine = current;
    }

    @Override
    void operate(WaitMethod how) throws InterruptedException {
      begun = true;
      Handoff<Message> handoff = mine.handoff;
      message =
          switch (how) {
            case TAKE -> handoff.take();
            case POLL_TIMED -> handoff.poll(timeout);
            default -> handoff.poll();
          };
      outcome = message != null ? Outcome.VALUE : Outcome.TIMED_OUT;
    }
  }
}
