package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two waiters at once: one is displaced, and the other one is woken. */
@JCStressTest
@Description("Two await one condition at the same time; the one that is displaced makes it true.")
@Outcome(
    id = {"displaced, woken", "woken, displaced"},
    expect = ACCEPTABLE,
    desc = "One was displaced, the other was woken by it.")
@Outcome(id = "displaced, displaced", expect = FORBIDDEN, desc = "Both were displaced.")
@Outcome(
    id = {".*, stranded", "stranded, .*"},
    expect = FORBIDDEN,
    desc = "Parked for ever.")
@Outcome(expect = FORBIDDEN, desc = "Woken without a wake.")
@State
public class TwoWaiters extends Meeting {

  @Actor
  public void one(LL_Result r) {
    r.r1 = await();
  }

  @Actor
  public void other(LL_Result r) {
    r.r2 = await();
  }

  private String await() {
    meet();
    try {
      return woken(() -> condition) ? "woken" : "stranded";
    } catch (IllegalStateException displaced) {
      condition = true;
      waker.wake();
      return "displaced";
    }
  }
}
