package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakerGroup;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A close against the operations of either side. */
public final class HandoffClose {

  private HandoffClose() {}

  /** A put against a close: the result of the put, and what there is to take after the close. */
  @Description("One puts, the other closes and then takes: delivered if the put returned normally.")
  @Outcome(id = "put, 1", expect = ACCEPTABLE, desc = "The put was first.")
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "The close was first.")
  @Outcome(id = "put, closed", expect = FORBIDDEN, desc = "The value slipped in behind the close.")
  @Outcome(id = "closed, 1", expect = FORBIDDEN, desc = "Delivered, though the put threw.")
  @Outcome(expect = FORBIDDEN, desc = "Not closed, or stranded.")
  public abstract static class PutAgainstClose extends HandoffRace {

    protected PutAgainstClose() {}

    protected PutAgainstClose(WakerGroup group) {
      super(group);
    }

    /** Closes, and returns what there is to take then; nothing may come after that. */
    protected final String closeAndTake() {
      handoff.close();
      String last = poll();
      String end = poll();
      return end.equals("closed") ? last : last + " and " + end;
    }
  }

  /** The place is free. */
  @JCStressTest
  @State
  public static class Put extends PutAgainstClose {

    @Actor
    public void producer(LL_Result r) {
      r.r1 = put(1);
    }

    @Actor
    public void closer(LL_Result r) {
      r.r2 = closeAndTake();
    }
  }

  /** The place is full, so that the put waits, and is freed just before the close. */
  @JCStressTest
  @State
  public static class WaitingPut extends PutAgainstClose {

    public WaitingPut() {
      this(PARKING);
    }

    WaitingPut(WakerGroup group) {
      super(group);
      handoff.offer(Parcel.of(OLD));
    }

    @Actor
    public void producer(LL_Result r) {
      meet();
      r.r1 = put(1);
    }

    @Actor
    public void closer(LL_Result r) {
      meet();
      poll();
      r.r2 = closeAndTake();
    }
  }

  /** The same, where the close may come while the put spins. */
  @JCStressTest
  @State
  public static class WaitingPutAdaptively extends WaitingPut {

    public WaitingPutAdaptively() {
      super(ADAPTIVE);
    }

    @Actor
    @Override
    public void producer(LL_Result r) {
      super.producer(r);
    }

    @Actor
    @Override
    public void closer(LL_Result r) {
      super.closer(r);
    }
  }

  /** A take against a close: the last value, and the end. */
  @Description("One takes, the other closes: the last value is delivered, once, and then the end.")
  @Outcome(id = "1, closed", expect = ACCEPTABLE, desc = "Delivered, and closed.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, delivered twice, not closed, or stranded.")
  public abstract static class TakeAgainstClose extends HandoffRace {}

  /** There is a value to take. */
  @JCStressTest
  @State
  public static class Take extends TakeAgainstClose {

    public Take() {
      handoff.offer(Parcel.of(1));
    }

    @Actor
    public void consumer(LL_Result r) {
      r.r1 = take();
    }

    @Actor
    public void closer() {
      handoff.close();
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = poll();
    }
  }

  /** There is none, so that the take waits: for the last value, and then for the close. */
  @JCStressTest
  @State
  public static class WaitingTake extends TakeAgainstClose {

    @Actor
    public void consumer(LL_Result r) {
      meet();
      r.r1 = take();
      r.r2 = take();
    }

    @Actor
    public void closer() {
      meet();
      offer(1);
      handoff.close();
    }
  }
}
