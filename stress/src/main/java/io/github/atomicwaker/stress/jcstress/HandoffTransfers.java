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
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A transfer to a take that comes and goes: the taker has the value if and only if it is given. */
public abstract class HandoffTransfers extends HandoffRace {

  HandoffTransfers() {}

  HandoffTransfers(WakerGroup group) {
    super(group);
  }

  /** The result of the take and of the transfer, and what is left. */
  @JCStressTest
  @Description("One takes for an instant, the other transfers: both say the same.")
  @Outcome(id = "1, put, nothing", expect = ACCEPTABLE, desc = "Transferred.")
  @Outcome(id = "nothing, full, nothing", expect = ACCEPTABLE, desc = "Nobody waited.")
  @Outcome(id = "nothing, put, nothing", expect = FORBIDDEN, desc = "The value is lost.")
  @Outcome(id = ".*, .*, 1", expect = FORBIDDEN, desc = "The value is stranded in the place.")
  @Outcome(expect = FORBIDDEN, desc = "Taken, though it was not given.")
  @State
  public static class ToATake extends HandoffTransfers {

    public ToATake() {}

    ToATake(WakerGroup group) {
      super(group);
    }

    @Actor
    public void consumer(LLL_Result r) {
      Duration instant = instant();
      meet();
      r.r1 = poll(instant);
    }

    @Actor
    public void producer(LLL_Result r) {
      meet();
      r.r2 = transfer(1);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = poll();
    }
  }

  /** The same, where the transfer may come while the take spins. */
  @JCStressTest
  @State
  public static class ToATakeThatSpins extends ToATake {

    public ToATakeThatSpins() {
      super(ADAPTIVE);
    }

    @Actor
    @Override
    public void consumer(LLL_Result r) {
      super.consumer(r);
    }

    @Actor
    @Override
    public void producer(LLL_Result r) {
      super.producer(r);
    }

    @Arbiter
    @Override
    public void end(LLL_Result r) {
      super.end(r);
    }
  }

  /** The results of the take, of the transfer and of the offer after it, and what is left. */
  @JCStressTest
  @Description("One waits to take, the other transfers and offers: nothing is left of a transfer.")
  @Outcome(id = "1, put, put, 2", expect = ACCEPTABLE, desc = "Transferred, and then put.")
  @Outcome(id = "2, full, put, nothing", expect = ACCEPTABLE, desc = "Nobody waited yet.")
  @Outcome(expect = FORBIDDEN, desc = "A value is lost, taken twice, put by nobody, or stranded.")
  @State
  public static class BeforeAnOffer extends HandoffTransfers {

    public BeforeAnOffer() {
      super(ADAPTIVE);
    }

    @Actor
    public void consumer(LLLL_Result r) {
      meet();
      r.r1 = take();
    }

    @Actor
    public void producer(LLLL_Result r) {
      meet();
      r.r2 = transfer(1);
      r.r3 = offer(2);
    }

    @Arbiter
    public void end(LLLL_Result r) {
      r.r4 = poll();
    }
  }
}
