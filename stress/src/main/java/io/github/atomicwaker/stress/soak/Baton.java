package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

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

  private final Line line = line();

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
    @Nullable Message message = me.take(line);
    if (message != null) {
      Actor.expect(number, message);
    }
    return message != null;
  }

  private void team(String role, int size, boolean closes, Leg leg) {
    Box[] turns = new Box[size];
    for (int i = 0; i < size; i++) {
      int id = i;
      turns[id] = box();
      Actor.Body body = me -> run(me, turns, id, closes, leg);
      if (closes) {
        leader(role, body);
      } else {
        follower(role, body);
      }
    }
  }

  private void run(Actor me, Box[] turns, int id, boolean closes, Leg leg) {
    if (id == 0) {
      me.send(turns[0], id, 1);
    }
    for (Message turn = me.receive(turns[id]); !turn.isBye(); turn = me.receive(turns[id])) {
      long next = turn.number();
      for (int left = me.random.nextInt(1, 5); left > 0; left--) {
        if (closes && !me.goesOn()) {
          line.close(); // the takers go on until it is empty
        }
        if (!leg.run(me, next++)) {
          endOthers(me, turns, id);
          return;
        }
      }
      soak.tally.add(Count.MIGRATIONS);
      me.send(turns[(id + me.random.nextInt(1, turns.length)) % turns.length], id, next);
    }
  }

  private static void endOthers(Actor me, Box[] turns, int id) {
    for (int other = 0; other < turns.length; other++) {
      if (other != id) {
        me.send(turns[other], id, Message.BYE);
      }
    }
  }
}
