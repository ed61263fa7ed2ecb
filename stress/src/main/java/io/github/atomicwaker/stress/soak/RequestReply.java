package io.github.atomicwaker.stress.soak;

import java.util.SplittableRandom;

/** Clients send requests to a server; each of them gets its own replies, in order. */
final class RequestReply extends Workload {
  static final Kind KIND = new Kind(RequestReply::new, 2, 17);

  private final WakerQueue requests = queue();
  private final WakerQueue[] replies;

  private RequestReply(Soak soak, SplittableRandom random, boolean disturbed, int threads) {
    super(soak, random, disturbed);
    replies = new WakerQueue[threads - 1];
    for (int i = 0; i < replies.length; i++) {
      int id = i;
      replies[id] = queue();
      leader("client", me -> ask(me, id));
    }
    follower("server", this::serve);
  }

  private void ask(Participant me, int id) {
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

  private void serve(Participant me) {
    long[] served = new long[replies.length];
    int clients = replies.length;
    while (clients > 0) {
      Message request = me.receive(requests);
      if (request.isBye()) {
        clients--;
      } else {
        Message.expect(++served[request.from()], request);
        me.send(replies[request.from()], request.from(), request.number());
      }
    }
  }
}
