package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** The untimed wait, parked, is displaced, though its condition stays false. */
@JCStressTest(Mode.Termination)
@Description("One awaits a false condition without a limit, the other registers in its place.")
@Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The wait ended in IllegalStateException.")
@Outcome(id = "STALE", expect = FORBIDDEN, desc = "Parked for ever.")
@Outcome(id = "ERROR", expect = FORBIDDEN, desc = "The wait ended in another way.")
@State
public class DisplacedAwaitEnds extends Race {

  @Actor
  public void waiter() throws Exception {
    try {
      waker.await(() -> condition);
    } catch (IllegalStateException displaced) {
      return;
    }
    throw new Exception("the wait ended without a displacement");
  }

  @Signal
  public void registrant() {
    while (waker.registered() == null) {
      Thread.onSpinWait();
    }
    waker.register();
  }
}
