package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A token among the members of a team, who are numbered. Its holder works; the others wait for it.
 */
final class TokenPassing {
  private final Tally tally;
  private final WakerQueue[] queues;

  TokenPassing(Tally tally, int size, Supplier<WakerQueue> queue) {
    this.tally = tally;
    queues = new WakerQueue[size];
    Arrays.setAll(queues, member -> queue.get());
  }

  /** The first member gets the token. */
  void begin(Participant me) {
    me.send(queues[0], 0, 1);
  }

  /** Waits for the token: its message has the next number of the team, or says that it is over. */
  Message await(Participant me, int member) {
    return me.receive(queues[member]);
  }

  /** Passes the token to any other member. */
  void pass(Participant me, int member, long next) {
    tally.add(Count.MIGRATIONS);
    me.send(queues[(member + me.random.nextInt(1, queues.length)) % queues.length], member, next);
  }

  /** Ends the others. */
  void end(Participant me, int member) {
    for (int other = 0; other < queues.length; other++) {
      if (other != member) {
        me.send(queues[other], member, Message.BYE);
      }
    }
  }
}
