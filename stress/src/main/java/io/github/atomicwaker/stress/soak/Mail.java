package io.github.atomicwaker.stress.soak;

import java.util.SplittableRandom;

/** Clients send requests to a server; each of them gets its own replies, in order. */
final class Mail extends Station {
  static final Kind KIND = new Kind(Mail::new, 2, 17);

  private final Box requests = box();
  private final Box[] replies;

  private Mail(Soak soak, SplittableRandom random, boolean wild, int threads) {
    super(soak, random, wild);
    replies = new Box[threads - 1];
    for (int i = 0; i < replies.length; i++) {
      int id = i;
      replies[id] = box();
      leader("client", me -> ask(me, id));
    }
    follower("server", this::serve);
  }

  private void ask(Actor me, int id) {
    int window = me.random.nextInt(1, 4);
    long asked = 0;
    long answered = 0;
    while (me.goesOn()) {
      while (asked < answered + window) {
        me.send(requests, id, ++asked);
      }
      me.receive(replies[id], ++answered);
    }
    while (answered < asked) {
      me.receive(replies[id], ++answered);
    }
    me.send(requests, id, Message.BYE);
  }

  private void serve(Actor me) {
    long[] served = new long[replies.length];
    int clients = replies.length;
    while (clients > 0) {
      Message request = me.receive(requests);
      if (request.isBye()) {
        clients--;
      } else {
        Actor.expect(++served[request.from()], request);
        me.send(replies[request.from()], request.from(), request.number());
      }
    }
  }
}
