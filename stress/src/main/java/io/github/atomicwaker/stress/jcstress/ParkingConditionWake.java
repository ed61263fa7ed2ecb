package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A wake whose permit the condition itself consumes: was woken. */
@JCStressTest
@Description("One awaits a condition that parks itself, the other sets it and wakes meanwhile.")
@Outcome(id = "true", expect = ACCEPTABLE, desc = "The wait found itself taken, and looked again.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "Parked for ever, after its permit was consumed.")
@State
public class ParkingConditionWake extends ParkingCondition {

  @Actor
  public void waiter(Z_Result r) {
    r.r1 = woken(this::look);
  }

  @Actor
  public void waker() {
    wakeDuringLook();
  }
}
