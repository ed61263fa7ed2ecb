package io.github.atomicwaker.stress.soak;

import java.util.SplittableRandom;

/**
 * Two teams at a hand-off: the members of one put in turns, those of the other take in turns.
 * Either team may be the one that closes it; what was put before that still arrives.
 */
final class HandoffTeams extends Workload {
  static final Kind KIND = new Kind(HandoffTeams::new, 4, 10);

  /** Puts or takes a number; returns false if the hand-off is closed. */
  private interface Operation {
    boolean run(Participant me, long number);
  }

  private final CountedHandoff handoff = handoff(false);

  private HandoffTeams(Soak soak, SplittableRandom random, boolean disturbed, int threads) {
    super(soak, random, disturbed);
    boolean consumersClose = random.nextBoolean();
    team("producer", threads / 2, !consumersClose, this::put);
    team("consumer", threads - threads / 2, consumersClose, this::take);
  }

  private boolean put(Participant me, long number) {
    return me.put(handoff, new Message(0, number));
  }

  private boolean take(Participant me, long number) {
    Message message = me.take(handoff);
    if (message != null) {
      Message.expect(number, message);
    }
    return message != null;
  }

  private void team(String role, int size, boolean closes, Operation operation) {
    TokenPassing token = new TokenPassing(soak.tally, size, this::queue);
    for (int i = 0; i < size; i++) {
      int id = i;
      Participant.Body body = me -> run(me, token, id, closes, operation);
      if (closes) {
        leader(role, body);
      } else {
        follower(role, body);
      }
    }
  }

  private void run(
      Participant me, TokenPassing token, int id, boolean closes, Operation operation) {
    if (id == 0) {
      token.begin(me);
    }
    for (Message turn = token.await(me, id); !turn.isBye(); turn = token.await(me, id)) {
      long next = turn.number();
      for (int left = me.random.nextInt(1, 5); left > 0; left--) {
        if (closes && !me.goesOn()) {
          handoff.close(); // the consumers go on until it is empty
        }
        if (!operation.run(me, next++)) {
          token.end(me, id);
          return;
        }
      }
      token.pass(me, id, next);
    }
  }
}
