package io.github.atomicwaker.samples.common;

import java.time.Duration;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Compares contestants that do the same work: in many short rounds, since the speed of a machine
 * changes. What counts is medians, and ratios within a round.
 */
public final class Rounds {
  public static final Option SECONDS =
      new Option("seconds", 12, 1, 3_600, "seconds to run, more or less");

  /** One turn of one contestant. */
  public interface Turn {
    /** Does the work, and returns what it measured. */
    double[] run(String round) throws Exception;
  }

  /** The median of all rounds, the least and the most. */
  public record Spread(double median, double least, double most) {
    @Override
    public String toString() {
      return "%5.2f (%.2f to %.2f)".formatted(median, least, most);
    }
  }

  private final double[][][] measured;

  private Rounds(double[][][] measured) {
    this.measured = measured;
  }

  /** Divides the seconds to run by the number of turns of all rounds. */
  public static Duration turn(int warmUpRounds, int rounds, int turns) throws Failure {
    return Duration.ofSeconds(SECONDS.value()).dividedBy((long) turns * (warmUpRounds + rounds));
  }

  /**
   * Runs all rounds.
   *
   * @param rounds how many are measured; odd, so that there is a median
   */
  public static Rounds run(int warmUpRounds, int rounds, List<Turn> contestants) throws Exception {
    double[][][] measured = new double[rounds][contestants.size()][];
    for (int i = -warmUpRounds; i < rounds; i++) {
      String round = i < 0 ? "warm-up" : "round %d of %d".formatted(i + 1, rounds);
      for (int turn = 0; turn < contestants.size(); turn++) {
        // They take turns at going first, as the machine may be getting slower or faster.
        int contestant = Math.floorMod(i + turn, contestants.size());
        double[] result = contestants.get(contestant).run(round);
        if (i >= 0) {
          measured[i][contestant] = result;
        }
      }
    }
    return new Rounds(measured);
  }

  public double median(int contestant, int measure) {
    return spread(round -> measured[round][contestant][measure]).median();
  }

  public Spread ratio(int contestant, int other, int measure) {
    return spread(round -> measured[round][contestant][measure] / measured[round][other][measure]);
  }

  private Spread spread(IntToDoubleFunction inRound) {
    double[] sorted = IntStream.range(0, measured.length).mapToDouble(inRound).sorted().toArray();
    return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }
}
