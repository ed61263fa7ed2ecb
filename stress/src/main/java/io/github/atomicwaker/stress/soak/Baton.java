package io.github.atomicwaker.stress.soak;

import java.util.SplittableRandom;

/**
 * Two teams at a hand-off: the members of one put in turns, those of the other take in turns.
 * Either team may be the one that closes it; what was put before that still arrives.
 */
final class Baton extends Station {
  static final Kind KIND = new Kind(Baton::new, 4, 10);

  /** Puts or takes a number; returns false if the line is closed. */
  private interface Leg {
    boolean run(Actor me, long number);
  }

  private final Line line = line(false);

  private Baton(Soak soak, SplittableRandom random, boolean wild, int threads) {
    super(soak, random, wild);
    boolean takersClose = random.nextBoolean();
    team("putter", threads / 2, !takersClose, this::put);
    team("taker", threads - threads / 2, takersClose, this::take);
  }

  private boolean put(Actor me, long number) {
    return me.put(line, new Message(0, number));
  }

  private boolean take(Actor me, long number) {
    Message message = me.take(line);
    if (message != null) {
      Actor.expect(number, message);
    }
    return message != null;
  }

  private void team(String role, int size, boolean closes, Leg leg) {
    Turns turns = new Turns(soak.tally, size, this::box);
    for (int i = 0; i < size; i++) {
      int id = i;
      Actor.Body body = me -> run(me, turns, id, closes, leg);
      if (closes) {
        leader(role, body);
      } else {
        follower(role, body);
      }
    }
  }

  private void run(Actor me, Turns turns, int id, boolean closes, Leg leg) {
    if (id == 0) {
      turns.begin(me);
    }
    for (Message turn = turns.await(me, id); !turn.isBye(); turn = turns.await(me, id)) {
      long next = turn.number();
      for (int left = me.random.nextInt(1, 5); left > 0; left--) {
        if (closes && !me.goesOn()) {
          line.close(); // the takers go on until it is empty
        }
        if (!leg.run(me, next++)) {
          turns.end(me, id);
          return;
        }
      }
      turns.pass(me, id, next);
    }
  }
}
