package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakeBatch;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A wake that a batch delays while the waiter may look, register, park: was woken. */
@JCStressTest
@Description("One awaits a condition, the other sets it, takes the waiter, and unparks it later.")
@Outcome(id = "true", expect = ACCEPTABLE, desc = "Seen, or woken at the end of the batch.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "Parked for ever.")
@State
public class BatchWake extends Meeting {

  @Actor
  public void waiter(Z_Result r) {
    meet();
    r.r1 = woken(() -> condition);
  }

  @Actor
  public void waker() {
    meet();
    try (WakeBatch batch = new WakeBatch()) {
      condition = true;
      batch.wake(waker);
    }
  }
}
