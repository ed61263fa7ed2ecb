package io.github.atomicwaker.samples.mailbox;

import io.github.atomicwaker.WakeBatch;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Workers;
import io.github.atomicwaker.samples.mailbox.Mailboxes.Box;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Actors, each a virtual thread with a box of its own. Each waits for a message, receives what else
 * has come, checks it all, and sends as many messages on. So their number stays the same, until it
 * is time to keep them, and to count them.
 */
final class Actors {

  /** Where an actor's messages go. */
  enum Shape {
    /** To the next actor, all of them. Few actors have messages at a time, but then several. */
    RING,
    /** To a random actor, each of them. There are as many messages as actors. */
    MESH
  }

  /** What one actor sends to another. */
  static final class Message {
    private final int receiver;
    private boolean received;

    private Message(int receiver) {
      this.receiver = receiver;
    }
  }

  /** How many messages an actor takes at a time. */
  static final int MOST = 16;

  /** In a ring, one actor in this many has messages. */
  private static final int RING_GAP = 100;

  private static final Message STOP = new Message(-1);

  private final Shape shape;
  private final boolean batched;
  private final Duration patience;
  private final Workers workers = new Workers();
  private final List<Actor> actors = new ArrayList<>();
  private final LongAdder passed = new LongAdder();
  private final AtomicLong kept = new AtomicLong();
  private volatile boolean keeping;

  Actors(
      int count,
      Shape shape,
      boolean batched,
      int seed,
      Duration patience,
      Supplier<Box<Message>> boxes) {
    this.shape = shape;
    this.batched = batched;
    this.patience = patience;
    for (int id = 0; id < count; id++) {
      actors.add(new Actor(id, seed, boxes.get()));
    }
  }

  /**
   * Lets them pass messages for a while. Returns how many they passed per second, and only if every
   * message was received, once, by the right actor.
   */
  double run(Duration time, Runnable progress) throws Failure, InterruptedException {
    try {
      for (Actor actor : actors) {
        workers.start(Thread.ofVirtual(), actor);
      }
      int messages = sendFirst();
      workers.await(() -> passed() >= messages, this::passed, patience, progress); // all began
      long before = passed();
      long start = System.nanoTime();
      workers.await(() -> false, time, progress);
      double perSecond = (passed() - before) * 1e9 / (System.nanoTime() - start);
      keepAll(messages);
      for (Actor actor : actors) {
        actor.box.send(STOP);
      }
      workers.join(this::passed, patience, () -> {});
      return perSecond;
    } finally {
      keeping = true;
      workers.close();
    }
  }

  long passed() {
    return passed.sum();
  }

  private int sendFirst() {
    int messages = 0;
    try (WakeBatch batch = new WakeBatch()) {
      for (int id = 0; id < actors.size(); id++) {
        int count = shape == Shape.MESH ? 1 : id % RING_GAP == 0 ? MOST : 0;
        for (int i = 0; i < count; i++) {
          send(id, batch);
        }
        messages += count;
      }
    }
    return messages;
  }

  /** Waits until every message that is under way has come to an actor that keeps it. */
  private void keepAll(int messages) throws Failure, InterruptedException {
    keeping = true;
    if (!workers.await(() -> kept.get() == messages, this::passed, patience, () -> {})) {
      throw new Failure(
          Failure.WRONG,
          "%,d of %,d messages have not come, and for %.1f s no other came"
              .formatted(messages - kept.get(), messages, patience.toMillis() / 1e3));
    }
  }

  private void send(int receiver, WakeBatch batch) {
    Box<Message> box = actors.get(receiver).box;
    if (batched) {
      box.send(new Message(receiver), batch);
    } else {
      box.send(new Message(receiver));
    }
  }

  private final class Actor implements Workers.Work {
    private final int id;
    private final Box<Message> box;
    private final SplittableRandom random;
    private final WakeBatch batch = new WakeBatch();

    Actor(int id, int seed, Box<Message> box) {
      this.id = id;
      this.box = box;
      this.random = new SplittableRandom(seed + ((long) id << 32));
    }

    @Override
    public void run() throws Failure, InterruptedException {
      for (Message message; (message = box.receive()) != STOP; ) {
        int got = 0;
        for (Message next = message; next != null; next = got < MOST ? box.poll() : null) {
          check(next);
          got++;
        }
        if (keeping) {
          kept.addAndGet(got);
          workers.wake();
        } else {
          sendOn(got);
        }
        passed.add(got);
      }
    }

    private void check(Message message) throws Failure {
      if (message.receiver != id || message.received) {
        throw new Failure(
            Failure.WRONG,
            "a message to actor %d came to actor %d%s"
                .formatted(message.receiver, id, message.received ? " once more" : ""));
      }
      message.received = true;
    }

    private void sendOn(int count) {
      try (batch) {
        for (int i = 0; i < count; i++) {
          int receiver =
              switch (shape) {
                case RING -> (id + 1) % actors.size();
                case MESH -> random.nextInt(actors.size());
              };
          send(receiver, batch);
        }
      }
    }
  }
}
