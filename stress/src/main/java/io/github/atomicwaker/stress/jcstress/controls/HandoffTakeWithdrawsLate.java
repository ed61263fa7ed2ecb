package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.HandoffGivesUp;
import io.github.atomicwaker.stress.jcstress.HandoffRace;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Lacks the one step that decides between a take that gives up and a put that gives it a value. */
@JCStressTest
@JCStressMeta(HandoffGivesUp.TimedPoll.class)
@State
public class HandoffTakeWithdrawsLate extends HandoffRace {

  private volatile boolean wanted = true;

  @Actor
  public void consumer(LLL_Result r) {
    meet();
    wanted = false;
    r.r1 = "nothing";
  }

  @Actor
  public void producer(LLL_Result r) {
    meet();
    r.r2 = wanted ? "put" : offer(1);
  }

  @Arbiter
  public void end(LLL_Result r) {
    r.r3 = poll();
  }
}
