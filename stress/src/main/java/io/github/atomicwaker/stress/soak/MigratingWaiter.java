package io.github.atomicwaker.stress.soak;

import java.util.SplittableRandom;

/** Consumers receive from one queue in turns: another thread waits there each time. */
final class MigratingWaiter extends Workload {
  static final Kind KIND = new Kind(MigratingWaiter::new, 3, 10);

  private final WakerQueue shared = queue();
  private final WakerQueue receipts = queue();
  private final TokenPassing token;

  private MigratingWaiter(Soak soak, SplittableRandom random, boolean disturbed, int threads) {
    super(soak, random, disturbed);
    leader("producer", this::produce);
    token = new TokenPassing(soak.tally, threads - 1, this::queue);
    for (int i = 0; i < threads - 1; i++) {
      int id = i;
      follower("consumer", me -> consume(me, id));
    }
  }

  private void produce(Participant me) {
    int window = me.random.nextInt(1, 5);
    long sent = 0;
    long received = 0;
    token.begin(me);
    while (me.goesOn()) {
      while (sent < received + window) {
        me.send(shared, 0, ++sent);
      }
      me.receive(receipts, ++received);
    }
    while (received < sent) {
      me.receive(receipts, ++received);
    }
    me.send(shared, 0, Message.BYE);
  }

  private void consume(Participant me, int id) {
    while (true) {
      Message turn = token.await(me, id);
      if (turn.isBye()) {
        return;
      }
      long next = turn.number();
      for (int left = me.random.nextInt(1, 5); left > 0; left--) {
        Message message = me.receive(shared);
        if (message.isBye()) {
          token.end(me, id);
          return;
        }
        Message.expect(next++, message);
        me.send(receipts, id, message.number());
      }
      token.pass(me, id, next);
    }
  }
}
