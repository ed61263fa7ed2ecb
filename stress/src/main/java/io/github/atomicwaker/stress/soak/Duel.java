package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two rivals wait on one waker at once. While there is nothing to receive, exactly one of them is
 * told that it was displaced; when something comes, at most one is, and nobody is stranded.
 */
final class Duel extends Station {
  static final Kind KIND = new Kind(Duel::new, 3, 3);

  /** In a report: the rival was told that it was displaced. */
  private static final long TOLD = 0;

  /** Some tens of microseconds. */
  private static final int MOST_SPINS = 1_000;

  private final AtomicInteger arrived = new AtomicInteger();
  private final Box prize = box(true);
  private final Box reports = box();
  private final Box[] calls = {box(), box()};

  private Duel(Soak soak, SplittableRandom random, boolean wild, int threads) {
    super(soak, random, wild);
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
        me.send(prize, 0, number);
      }
      Message first = me.receive(reports);
      if (first.number() == TOLD) {
        if (!early) {
          me.send(prize, 0, number);
        }
        me.receive(reports, number);
      } else {
        Actor.expect(early ? number : TOLD, first);
        me.send(prize, 0, ++number);
        Message second = me.receive(reports);
        if (second.number() == TOLD) {
          Actor.expect(number, prize.poll());
          soak.tally.add(Count.RECEIVED);
        } else {
          Actor.expect(number, second);
        }
      }
      soak.tally.add(Count.DUELS);
    }
    me.send(calls[0], 0, Message.BYE);
    me.send(calls[1], 0, Message.BYE);
  }

  private void fight(Actor me, int id) {
    while (!me.receive(calls[id]).isBye()) {
      meet();
      Message won = me.receive(prize);
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
}
