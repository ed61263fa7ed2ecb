package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.Arrays;
import java.util.function.Supplier;

/** The turns of a team, whose members are numbered: one goes on with a number, the others wait. */
final class Turns {
  private final Tally tally;
  private final Box[] boxes;

  Turns(Tally tally, int size, Supplier<Box> box) {
    this.tally = tally;
    boxes = new Box[size];
    Arrays.setAll(boxes, member -> box.get());
  }

  /** The first turn is the first member's. */
  void begin(Actor me) {
    me.send(boxes[0], 0, 1);
  }

  /** The member's next turn, or its end. */
  Message await(Actor me, int member) {
    return me.receive(boxes[member]);
  }

  /** Any other member goes on. */
  void pass(Actor me, int member, long next) {
    tally.add(Count.MIGRATIONS);
    me.send(boxes[(member + me.random.nextInt(1, boxes.length)) % boxes.length], member, next);
  }

  /** The others end. */
  void end(Actor me, int member) {
    for (int other = 0; other < boxes.length; other++) {
      if (other != member) {
        me.send(boxes[other], member, Message.BYE);
      }
    }
  }
}
