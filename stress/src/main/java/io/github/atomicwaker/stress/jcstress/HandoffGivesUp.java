package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A wait that gives up, since its time is up or for an interrupt, against what it waits for. */
public final class HandoffGivesUp {

  private HandoffGivesUp() {}

  /** A timed offer against a poll: the results, and what is left. */
  @JCStressTest
  @Description("One offers for an instant, the other takes the value that is in the way.")
  @Outcome(id = "put, 7, 1", expect = ACCEPTABLE, desc = "Put in time.")
  @Outcome(id = "full, 7, nothing", expect = ACCEPTABLE, desc = "The time was up; not put.")
  @Outcome(id = "put, 7, nothing", expect = FORBIDDEN, desc = "The value is lost.")
  @Outcome(id = "full, 7, 1", expect = FORBIDDEN, desc = "Put, though the time was up.")
  @Outcome(expect = FORBIDDEN, desc = "The old value is lost, or taken twice.")
  @State
  public static class TimedOffer extends HandoffRace {

    public TimedOffer() {
      handoff.offer(Parcel.of(OLD));
    }

    @Actor
    public void producer(LLL_Result r) {
      Duration instant = instant();
      meet();
      r.r1 = offer(1, instant);
    }

    @Actor
    public void consumer(LLL_Result r) {
      meet();
      r.r2 = poll();
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = poll();
    }
  }

  /** A timed poll against an offer: the results, and what is left. */
  @JCStressTest
  @Description("One polls for an instant, the other offers a value.")
  @Outcome(id = "1, put, nothing", expect = ACCEPTABLE, desc = "Taken in time.")
  @Outcome(id = "nothing, put, 1", expect = ACCEPTABLE, desc = "The time was up; the value stays.")
  @Outcome(id = "nothing, put, nothing", expect = FORBIDDEN, desc = "The value is lost.")
  @Outcome(expect = FORBIDDEN, desc = "Taken twice, or not put.")
  @State
  public static class TimedPoll extends HandoffRace {

    @Actor
    public void consumer(LLL_Result r) {
      Duration instant = instant();
      meet();
      r.r1 = poll(instant);
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

  /** A take that is interrupted, against a put: the result of it, and what is left. */
  @JCStressTest
  @Description("One takes, the other puts and interrupts: the value is taken, or it stays.")
  @Outcome(
      id = "1 and interrupt, nothing",
      expect = ACCEPTABLE,
      desc = "Taken; the interrupt is pending.")
  @Outcome(id = "interrupted, 1", expect = ACCEPTABLE, desc = "Interrupted; the value stays.")
  @Outcome(id = "interrupted, nothing", expect = FORBIDDEN, desc = "The value is lost.")
  @Outcome(expect = FORBIDDEN, desc = "The interrupt is lost, taken twice, or stranded.")
  @State
  public static class InterruptedTake extends HandoffRace {

    @Actor
    public void consumer(LL_Result r) {
      r.r1 = underInterrupt(this::take);
    }

    @Actor
    public void producer() {
      interruptAnd(() -> offer(1));
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = poll();
    }
  }

  /** A put that is interrupted, against a take: the result of it, and what is left. */
  @JCStressTest
  @Description("One puts, the other makes room and interrupts: it has put, or it has not.")
  @Outcome(
      id = "put and interrupt, 1",
      expect = ACCEPTABLE,
      desc = "Put; the interrupt is pending.")
  @Outcome(id = "interrupted, nothing", expect = ACCEPTABLE, desc = "Interrupted; not put.")
  @Outcome(id = "interrupted, 1", expect = FORBIDDEN, desc = "Put, though the put threw.")
  @Outcome(expect = FORBIDDEN, desc = "The value or the interrupt is lost, or stranded.")
  @State
  public static class InterruptedPut extends HandoffRace {

    public InterruptedPut() {
      handoff.offer(Parcel.of(OLD));
    }

    @Actor
    public void producer(LL_Result r) {
      r.r1 = underInterrupt(() -> put(1));
    }

    @Actor
    public void consumer() {
      interruptAnd(this::poll);
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = poll();
    }
  }
}
