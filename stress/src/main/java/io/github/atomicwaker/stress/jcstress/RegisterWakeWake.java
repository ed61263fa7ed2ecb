package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** Two wakes in a row: the last change that was seen, and whether the waiter is in the slot. */
@JCStressTest
@Description(
    "One registers and looks, twice if it has to; the other changes the state and wakes, twice.")
@Outcome(id = "2, true", expect = ACCEPTABLE, desc = "It saw both changes.")
@Outcome(
    id = "[012], false",
    expect = ACCEPTABLE,
    desc = "Taken since it registered: it will look.")
@Outcome(id = "[01], true", expect = FORBIDDEN, desc = "It missed a change, and nobody woke it.")
@State
public class RegisterWakeWake extends Race {

  private int changes;

  @Actor
  public void waiter(IZ_Result r) {
    waker.register();
    int seen = changes;
    if (seen < 2) {
      waker.register();
      seen = changes;
    }
    r.r1 = seen;
  }

  @Actor
  public void waker() {
    changes = 1;
    waker.wake();
    changes = 2;
    waker.wake();
  }

  @Arbiter
  public void end(IZ_Result r) {
    r.r2 = waker.registered() != null;
  }
}
