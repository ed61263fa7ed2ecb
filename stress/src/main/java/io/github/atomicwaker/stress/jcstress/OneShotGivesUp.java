package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.LZL_Result;

/** A get that gives up, since its time is up or for an interrupt, against the completion. */
public final class OneShotGivesUp {

  private OneShotGivesUp() {}

  /** A timed get: its result, whether the completion was first, and what is left. */
  @JCStressTest
  @Description("One gets for an instant, the other completes: got in time, or it stays.")
  @Outcome(id = "1, true, 1", expect = ACCEPTABLE, desc = "Got in time.")
  @Outcome(id = "nothing, true, 1", expect = ACCEPTABLE, desc = "The time was up; it stays.")
  @Outcome(expect = FORBIDDEN, desc = "The value is lost, or a thread is still registered.")
  @State
  public static class TimedGet extends OneShotRace {

    public TimedGet() {}

    TimedGet(WakerGroup group) {
      super(group);
    }

    @Actor
    public void waiter(LZL_Result r) {
      Duration instant = instant();
      meet();
      r.r1 = get(instant);
    }

    @Actor
    public void completer(LZL_Result r) {
      meet();
      r.r2 = complete(1);
    }

    @Arbiter
    public void end(LZL_Result r) {
      r.r3 = end();
    }
  }

  /** The same, where the time may be up, and the value come, while the get spins. */
  @JCStressTest
  @State
  public static class TimedGetAdaptively extends TimedGet {

    public TimedGetAdaptively() {
      super(ADAPTIVE);
    }

    @Actor
    @Override
    public void waiter(LZL_Result r) {
      super.waiter(r);
    }

    @Actor
    @Override
    public void completer(LZL_Result r) {
      super.completer(r);
    }

    @Arbiter
    @Override
    public void end(LZL_Result r) {
      super.end(r);
    }
  }

  /** A caller that cancels when its time is up. */
  @JCStressTest
  @Description("One gets for an instant and then cancels, the other completes: one of both counts.")
  @Outcome(id = "1, true, 1", expect = ACCEPTABLE, desc = "Got in time.")
  @Outcome(id = "late 1, true, 1", expect = ACCEPTABLE, desc = "Completed before the cancel.")
  @Outcome(id = "cancelled, false, cancelled", expect = ACCEPTABLE, desc = "The cancel was first.")
  @Outcome(expect = FORBIDDEN, desc = "Both count, or none.")
  @State
  public static class Cancelling extends OneShotRace {

    @Actor
    public void waiter(LZL_Result r) {
      Duration instant = instant();
      meet();
      String word = get(instant);
      if (word.equals("nothing")) {
        word = reply.cancel() ? poll() : "late " + poll();
      }
      r.r1 = word;
    }

    @Actor
    public void completer(LZL_Result r) {
      meet();
      r.r2 = complete(1);
    }

    @Arbiter
    public void end(LZL_Result r) {
      r.r3 = end();
    }
  }

  /** A get that is interrupted: its result, and what is left. */
  @JCStressTest
  @Description("One gets, the other completes and interrupts: neither is lost.")
  @Outcome(id = "1 and interrupt, 1", expect = ACCEPTABLE, desc = "Got; the interrupt is pending.")
  @Outcome(id = "interrupted, 1", expect = ACCEPTABLE, desc = "Interrupted; the value stays.")
  @Outcome(expect = FORBIDDEN, desc = "The value or the interrupt is lost, or stranded.")
  @State
  public static class InterruptedGet extends OneShotRace {

    @Actor
    public void waiter(LL_Result r) {
      meetInterrupter();
      r.r1 = withInterrupt(get());
    }

    @Actor
    public void completer() {
      interruptAnd(() -> complete(1));
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = end();
    }
  }
}
