package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Two rivals wait at once: on one waker, or in one hand-off for a value. While there is nothing to
 * receive, exactly one of them is told that it was displaced; when something comes, at most one is,
 * and nobody is stranded.
 */
final class Duel extends Station {
  static final Kind KIND = new Kind(Duel::new, 3, 3);

  /** In a report: the rival was told that it was displaced. */
  private static final long TOLD = 0;

  /** Some tens of microseconds. */
  private static final int MOST_SPINS = 1_000;

  /** What the rivals wait for, one number at a time. */
  private interface Prize {
    void give(Actor referee, long number);

    Message await(Actor rival);

    /** Takes back the last one; null if somebody has it. */
    @Nullable Message takeBack();

    /** Nothing will be given any more. */
    void end();
  }

  private final AtomicInteger arrived = new AtomicInteger();
  private final Prize prize;
  private final Box reports = box();
  private final Box[] calls = {box(), box()};

  private Duel(Soak soak, SplittableRandom random, boolean wild, int threads) {
    super(soak, random, wild);
    prize = random.nextBoolean() ? new Boxed() : new Handed();
    leader("referee", this::judge);
    follower("rival", me -> fight(me, 0));
    follower("rival", me -> fight(me, 1));
  }

  private void judge(Actor me) {
    long number = 0;
    while (me.goesOn()) {
      me.send(calls[0], 0, 1);
      me.send(calls[1], 0, 1);
      boolean early = me.random.nextBoolean(); // the prize may be there before both of them wait
      number++;
      if (early) {
        prize.give(me, number);
      }
      Message first = me.receive(reports);
      if (first.number() == TOLD) {
        if (!early) {
          prize.give(me, number);
        }
        me.receive(reports, number);
      } else {
        Actor.expect(early ? number : TOLD, first);
        prize.give(me, ++number);
        Message second = me.receive(reports);
        if (second.number() == TOLD) {
          Actor.expect(number, prize.takeBack());
          soak.tally.add(Count.RECEIVED);
        } else {
          Actor.expect(number, second);
        }
      }
      soak.tally.add(Count.DUELS);
    }
    me.send(calls[0], 0, Message.BYE);
    me.send(calls[1], 0, Message.BYE);
    prize.end();
  }

  private void fight(Actor me, int id) {
    while (!me.receive(calls[id]).isBye()) {
      meet();
      Message won = prize.await(me);
      me.send(reports, id, won.isDisplaced() ? TOLD : won.number());
    }
  }

  /** Lets both begin at once, unless the other one cannot come, for want of a core. */
  private void meet() {
    int both = (arrived.incrementAndGet() + 1) & ~1;
    for (int turns = MOST_SPINS; turns > 0 && arrived.get() < both; turns--) {
      Thread.onSpinWait();
    }
  }

  private final class Boxed implements Prize {
    private final Box box = box(true);

    @Override
    public void give(Actor referee, long number) {
      referee.send(box, 0, number);
    }

    @Override
    public Message await(Actor rival) {
      return rival.receive(box);
    }

    @Override
    public @Nullable Message takeBack() {
      return box.poll();
    }

    @Override
    public void end() {}
  }

  private final class Handed implements Prize {
    private final Line line = line(true);

    @Override
    public void give(Actor referee, long number) {
      if (!referee.put(line, new Message(0, number))) {
        throw new Fault("closed by nobody: " + line);
      }
    }

    @Override
    public Message await(Actor rival) {
      Message message = rival.take(line);
      if (message == null) {
        throw new Fault("closed by nobody: " + line);
      }
      return message;
    }

    @Override
    public @Nullable Message takeBack() {
      return line.poll();
    }

    @Override
    public void end() {
      line.close();
    }
  }
}
