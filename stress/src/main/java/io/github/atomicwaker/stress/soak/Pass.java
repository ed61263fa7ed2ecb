package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.stress.soak.Way.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Two threads at a hand-off: one puts numbers, and one takes them. Either closes it now and then;
 * then they go on at a new one.
 */
final class Pass extends Pair {

  /** An operation in so many is a close. */
  private static final int CLOSE = 256;

  private final Giver giver;
  private final Taker taker;
  private volatile Line line = new Line(group, false);

  /** No further line will come. */
  private volatile boolean over;

  Pass(Ends ends, SplittableRandom random) {
    super(ends, random);
    giver = new Giver(random.split());
    taker = new Taker(random.split());
  }

  @Override
  List<? extends Striker> strikers() {
    return List.of(giver, taker);
  }

  @Override
  void abandon() {
    abandoned = true;
    over = true;
    line.handoff.close();
    line.closed = true;
  }

  @Override
  @Nullable String wrong() {
    boolean well = unparkFailed ? line.put.get() == line.taken.get() : line.out.isEmpty();
    return well ? null : "not empty at the end: " + line;
  }

  private abstract class Passer extends Striker {

    /** Null if it is to close. */
    @Nullable Way way;

    Duration timeout = Duration.ZERO;
    Line at = line;
    long next = 1;

    Passer(String role, SplittableRandom random) {
      super(Pass.this, role, drawKind(random), random);
    }

    /** After a report, it has to be tried again to wake the other side. */
    final boolean closes() {
      if (!ends.isStopping() && !reported && random.nextInt(CLOSE) > 0) {
        return false;
      }
      way = null;
      boolean afresh = true;
      do {
        reported = false;
        attempt(null, afresh, false);
        afresh = afresh && !begun;
      } while (outcome != Outcome.VALUE || reported);
      at.closed = true;
      return true;
    }

    final void draw(List<Way> ways, Watched end) {
      Way drawn = draw(ways);
      way = drawn;
      timeout = timeout();
      attempt(end, true, drawn.interruptible);
    }

    @Override
    final void strike() throws InterruptedException {
      Way how = way;
      if (how == null) {
        close();
      } else {
        strike(how);
      }
    }

    private void close() {
      begun = true;
      at.handoff.close();
      outcome = Outcome.VALUE;
    }

    abstract void strike(Way how) throws InterruptedException;
  }

  private final class Giver extends Passer {
    private Message message = new Message(0, next);

    Giver(SplittableRandom random) {
      super("giver", random);
    }

    @Override
    boolean round() {
      if (!closes()) {
        draw(Way.TO_PUT, at.in);
        if (outcome == Outcome.VALUE) {
          at.put.incrementAndGet();
          next++;
          makeMessage();
        }
        if (outcome != Outcome.CLOSED) {
          return true;
        }
      }
      while (line == at && !over) {
        pause();
      }
      long put = at.put.get();
      long taken = at.taken.get();
      check(put == taken || abandoned, "taken of a closed hand-off", put, taken);
      at = line;
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
    void strike(Way how) throws InterruptedException {
      begun = true;
      Handoff<Message> handoff = at.handoff;
      switch (how) {
        case PUT -> {
          handoff.put(message);
          outcome = Outcome.VALUE;
        }
        case OFFER_TIMED ->
            outcome = handoff.offer(message, timeout) ? Outcome.VALUE : Outcome.TIMED_OUT;
        default -> outcome = handoff.offer(message) ? Outcome.VALUE : Outcome.TIMED_OUT;
      }
    }
  }

  private final class Taker extends Passer {
    private @Nullable Message message;

    Taker(SplittableRandom random) {
      super("taker", random);
    }

    @Override
    boolean round() {
      if (!at.closed) {
        closes();
      }
      message = null;
      draw(Way.TO_TAKE, at.out);
      if (outcome == Outcome.VALUE) {
        Message taken = message;
        long number = taken == null ? 0 : taken.number();
        check(number == next, "the next number", next, number);
        next++;
        at.taken.incrementAndGet();
      } else if (outcome == Outcome.CLOSED) {
        if (ends.isStopping() || abandoned) {
          over = true;
          return false;
        }
        renewLine();
      }
      return true;
    }

    private void renewLine() {
      while (line == at) {
        try {
          line = new Line(group, false);
        } catch (OutOfMemoryError e) {
          pause();
        }
      }
      at = line;
    }

    @Override
    void strike(Way how) throws InterruptedException {
      begun = true;
      Handoff<Message> handoff = at.handoff;
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
