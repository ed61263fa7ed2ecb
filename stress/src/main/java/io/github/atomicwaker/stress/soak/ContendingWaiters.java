package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Two threads wait at once: at one queue, in announced waits at one place, or in one hand-off.
 * While there is nothing to receive, exactly one of them is displaced; when something comes, at
 * most one is, and none is stranded.
 */
final class ContendingWaiters extends Workload {
  static final Kind KIND = new Kind(ContendingWaiters::new, 3, 3);

  /** In a report: the waiter was displaced. */
  private static final long DISPLACED = 0;

  /** Some tens of microseconds. */
  private static final int MOST_SPINS = 1_000;

  /** Where the two wait, for one number at a time. */
  private interface Contended {
    void send(Participant sender, long number);

    Message receive(Participant waiter);

    /** Takes back the last one; null if a thread has taken it. */
    @Nullable Message takeBack();

    /** Nothing will be sent any more. */
    void end();
  }

  private final AtomicInteger arrived = new AtomicInteger();
  private final Contended contended;
  private final WakerQueue reports = queue();
  private final WakerQueue[] calls = {queue(), queue()};

  private ContendingWaiters(Soak soak, SplittableRandom random, boolean disturbed, int threads) {
    super(soak, random, disturbed);
    contended =
        switch (random.nextInt(3)) {
          case 0 -> new InHandoff();
          case 1 -> new InPlace();
          default -> new InQueue();
        };
    leader("sender", this::send);
    follower("waiter", me -> receive(me, 0));
    follower("waiter", me -> receive(me, 1));
  }

  private void send(Participant me) {
    long number = 0;
    while (me.goesOn()) {
      me.send(calls[0], 0, 1);
      me.send(calls[1], 0, 1);
      boolean early = me.random.nextBoolean(); // the number may be there before both of them wait
      number++;
      if (early) {
        for (int turns = me.random.nextInt(MOST_SPINS); turns > 0; turns--) {
          Thread.onSpinWait(); // or it comes as one of them is displaced
        }
        contended.send(me, number);
      }
      Message first = me.receive(reports);
      if (first.number() == DISPLACED) {
        if (!early) {
          contended.send(me, number);
        }
        me.receive(reports, number);
      } else {
        Message.expect(early ? number : DISPLACED, first);
        contended.send(me, ++number);
        Message second = me.receive(reports);
        if (second.number() == DISPLACED) {
          Message.expect(number, contended.takeBack());
          soak.tally.add(Count.RECEIVED);
        } else {
          Message.expect(number, second);
        }
      }
      soak.tally.add(Count.CONTENDED);
    }
    me.send(calls[0], 0, Message.BYE);
    me.send(calls[1], 0, Message.BYE);
    contended.end();
  }

  private void receive(Participant me, int id) {
    while (!me.receive(calls[id]).isBye()) {
      arrive();
      Message received = contended.receive(me);
      me.send(reports, id, received.isDisplaced() ? DISPLACED : received.number());
    }
  }

  /** Lets both begin at once, unless the other one gets no core. */
  private void arrive() {
    int both = (arrived.incrementAndGet() + 1) & ~1;
    for (int turns = MOST_SPINS; turns > 0 && arrived.get() < both; turns--) {
      Thread.onSpinWait();
    }
  }

  private final class InQueue implements Contended {
    private final WakerQueue queue = queue(true);

    @Override
    public void send(Participant sender, long number) {
      sender.send(queue, 0, number);
    }

    @Override
    public Message receive(Participant waiter) {
      return waiter.receive(queue);
    }

    @Override
    public @Nullable Message takeBack() {
      return queue.poll();
    }

    @Override
    public void end() {}
  }

  private final class InPlace implements Contended {
    private final AnnouncedPlace place = announcedPlace();

    @Override
    public void send(Participant sender, long number) {
      sender.send(place, number);
    }

    @Override
    public Message receive(Participant waiter) {
      return waiter.receive(place);
    }

    @Override
    public @Nullable Message takeBack() {
      return place.poll();
    }

    @Override
    public void end() {}
  }

  private final class InHandoff implements Contended {
    private final CountedHandoff handoff = handoff(true);

    @Override
    public void send(Participant sender, long number) {
      if (!sender.put(handoff, new Message(0, number))) {
        throw new Fault("closed by nobody: " + handoff);
      }
    }

    @Override
    public Message receive(Participant waiter) {
      Message message = waiter.take(handoff);
      if (message == null) {
        throw new Fault("closed by nobody: " + handoff);
      }
      return message;
    }

    @Override
    public @Nullable Message takeBack() {
      return handoff.poll();
    }

    @Override
    public void end() {
      handoff.close();
    }
  }
}
