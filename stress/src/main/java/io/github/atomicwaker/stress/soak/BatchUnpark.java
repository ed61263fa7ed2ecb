package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** A producer serves many at once: it takes each waiter, and unparks them all at the end. */
final class BatchUnpark extends Workload {
  static final Kind KIND = new Kind(BatchUnpark::new, 2, 33);

  private final WakerQueue receipts = queue();
  private final WakerQueue[] queues;

  private BatchUnpark(Soak soak, SplittableRandom random, boolean disturbed, int threads) {
    super(soak, random, disturbed);
    leader("producer", this::deliver);
    queues = new WakerQueue[threads - 1];
    for (int i = 0; i < queues.length; i++) {
      int id = i;
      queues[id] = queue();
      follower("consumer", me -> consume(me, id));
    }
  }

  private void deliver(Participant me) {
    long[] acknowledged = new long[queues.length];
    for (long round = 1; me.goesOn(); round++) {
      deliver(me, round);
      for (int left = queues.length; left > 0; left--) {
        Message receipt = me.receive(receipts);
        Message.expect(++acknowledged[receipt.from()], receipt);
        Message.expect(round, receipt);
      }
    }
    for (WakerQueue queue : queues) {
      me.send(queue, 0, Message.BYE);
    }
  }

  private void deliver(Participant me, long round) {
    List<Thread> taken = new ArrayList<>();
    for (WakerQueue queue : queues) {
      queue.batching = true;
      queue.put(new Message(0, round));
      Thread waiter = queue.waker.take();
      if (waiter != null) {
        taken.add(waiter);
      }
      if (me.random.nextInt(64) == 0) {
        LockSupport.parkNanos(1); // they may be interrupted, or time out, and wait again, meanwhile
      }
    }
    taken.forEach(LockSupport::unpark);
    for (WakerQueue queue : queues) {
      queue.batching = false;
    }
    soak.tally.add(Count.SENT, queues.length);
    soak.tally.add(Count.BATCHES);
    soak.tally.add(Count.BATCHED, taken.size());
  }

  private void consume(Participant me, int id) {
    Message message = me.receive(queues[id]);
    for (long next = 1; !message.isBye(); next++) {
      Message.expect(next, message);
      me.send(receipts, id, next);
      message = me.receive(queues[id]);
    }
  }
}
