package io.github.atomicwaker.stress.soak;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Clients send requests to a server, each with a one-shot reply, for which they wait. Some cancel
 * it when their time is up.
 */
final class OneShotReplies extends Workload {
  static final Kind KIND = new Kind(OneShotReplies::new, 2, 17);

  private final WakerQueue requests = queue();

  /** Each client's latest. */
  private final AtomicReferenceArray<CheckedReply> replies;

  private OneShotReplies(Soak soak, SplittableRandom random, boolean disturbed, int threads) {
    super(soak, random, disturbed);
    replies = new AtomicReferenceArray<>(threads - 1);
    for (int i = 0; i < threads - 1; i++) {
      int id = i;
      leader("client", me -> ask(me, id));
    }
    follower("server", this::serve);
  }

  private void ask(Participant me, int id) {
    for (long number = 1; me.goesOn(); number++) {
      CheckedReply reply = new CheckedReply(group, number);
      replies.set(id, reply);
      me.send(requests, id, number);
      me.get(reply);
      Fault.unless(reply.isEmpty(), "not done, or still in the slot after a get:", reply);
    }
    me.send(requests, id, Message.BYE);
  }

  private void serve(Participant me) {
    long[] served = new long[replies.length()];
    int clients = served.length;
    while (clients > 0) {
      Message request = me.receive(requests);
      if (request.isBye()) {
        clients--;
      } else {
        Message.expect(++served[request.from()], request);
        CheckedReply reply = replies.get(request.from());
        if (reply.number == request.number()) { // otherwise cancelled, and there is a later one
          me.end(reply);
        }
      }
    }
  }
}
