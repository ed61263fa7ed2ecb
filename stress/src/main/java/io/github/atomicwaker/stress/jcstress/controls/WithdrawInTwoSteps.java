package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.AnnouncedGivesUp;
import io.github.atomicwaker.stress.jcstress.AnnouncedRace;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Lacks the one step that decides between a withdrawal and a value: it reads, and then writes. */
@JCStressTest
@JCStressMeta(AnnouncedGivesUp.Timed.class)
@State
public class WithdrawInTwoSteps extends AnnouncedRace {

  @Override
  protected boolean withdraw() {
    boolean open = ANNOUNCED.equals(place.get());
    if (open) {
      place.set(null);
    }
    return open || place.get() == null;
  }

  @Actor
  public void waiter(LLL_Result r) {
    r.r1 = await(INSTANT);
  }

  @Actor
  public void giver(LLL_Result r) {
    meet();
    r.r2 = give(1);
  }

  @Arbiter
  public void end(LLL_Result r) {
    r.r3 = end();
  }
}
