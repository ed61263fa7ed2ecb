package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.stress.soak.Striker.Kind;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Two threads that give each other numbers, where stacks and the heap end. */
abstract class Pair {

  interface Factory {
    Pair create(Ends ends, SplittableRandom random);
  }

  final Ends ends;
  final WakerGroup group;

  /** An unpark has thrown: it put its thread back, which may have gone on by then. */
  volatile boolean unparkFailed;

  /** One of the two is lost; the other one is to end. */
  volatile boolean abandoned;

  Pair(Ends ends, SplittableRandom random) {
    this.ends = ends;
    WakerGroup adaptive = WakerGroup.named(getClass().getSimpleName());
    WakerGroup drawn = random.nextBoolean() ? adaptive : adaptive.parkingOnly();
    this.group = random.nextBoolean() ? drawn : drawn.recordingStats();
  }

  /** Draws what kind of thread is one of the two, more often a diver. */
  static Kind drawKind(SplittableRandom random) {
    return random.nextBoolean() ? Kind.DIVER : random.nextBoolean() ? Kind.PLATFORM : Kind.VIRTUAL;
  }

  abstract List<? extends Striker> strikers();

  /** Ends the one whose partner is lost. */
  abstract void abandon();

  /** What is not as it should be when both have ended; null if nothing. */
  abstract @Nullable String wrong();

  final boolean hasLostOne() {
    return strikers().stream().anyMatch(Striker::isLostByJdk);
  }
}
