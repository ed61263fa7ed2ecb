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

/** The untimed wait, parked, is woken. */
@JCStressTest(Mode.Termination)
@Description("One awaits without a limit, the other sets the condition and wakes.")
@Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The wait ended.")
@Outcome(id = "STALE", expect = FORBIDDEN, desc = "Parked for ever.")
@Outcome(id = "ERROR", expect = FORBIDDEN, desc = "The wait threw.")
@State
public class AwaitEnds extends Race {

  @Actor
  public void waiter() throws InterruptedException {
    waker.await(() -> condition);
  }

  @Signal
  public void waker() {
    condition = true;
    waker.wake();
  }
}
