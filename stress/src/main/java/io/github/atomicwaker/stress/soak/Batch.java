package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** A postman serves many at once: takes each waiter in turn, and unparks them all at the end. */
final class Batch extends Station {
  static final Kind KIND = new Kind(Batch::new, 2, 33);

  private final Box receipts = box();
  private final Box[] boxes;

  private Batch(Soak soak, SplittableRandom random, boolean wild, int threads) {
    super(soak, random, wild);
    leader("postman", this::deliver);
    boxes = new Box[threads - 1];
    for (int i = 0; i < boxes.length; i++) {
      int id = i;
      boxes[id] = box();
      follower("reader", me -> read(me, id));
    }
  }

  private void deliver(Actor me) {
    long[] acknowledged = new long[boxes.length];
    for (long round = 1; me.goesOn(); round++) {
      deliver(me, round);
      for (int left = boxes.length; left > 0; left--) {
        Message receipt = me.receive(receipts);
        Actor.expect(++acknowledged[receipt.from()], receipt);
        Actor.expect(round, receipt);
      }
    }
    for (Box box : boxes) {
      me.send(box, 0, Message.BYE);
    }
  }

  private void deliver(Actor me, long round) {
    List<Thread> taken = new ArrayList<>();
    for (Box box : boxes) {
      box.batching = true;
      box.put(new Message(0, round));
      Thread waiter = box.waker.take();
      if (waiter != null) {
        taken.add(waiter);
      }
      if (me.random.nextInt(64) == 0) {
        LockSupport.parkNanos(1); // they may be interrupted, or time out, and wait again, meanwhile
      }
    }
    taken.forEach(LockSupport::unpark);
    for (Box box : boxes) {
      box.batching = false;
    }
    soak.tally.add(Count.SENT, boxes.length);
    soak.tally.add(Count.BATCHES);
    soak.tally.add(Count.BATCHED, taken.size());
  }

  private void read(Actor me, int id) {
    Message message = me.receive(boxes[id]);
    for (long next = 1; !message.isBye(); next++) {
      Actor.expect(next, message);
      me.send(receipts, id, next);
      message = me.receive(boxes[id]);
    }
  }
}
