package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two registrants: the result of each. */
@JCStressTest
@Description("Two register at the same time; the displaced one sees the other or holds a permit.")
@Outcome(
    id = {"registered, displaced", "displaced, registered"},
    expect = ACCEPTABLE,
    desc = "One is in the slot, the other one was displaced.")
@Outcome(
    id = {"stranded, .*", ".*, stranded"},
    expect = FORBIDDEN,
    desc = "Displaced, and not unparked: parked for ever.")
@Outcome(expect = FORBIDDEN, desc = "Both, or none, in the slot.")
@State
public class RegisterRegister extends TwoRegistrants {

  @Actor
  public void one(LL_Result r) {
    r.r1 = enter();
  }

  @Actor
  public void other(LL_Result r) {
    r.r2 = enter();
  }

  @Override
  protected void register() {
    waker.register();
  }

  @Override
  protected @Nullable Thread registered() {
    return waker.registered();
  }

  @Override
  protected Duration patience() {
    return PATIENCE;
  }
}
