package io.github.atomicwaker.stress.soak;

import java.util.SplittableRandom;

/** Runners receive from one box in turns: who waits there is another thread each time. */
final class Relay extends Station {
  static final Kind KIND = new Kind(Relay::new, 3, 10);

  private final Box shared = box();
  private final Box receipts = box();
  private final Turns turns;

  private Relay(Soak soak, SplittableRandom random, boolean wild, int threads) {
    super(soak, random, wild);
    leader("feeder", this::feed);
    turns = new Turns(soak.tally, threads - 1, this::box);
    for (int i = 0; i < threads - 1; i++) {
      int id = i;
      follower("runner", me -> run(me, id));
    }
  }

  private void feed(Actor me) {
    int window = me.random.nextInt(1, 5);
    long fed = 0;
    long eaten = 0;
    turns.begin(me);
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
      Message turn = turns.await(me, id);
      if (turn.isBye()) {
        return;
      }
      long next = turn.number();
      for (int left = me.random.nextInt(1, 5); left > 0; left--) {
        Message message = me.receive(shared);
        if (message.isBye()) {
          turns.end(me, id);
          return;
        }
        Actor.expect(next++, message);
        me.send(receipts, id, message.number());
      }
      turns.pass(me, id, next);
    }
  }
}
