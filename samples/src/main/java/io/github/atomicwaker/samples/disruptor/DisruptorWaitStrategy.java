package io.github.atomicwaker.samples.disruptor;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.LiteBlockingWaitStrategy;
import com.lmax.disruptor.WaitStrategy;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Option;
import io.github.atomicwaker.samples.common.Rounds;
import io.github.atomicwaker.samples.common.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The LMAX Disruptor with a {@link WakerWaitStrategy}, next to its own strategies that block. In
 * turn they carry the same traffic: first as much as they can, then bursts with pauses, in which
 * the consumer waits.
 */
public final class DisruptorWaitStrategy {
  private static final Option THREADS =
      new Option("threads", 1, 1, 64, "producers; there is one consumer");
  private static final Option SEED =
      new Option("seed", 1, 0, Integer.MAX_VALUE, "seed of the bursts and pauses");
  public static final Sample SAMPLE =
      new Sample(
          "DisruptorWaitStrategy",
          "an LMAX Disruptor whose consumer waits on a waker",
          List.of(THREADS, Rounds.SECONDS, SEED),
          DisruptorWaitStrategy::main);

  private static final int WARM_UP_ROUNDS = 3;
  private static final int ROUNDS = 11;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  record Contestant(String name, Supplier<WaitStrategy> strategy) {}

  private static final List<Contestant> CONTESTANTS =
      List.of(
          new Contestant("BlockingWaitStrategy", BlockingWaitStrategy::new),
          new Contestant("LiteBlockingWaitStrategy", LiteBlockingWaitStrategy::new),
          new Contestant("WakerWaitStrategy", WakerWaitStrategy::new),
          new Contestant(
              "WakerWaitStrategy, parking",
              () -> new WakerWaitStrategy(WakerGroup.named("events").parkingOnly())));

  private final int producers;
  private final int seed;
  private final Duration phase;
  private final Duration patience;
  private final Console console;
  private long handled;

  /**
   * Prepares it.
   *
   * @param phase the time of each of the two phases of a turn
   */
  DisruptorWaitStrategy(
      int producers, int seed, Duration phase, Duration patience, Console console) {
    this.producers = producers;
    this.seed = seed;
    this.phase = phase;
    this.patience = patience;
    this.console = console;
  }

  private static void main(Console console) throws Exception {
    Duration phase = Rounds.turn(WARM_UP_ROUNDS, ROUNDS, 2 * CONTESTANTS.size());
    new DisruptorWaitStrategy(THREADS.value(), SEED.value(), phase, PATIENCE, console)
        .run(WARM_UP_ROUNDS, ROUNDS, CONTESTANTS);
  }

  /** Runs all rounds. Returns only if every event was handled, in order. */
  void run(int warmUpRounds, int rounds, List<Contestant> contestants) throws Exception {
    console.line(
        "A ring buffer of %,d places; its producers (%d) and its consumer are platform threads."
            .formatted(Traffic.PLACES, producers));
    List<Rounds.Turn> turns = new ArrayList<>();
    for (Contestant contestant : contestants) {
      turns.add(round -> turn(round, contestant));
    }
    Rounds compared = Rounds.run(warmUpRounds, rounds, turns);
    StringBuilder table = new StringBuilder();
    table.append(
        """

        %,d events, each one checked: none is missing, all are in order.

        Medians of %d rounds, and the ratio to the first. Latency is from the start of a burst
        to its first event's handler; CPU time is that of the whole process.

                                      flat out                  bursts
                                      events/s   CPU ns/event   latency us     CPU us/burst
        """
            .formatted(handled, rounds));
    for (int i = 0; i < contestants.size(); i++) {
      table.append("  %-26s".formatted(contestants.get(i).name()));
      table.append("%,12.0f".formatted(compared.median(i, 0)));
      table.append(ratio(compared, i, 0));
      for (int measure = 1; measure < 4; measure++) {
        table.append("%,8.1f".formatted(compared.median(i, measure)));
        table.append(ratio(compared, i, measure));
      }
      table.append("%n".formatted());
    }
    console.line(table.toString().stripTrailing());
  }

  private static String ratio(Rounds compared, int contestant, int measure) {
    return " (%.2f)".formatted(compared.ratio(contestant, 0, measure).median());
  }

  private double[] turn(String round, Contestant contestant) throws Exception {
    Traffic.Measured flatOut = phase(round, contestant, false);
    Traffic.Measured bursts = phase(round, contestant, true);
    return new double[] {
      flatOut.events() * 1e9 / flatOut.nanos(),
      flatOut.cpuNanos() / flatOut.events(),
      bursts.latencyNanos() / bursts.bursts() / 1e3,
      bursts.cpuNanos() / bursts.bursts() / 1e3
    };
  }

  private Traffic.Measured phase(String round, Contestant contestant, boolean inBursts)
      throws Failure, InterruptedException {
    Traffic traffic = new Traffic(contestant.strategy().get(), producers, seed, patience);
    Traffic.Measured measured =
        traffic.run(
            phase,
            inBursts,
            () ->
                console.live(
                    "%-14s %,14d events, with %s".formatted(round, handled, contestant.name())));
    handled += measured.events();
    return measured;
  }
}
