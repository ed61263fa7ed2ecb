package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * An announced wait that gives up, against the value that it waits for: its result, whether the
 * value was given to it or put, and what is left. What was given counts.
 */
public final class AnnouncedGivesUp {

  private AnnouncedGivesUp() {}

  /** A wait whose time is up. */
  @JCStressTest
  @Description("One awaits for an instant and withdraws, the other gives: one of both counts.")
  @Outcome(
      id = {"1, given, nothing", "1, put, nothing"},
      expect = ACCEPTABLE,
      desc = "Given in time.")
  @Outcome(id = "nothing, put, 1", expect = ACCEPTABLE, desc = "Withdrawn; the value stays.")
  @Outcome(id = "nothing, given, .*", expect = FORBIDDEN, desc = "Given, and the wait dropped it.")
  @Outcome(expect = FORBIDDEN, desc = "The value is lost, or taken twice, or still announced.")
  @State
  public static class Timed extends AnnouncedRace {

    @Actor
    public void waiter(LLL_Result r) {
      r.r1 = await(INSTANT);
    }

    @Actor
    public void giver(LLL_Result r) {
      meet();
      r.r2 = give(1);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = end();
    }
  }

  /** A wait that is interrupted. */
  @JCStressTest
  @Description("One awaits, the other gives and interrupts: neither is lost.")
  @Outcome(
      id = {"1 and interrupt, given, nothing", "1 and interrupt, put, nothing"},
      expect = ACCEPTABLE,
      desc = "Given; the interrupt is pending.")
  @Outcome(
      id = "interrupted, put, 1",
      expect = ACCEPTABLE,
      desc = "Interrupted and withdrawn; the value stays.")
  @Outcome(
      id = "interrupted, given, .*",
      expect = FORBIDDEN,
      desc = "Given, and the wait dropped it.")
  @Outcome(expect = FORBIDDEN, desc = "The value or the interrupt is lost, or stranded.")
  @State
  public static class Interrupted extends AnnouncedRace {

    @Actor
    public void waiter(LLL_Result r) {
      r.r1 = withInterrupt(await());
    }

    @Actor
    public void giver(LLL_Result r) {
      interruptAnd(() -> r.r2 = give(1));
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = end();
    }
  }

  /** A wait that is displaced, as soon as it has registered. */
  @JCStressTest
  @Description("One awaits, the other registers in its place and gives: one of both counts.")
  @Outcome(
      id = {"1, given, nothing", "1, put, nothing"},
      expect = ACCEPTABLE,
      desc = "Given; the displacement has no effect.")
  @Outcome(
      id = "displaced, put, 1",
      expect = ACCEPTABLE,
      desc = "Displaced and withdrawn; the value stays.")
  @Outcome(
      id = "displaced, given, .*",
      expect = FORBIDDEN,
      desc = "Given, and the wait dropped it.")
  @Outcome(expect = FORBIDDEN, desc = "The value is lost, or taken twice, or stranded.")
  @State
  public static class Displaced extends AnnouncedRace {

    @Actor
    public void waiter(LLL_Result r) {
      r.r1 = await();
    }

    @Actor
    public void giver(LLL_Result r) {
      meet();
      waker.register();
      r.r2 = give(1);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = end();
    }
  }
}
