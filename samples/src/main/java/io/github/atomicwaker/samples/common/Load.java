package io.github.atomicwaker.samples.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Many virtual threads. Each of them asks, blocks until its own reply has come, checks it, and asks
 * again.
 */
public final class Load {

  /** How long there may be no reply, to nobody. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Predicate<Request> pending;
  private final int threads;
  private final Duration patience;
  private final Console console;

  private final AtomicLong numbers = new AtomicLong();
  private final LongAdder checked = new LongAdder();
  private final LongAdder steps = new LongAdder();

  /** How the threads, numbered from 1 on, ask. */
  @FunctionalInterface
  public interface Client {
    Reply ask(int thread, Request request) throws Exception;
  }

  /**
   * Prepares the threads.
   *
   * @param pending whether a request still waits for its reply to arrive
   */
  public Load(Predicate<Request> pending, int threads, Duration patience, Console console) {
    this.pending = pending;
    this.threads = threads;
    this.patience = patience;
    this.console = console;
  }

  /** Lets all threads ask for a while, and once at least. Returns the replies per second. */
  public double turn(Duration time, String round, String way, Client client)
      throws Failure, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    return turn(() -> System.nanoTime() - end >= 0, round, way, client);
  }

  /** The same, until something has happened. */
  public double turn(BooleanSupplier over, String round, String way, Client client)
      throws Failure, InterruptedException {
    long before = replies();
    long start = System.nanoTime();
    List<Asker> askers = new ArrayList<>();
    try (Workers workers = new Workers()) {
      for (int id = 1; id <= threads; id++) {
        Asker asker = new Asker(id, client, over);
        askers.add(asker);
        workers.start(Thread.ofVirtual().name("asker-", id), asker);
      }
      // A request that begins is progress: thousands may begin before the first reply is read.
      boolean ended =
          workers.await(
              workers::ended,
              () -> numbers.get() + steps.sum() + replies(),
              patience,
              () ->
                  console.live(
                      "%-14s %,12d replies %,12.0f per second, with %s"
                          .formatted(round, replies(), perSecond(replies() - before, start), way)));
      if (!ended) {
        throw new Failure(Failure.WRONG, missing(askers));
      }
    }
    return perSecond(replies() - before, start);
  }

  /** Returns the result in words; throws unless each request got its own reply. */
  public String verdict() throws Failure {
    if (replies() != numbers.get()) {
      throw new Failure(
          Failure.WRONG, "%d requests, but %d replies".formatted(numbers.get(), replies()));
    }
    return "%,d requests, %,d replies, each one checked: none is missing, none is wrong."
        .formatted(numbers.get(), replies());
  }

  /** Counts a step of a client towards its reply, which is progress too. */
  public void step() {
    steps.increment();
  }

  /** Returns how many replies were right. */
  public long replies() {
    return checked.sum();
  }

  public static void check(Request request, Reply reply) throws Failure {
    if (!reply.equals(request.answer())) {
      throw new Failure(
          Failure.WRONG, "\"%s\" got the wrong reply \"%s\"".formatted(request, reply));
    }
  }

  private static double perSecond(long replies, long start) {
    return replies * 1e9 / (System.nanoTime() - start);
  }

  /** Returns which threads still wait, and whether the reply or the wake is missing. */
  private String missing(List<Asker> askers) {
    List<String> waiting = new ArrayList<>();
    for (Asker asker : askers) {
      Request request = asker.asking;
      if (request != null) {
        waiting.add(
            pending.test(request)
                ? "no reply came to \"" + request + "\""
                : "the reply to \"" + request + "\" came, but the thread did not wake");
      }
    }
    return waiting.stream()
        .limit(10)
        .collect(
            Collectors.joining(
                "%n  ".formatted(),
                "%,d of %,d threads still wait, and for %d s no reply came to any:%n  "
                    .formatted(waiting.size(), threads, patience.toSeconds()),
                waiting.size() > 10 ? "%n  ...".formatted() : ""));
  }

  /** One of the threads: plain blocking code. */
  private final class Asker implements Workers.Work {
    private final int id;
    private final Client client;
    private final BooleanSupplier over;

    /** The request that it waits for the reply to. */
    private volatile @Nullable Request asking;

    Asker(int id, Client client, BooleanSupplier over) {
      this.id = id;
      this.client = client;
      this.over = over;
    }

    @Override
    public void run() throws Exception {
      int i = 0;
      do {
        ask(new Request(numbers.incrementAndGet(), "thread " + id + " asks " + ++i));
      } while (!over.getAsBoolean());
    }

    private void ask(Request request) throws Exception {
      asking = request;
      Reply reply = client.ask(id, request);
      asking = null;
      check(request, reply);
      checked.increment();
    }
  }
}
