package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakeBatch;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two take the registrant, by wake, take or batch: who got it. */
@Description("Two take one registrant at the same time.")
@Outcome(
    id = {"true, false", "false, true"},
    expect = ACCEPTABLE,
    desc = "Exactly one took it.")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "Taken twice.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "Taken by nobody.")
public final class TwoTakers {

  private TwoTakers() {}

  /** A wake against a wake. */
  @JCStressTest
  @JCStressMeta(TwoTakers.class)
  @State
  public static class WakeWake extends Registered {

    @Actor
    public void one(ZZ_Result r) {
      r.r1 = waker.wake();
    }

    @Actor
    public void other(ZZ_Result r) {
      r.r2 = waker.wake();
    }
  }

  /** A wake against a take. */
  @JCStressTest
  @JCStressMeta(TwoTakers.class)
  @State
  public static class WakeTake extends Registered {

    @Actor
    public void one(ZZ_Result r) {
      r.r1 = waker.wake();
    }

    @Actor
    public void other(ZZ_Result r) {
      r.r2 = waker.take() != null;
    }
  }

  /** A take against a take. */
  @JCStressTest
  @JCStressMeta(TwoTakers.class)
  @State
  public static class TakeTake extends Registered {

    @Actor
    public void one(ZZ_Result r) {
      r.r1 = waker.take() != null;
    }

    @Actor
    public void other(ZZ_Result r) {
      r.r2 = waker.take() != null;
    }
  }

  /** A wake against one that a batch delays. */
  @JCStressTest
  @JCStressMeta(TwoTakers.class)
  @State
  public static class WakeInBatch extends Registered {

    @Actor
    public void one(ZZ_Result r) {
      r.r1 = waker.wake();
    }

    @Actor
    public void other(ZZ_Result r) {
      try (WakeBatch batch = new WakeBatch()) {
        r.r2 = batch.wake(waker);
      }
    }
  }
}
