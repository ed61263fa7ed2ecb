package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.SplittableRandom;

/** Runners receive from one box in turns: who waits there is another thread each time. */
final class Relay extends Station {
  static final Kind KIND = new Kind(Relay::new, 3, 10);

  private final Box shared = box();
  private final Box receipts = box();
  private final Box[] turns;

  private Relay(Soak soak, SplittableRandom random, boolean wild, int threads) {
    super(soak, random, wild);
    leader("feeder", this::feed);
    turns = new Box[threads - 1];
    for (int i = 0; i < turns.length; i++) {
      int id = i;
      turns[id] = box();
      follower("runner", me -> run(me, id));
    }
  }

  private void feed(Actor me) {
    int window = me.random.nextInt(1, 5);
    long fed = 0;
    long eaten = 0;
    me.send(turns[0], 0, 1);
    while (me.goesOn()) {
      while (fed < eaten + window) {
        me.send(shared, 0, ++fed);
      }
      me.receive(receipts, ++eaten);
    }
    while (eaten < fed) {
      me.receive(receipts, ++eaten);
    }
    me.send(shared, 0, Message.BYE);
  }

  private void run(Actor me, int id) {
    while (true) {
      Message turn = me.receive(turns[id]);
      if (turn.isBye()) {
        return;
      }
      long next = turn.number();
      for (int left = me.random.nextInt(1, 5); left > 0; left--) {
        Message message = me.receive(shared);
        if (message.isBye()) {
          endOthers(me, id);
          return;
        }
        Actor.expect(next++, message);
        me.send(receipts, id, message.number());
      }
      soak.tally.add(Count.MIGRATIONS);
      me.send(turns[(id + me.random.nextInt(1, turns.length)) % turns.length], id, next);
    }
  }

  private void endOthers(Actor me, int id) {
    for (int other = 0; other < turns.length; other++) {
      if (other != id) {
        me.send(turns[other], id, Message.BYE);
      }
    }
  }
}
