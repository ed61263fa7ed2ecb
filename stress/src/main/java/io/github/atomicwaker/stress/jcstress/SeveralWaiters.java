package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A set of wakers, as in the recipes, at its first waiter: saw the condition, was woken. */
@JCStressTest
@Description(
    "One enters an empty set of wakers, registers and looks at the condition; "
        + "the other sets it by a release store, and wakes all that are in the set.")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "Seen; nobody was there to be woken.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Not seen; the waiter was woken.")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Seen, and the waiter was woken.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "Not seen, and nobody was woken: lost.")
@State
public class SeveralWaiters extends WakerSet {

  @Actor
  public void waiter(ZZ_Result r) {
    r.r1 = enterAndLook();
  }

  @Actor
  public void waker(ZZ_Result r) {
    publish();
    VarHandle.fullFence();
    r.r2 = wakeAll();
  }
}
