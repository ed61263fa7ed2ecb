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

/** A put that waits behind a value, and has announced its own or is about to. */
public abstract class HandoffPutWaits extends HandoffRace {

  HandoffPutWaits() {
    this(PARKING);
  }

  HandoffPutWaits(WakerGroup group) {
    super(group);
    handoff.offer(Parcel.of(OLD));
  }

  /** Two polls, neither of which waits: the results of the put and of each, and what is left. */
  @JCStressTest
  @Description(
      "One waits to put, the other polls twice: the value is moved by the first poll or put.")
  @Outcome(id = "put, 7, 1, nothing", expect = ACCEPTABLE, desc = "It was there in time.")
  @Outcome(id = "put, 7, nothing, 1", expect = ACCEPTABLE, desc = "It was put later.")
  @Outcome(id = "put, 7, nothing, nothing", expect = FORBIDDEN, desc = "The value is lost.")
  @Outcome(id = "put, 7, 1, 1", expect = FORBIDDEN, desc = "Moved, and put as well.")
  @Outcome(expect = FORBIDDEN, desc = "The old value is lost or taken twice, or stranded.")
  @State
  public static class Moved extends HandoffPutWaits {

    public Moved() {}

    Moved(WakerGroup group) {
      super(group);
    }

    @Actor
    public void producer(LLLL_Result r) {
      meet();
      r.r1 = put(1);
    }

    @Actor
    public void consumer(LLLL_Result r) {
      meet();
      r.r2 = poll();
      r.r3 = poll();
    }

    @Arbiter
    public void end(LLLL_Result r) {
      r.r4 = poll();
    }
  }

  /** The same, where the first poll may come while the put spins. */
  @JCStressTest
  @State
  public static class MovedAdaptively extends Moved {

    public MovedAdaptively() {
      super(ADAPTIVE);
    }

    @Actor
    @Override
    public void producer(LLLL_Result r) {
      super.producer(r);
    }

    @Actor
    @Override
    public void consumer(LLLL_Result r) {
      super.consumer(r);
    }

    @Arbiter
    @Override
    public void end(LLLL_Result r) {
      super.end(r);
    }
  }

  /** A close: the result of the put, and what there is to take after the close. */
  @JCStressTest
  @Description("One waits to put or for an instant, the other closes: refused, or the time was up.")
  @Outcome(id = "closed, 7, closed", expect = ACCEPTABLE, desc = "Refused by the close.")
  @Outcome(id = "full, 7, closed", expect = ACCEPTABLE, desc = "The time was up before.")
  @Outcome(id = "put, .*, .*", expect = FORBIDDEN, desc = "Put, though there was no space.")
  @Outcome(id = ".*, 7, 1", expect = FORBIDDEN, desc = "Delivered after the close.")
  @Outcome(expect = FORBIDDEN, desc = "The old value is lost, not closed, or stranded.")
  @State
  public static class Refused extends HandoffPutWaits {

    @Actor
    public void producer(LLL_Result r) {
      Duration time = ThreadLocalRandom.current().nextBoolean() ? PATIENCE : instant();
      meet();
      r.r1 = offer(1, time);
    }

    @Actor
    public void closer(LLL_Result r) {
      meet();
      handoff.close();
      r.r2 = poll();
      r.r3 = poll();
    }
  }

  /** A close and an interrupt: the result of the put, and what there is to take after the close. */
  @JCStressTest
  @Description("One waits to put, the other closes and interrupts: neither is lost.")
  @Outcome(id = "closed and interrupt, 7, closed", expect = ACCEPTABLE, desc = "Refused.")
  @Outcome(id = "interrupted, 7, closed", expect = ACCEPTABLE, desc = "Interrupted.")
  @Outcome(id = "closed, .*, .*", expect = FORBIDDEN, desc = "The interrupt is lost.")
  @Outcome(id = "put.*, .*, .*", expect = FORBIDDEN, desc = "Put, though there was no space.")
  @Outcome(expect = FORBIDDEN, desc = "Delivered, the old value is lost, or stranded.")
  @State
  public static class InterruptedOrRefused extends HandoffPutWaits {

    @Actor
    public void producer(LLL_Result r) {
      r.r1 = underInterrupt(() -> put(1));
    }

    @Actor
    public void closer() {
      interruptAnd(handoff::close);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r2 = poll();
      r.r3 = poll();
    }
  }
}
