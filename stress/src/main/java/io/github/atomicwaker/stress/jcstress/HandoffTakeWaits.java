package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A take that waits, and has announced that it wants a value or is about to. */
public abstract class HandoffTakeWaits extends HandoffRace {

  HandoffTakeWaits() {}

  HandoffTakeWaits(WakerGroup group) {
    super(group);
  }

  /** Two offers, neither of which waits: the results of the take and of each, and what is left. */
  @JCStressTest
  @Description("One waits to take, the other offers twice: the first value is given or taken.")
  @Outcome(id = "1, put, put, 2", expect = ACCEPTABLE, desc = "Given, or taken in between.")
  @Outcome(id = "1, put, full, nothing", expect = ACCEPTABLE, desc = "It was taken later.")
  @Outcome(id = "2, .*, .*, .*", expect = FORBIDDEN, desc = "Not in order.")
  @Outcome(id = "1, put, .*, 1", expect = FORBIDDEN, desc = "Given, and put as well.")
  @Outcome(expect = FORBIDDEN, desc = "A value is lost, or put by nobody, or stranded.")
  @State
  public static class Given extends HandoffTakeWaits {

    public Given() {}

    Given(WakerGroup group) {
      super(group);
    }

    @Actor
    public void consumer(LLLL_Result r) {
      meet();
      r.r1 = take();
    }

    @Actor
    public void producer(LLLL_Result r) {
      meet();
      r.r2 = offer(1);
      r.r3 = offer(2);
    }

    @Arbiter
    public void end(LLLL_Result r) {
      r.r4 = poll();
    }
  }

  /** The same, where the first offer may come while the take spins. */
  @JCStressTest
  @State
  public static class GivenAdaptively extends Given {

    public GivenAdaptively() {
      super(ADAPTIVE);
    }

    @Actor
    @Override
    public void consumer(LLLL_Result r) {
      super.consumer(r);
    }

    @Actor
    @Override
    public void producer(LLLL_Result r) {
      super.producer(r);
    }

    @Arbiter
    @Override
    public void end(LLLL_Result r) {
      super.end(r);
    }
  }

  /** A take that gives up and closes: the result of it and of an offer, and what is left. */
  @JCStressTest
  @Description(
      "One takes for an instant and closes, the other offers: a put that returned delivers.")
  @Outcome(id = "1, put, closed", expect = ACCEPTABLE, desc = "Taken in time.")
  @Outcome(id = "nothing, put, 1", expect = ACCEPTABLE, desc = "Put between the two.")
  @Outcome(id = "nothing, closed, closed", expect = ACCEPTABLE, desc = "Too late.")
  @Outcome(id = "nothing, put, closed", expect = FORBIDDEN, desc = "The value is lost.")
  @Outcome(expect = FORBIDDEN, desc = "Taken twice, put by nobody, or not closed.")
  @State
  public static class TimedAndClosed extends HandoffTakeWaits {

    @Actor
    public void consumer(LLL_Result r) {
      Duration instant = instant();
      meet();
      r.r1 = poll(instant);
      handoff.close();
    }

    @Actor
    public void producer(LLL_Result r) {
      meet();
      r.r2 = offer(1);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = poll();
    }
  }

  /** A close: the result of the take, and of an offer after the close. */
  @JCStressTest
  @Description(
      "One waits to take or for an instant, the other closes and offers: nothing is given.")
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "Ended by the close.")
  @Outcome(id = "nothing, closed", expect = ACCEPTABLE, desc = "The time was up before.")
  @Outcome(id = "1, .*", expect = FORBIDDEN, desc = "Given after the close.")
  @Outcome(expect = FORBIDDEN, desc = "Not closed, or stranded.")
  @State
  public static class Closed extends HandoffTakeWaits {

    @Actor
    public void consumer(LL_Result r) {
      Duration time = ThreadLocalRandom.current().nextBoolean() ? PATIENCE : instant();
      meet();
      r.r1 = poll(time);
    }

    @Actor
    public void closer(LL_Result r) {
      meet();
      handoff.close();
      r.r2 = offer(1);
    }
  }

  /** A close and an interrupt after a value was put: the result of the take, and what is left. */
  @JCStressTest
  @Description("One waits to take, the other offers, closes and interrupts: none of these is lost.")
  @Outcome(id = "1 and interrupt, closed", expect = ACCEPTABLE, desc = "Given, or taken.")
  @Outcome(id = "interrupted, 1", expect = ACCEPTABLE, desc = "Interrupted; the value stays.")
  @Outcome(id = "interrupted, closed", expect = FORBIDDEN, desc = "The value is lost.")
  @Outcome(id = "1, .*", expect = FORBIDDEN, desc = "The interrupt is lost.")
  @Outcome(expect = FORBIDDEN, desc = "Taken twice, or the close was first, or stranded.")
  @State
  public static class InterruptedOrClosed extends HandoffTakeWaits {

    @Actor
    public void consumer(LL_Result r) {
      r.r1 = underInterrupt(this::take);
    }

    @Actor
    public void producer() {
      interruptAnd(
          () -> {
            offer(1);
            handoff.close();
          });
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = poll();
    }
  }
}
