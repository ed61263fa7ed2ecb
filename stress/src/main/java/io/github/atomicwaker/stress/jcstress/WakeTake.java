package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A wake and a take, one registrant: who took it. */
@JCStressTest
@Description("One wakes a registrant, the other takes it.")
@Outcome(
    id = {"true, false", "false, true"},
    expect = ACCEPTABLE,
    desc = "Exactly one took it.")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "Taken twice.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "Taken by nobody.")
@State
public class WakeTake extends Registered {

  @Actor
  public void waker(ZZ_Result r) {
    r.r1 = waker.wake();
  }

  @Actor
  public void taker(ZZ_Result r) {
    r.r2 = waker.take() != null;
  }
}
