package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * The wake that loses against another one must synchronize, too: the thread that the winner woke
 * registers again and must see the loser's condition. Here the winner is the woken thread itself,
 * since two actors are all there are: it took the registrant, sees the condition, and the other one
 * took a thread.
 */
@JCStressTest
@Description("Two wake one registrant, and one of them registers after that and looks.")
@Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "The other lost, and was seen.")
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "It was seen, and took us.")
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "It was not seen, but took us.")
@Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "We lost, and saw the winner's.")
@Outcome(id = "true, false, false", expect = FORBIDDEN, desc = "It lost, and was not seen: lost.")
@Outcome(id = "false, false, true", expect = FORBIDDEN, desc = "We lost, and saw nothing: lost.")
@Outcome(id = "false, .*, false", expect = FORBIDDEN, desc = "Both lost.")
@State
public class FailedWakeSynchronizes extends Registered {

  @Actor
  public void waker(ZZZ_Result r) {
    r.r1 = waker.wake();
    waker.register();
    r.r2 = condition;
  }

  @Actor
  public void other(ZZZ_Result r) {
    condition = true;
    r.r3 = waker.wake();
  }
}
