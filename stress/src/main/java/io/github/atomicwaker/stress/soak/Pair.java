package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.stress.soak.PairMember.Kind;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Two threads that send each other numbers, where stacks and the heap end. */
abstract class Pair {

  interface Factory {
    Pair create(Exhaustion stage, SplittableRandom random);
  }

  final Exhaustion stage;
  final WakerGroup group;

  /** An unpark has thrown: it put its thread back, which may have gone on by then. */
  volatile boolean unparkFailed;

  /** One of the two is lost; the other one is to end. */
  volatile boolean abandoned;

  Pair(Exhaustion stage, SplittableRandom random) {
    this.stage = stage;
    WakerGroup adaptive = WakerGroup.named(getClass().getSimpleName());
    WakerGroup drawn = random.nextBoolean() ? adaptive : adaptive.parkingOnly();
    this.group = random.nextBoolean() ? drawn : drawn.trackingWaits();
  }

  /** Draws what kind of thread is one of the two, more often one with a small stack. */
  static Kind drawKind(SplittableRandom random) {
    return random.nextBoolean()
        ? Kind.SMALL_STACK
        : random.nextBoolean() ? Kind.PLATFORM : Kind.VIRTUAL;
  }

  abstract List<? extends PairMember> members();

  /** Ends the one whose partner is lost. */
  abstract void abandon();

  /** What is wrong when both have ended; null if nothing. */
  abstract @Nullable String wrong();

  final boolean hasLostOne() {
    return members().stream().anyMatch(member -> member.watched.isLostByJdk());
  }
}
