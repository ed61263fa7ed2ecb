package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.HandoffGivesUp;
import io.github.atomicwaker.stress.jcstress.HandoffRace;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Lacks the one step that decides between a withdrawal and a take that moves the value on. */
@JCStressTest
@JCStressMeta(HandoffGivesUp.TimedOffer.class)
@State
public class HandoffPutWithdrawsLate extends HandoffRace {

  private volatile boolean announced = true;

  public HandoffPutWithdrawsLate() {
    handoff.offer(Parcel.of(OLD));
  }

  @Actor
  public void producer(LLL_Result r) {
    meet();
    announced = false;
    r.r1 = "full";
  }

  @Actor
  public void consumer(LLL_Result r) {
    meet();
    r.r2 = poll();
    if (announced) {
      offer(1);
    }
  }

  @Arbiter
  public void end(LLL_Result r) {
    r.r3 = poll();
  }
}
