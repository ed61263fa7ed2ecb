package io.github.atomicwaker.samples.mailbox;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakeBatch;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Option;
import io.github.atomicwaker.samples.common.Rounds;
import io.github.atomicwaker.samples.common.Sample;
import io.github.atomicwaker.samples.mailbox.Actors.Message;
import io.github.atomicwaker.samples.mailbox.Actors.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.function.Supplier;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.unpadded.MpscUnboundedVarHandleUnpaddedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Actors that pass messages, around a ring and in a random mesh. In turn their boxes are queues
 * that block by themselves, and a queue of JCTools with a waker, woken at every message or at the
 * end of a batch.
 */
public final class Mailboxes {

  /** Where one thread receives what any thread sends. */
  interface Box<M> {

    void send(M message);

    /** Sends a message of which the receiver need not know before the batch is closed. */
    void send(M message, WakeBatch batch);

    /** Waits while there is no message. */
    M receive() throws InterruptedException;

    /** Returns null if there is no message. */
    @Nullable M poll();
  }

  /** A queue of JCTools, which does not block, and a waker. */
  static final class OfWaker<M> implements Box<M> {
    /** Of the queue's chunks; small, and not padded, since there are many boxes. */
    private static final int CHUNK = 16;

    private final MessagePassingQueue<M> queue =
        new MpscUnboundedVarHandleUnpaddedArrayQueue<>(CHUNK);
    private final AtomicWaker waker;

    OfWaker(WakerGroup boxes) {
      waker = new AtomicWaker(boxes);
    }

    @Override
    public void send(M message) {
      queue.offer(message);
      waker.wake();
    }

    @Override
    public void send(M message, WakeBatch batch) {
      queue.offer(message);
      batch.wake(waker);
    }

    @Override
    public M receive() throws InterruptedException {
      return waker.awaitValue(this::poll);
    }

    /** Relaxed: it does not spin for a message that a sender has just begun to add. */
    @Override
    public @Nullable M poll() {
      return queue.relaxedPoll();
    }
  }

  /** A queue that blocks by itself. */
  record OfQueue<M>(BlockingQueue<M> queue) implements Box<M> {

    @Override
    public void send(M message) {
      queue.add(message);
    }

    @Override
    public void send(M message, WakeBatch batch) {
      queue.add(message);
    }

    @Override
    public M receive() throws InterruptedException {
      return queue.take();
    }

    @Override
    public @Nullable M poll() {
      return queue.poll();
    }
  }

  private static final Option THREADS =
      new Option("threads", 100_000, 1, 1_000_000, "actors, each of them a virtual thread");
  private static final Option SEED =
      new Option("seed", 1, 0, Integer.MAX_VALUE, "seed of the mesh");
  public static final Sample SAMPLE =
      new Sample(
          "Mailbox",
          "actors with JCTools' queues, woken at once or in batches, and with blocking queues",
          List.of(THREADS, Rounds.SECONDS, SEED),
          Mailboxes::main);

  private static final int WARM_UP_ROUNDS = 1;
  private static final int ROUNDS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  record Contestant(String name, boolean batched, Supplier<Box<Message>> boxes) {}

  private static final WakerGroup BOXES = WakerGroup.named("boxes");

  private static final List<Contestant> CONTESTANTS =
      List.of(
          new Contestant(
              "LinkedBlockingQueue", false, () -> new OfQueue<>(new LinkedBlockingQueue<>())),
          new Contestant(
              "LinkedTransferQueue", false, () -> new OfQueue<>(new LinkedTransferQueue<>())),
          new Contestant("JCTools + AtomicWaker", false, () -> new OfWaker<>(BOXES)),
          new Contestant("JCTools + batched wakes", true, () -> new OfWaker<>(BOXES)));

  private final int threads;
  private final int seed;
  private final Duration time;
  private final Duration patience;
  private final Console console;
  private long passed;

  /**
   * Prepares it.
   *
   * @param time of each shape of each turn
   */
  Mailboxes(int threads, int seed, Duration time, Duration patience, Console console) {
    this.threads = threads;
    this.seed = seed;
    this.time = time;
    this.patience = patience;
    this.console = console;
  }

  private static void main(Console console) throws Exception {
    Duration time = Rounds.turn(WARM_UP_ROUNDS, ROUNDS, Shape.values().length * CONTESTANTS.size());
    new Mailboxes(THREADS.value(), SEED.value(), time, PATIENCE, console)
        .run(WARM_UP_ROUNDS, ROUNDS, CONTESTANTS);
  }

  /** Runs all rounds. Returns only if every message was received, once, by the right actor. */
  void run(int warmUpRounds, int rounds, List<Contestant> contestants) throws Exception {
    console.line("%,d actors, each of them a virtual thread with a mailbox.".formatted(threads));
    List<Rounds.Turn> turns = new ArrayList<>();
    for (Contestant contestant : contestants) {
      turns.add(
          round ->
              new double[] {
                perSecond(round, contestant, Shape.RING), perSecond(round, contestant, Shape.MESH)
              });
    }
    Rounds compared = Rounds.run(warmUpRounds, rounds, turns);
    StringBuilder table = new StringBuilder();
    table.append(
        """

        %,d messages, each one checked: every one was received, and none twice.

        Messages per second, median of %d rounds, and the ratio to the first (least to most):
                                                   ring                              mesh
        """
            .formatted(passed, rounds));
    for (int i = 0; i < contestants.size(); i++) {
      table.append(
          "  %-23s %,12.0f %s  %,12.0f %s%n"
              .formatted(
                  contestants.get(i).name(),
                  compared.median(i, 0),
                  compared.ratio(i, 0, 0),
                  compared.median(i, 1),
                  compared.ratio(i, 0, 1)));
    }
    console.line(table.toString().stripTrailing());
  }

  private double perSecond(String round, Contestant contestant, Shape shape)
      throws Failure, InterruptedException {
    Actors actors =
        new Actors(threads, shape, contestant.batched(), seed, patience, contestant.boxes());
    double perSecond =
        actors.run(
            time,
            () ->
                console.live(
                    "%-14s %,14d messages, in a %s with %s"
                        .formatted(
                            round,
                            passed + actors.passed(),
                            shape.name().toLowerCase(Locale.ROOT),
                            contestant.name())));
    passed += actors.passed();
    return perSecond;
  }
}
