package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** Who won: the data that a beaten deregister saw, or -1, and whether the wake took the thread. */
@JCStressTest
@Description("One deregisters, the other writes plain data and wakes: exactly one wins.")
@Outcome(id = "-1, false", expect = ACCEPTABLE, desc = "Deregistered; the wake found nobody.")
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "Taken, and the data is visible.")
@Outcome(id = "0, true", expect = FORBIDDEN, desc = "Taken, and the data is not visible.")
@Outcome(id = "-1, true", expect = FORBIDDEN, desc = "Both won.")
@Outcome(id = "[01], false", expect = FORBIDDEN, desc = "Neither won.")
@State
public class DeregisterWake extends Registered {

  private int data;

  @Actor
  public void waiter(IZ_Result r) {
    r.r1 = waker.deregister(REGISTRANT) ? -1 : data;
  }

  @Actor
  public void waker(IZ_Result r) {
    data = 1;
    r.r2 = waker.wake();
  }
}
