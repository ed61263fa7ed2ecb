package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Two end one reply: whether each was first, and the outcome. */
public final class OneShotFirst {

  private OneShotFirst() {}

  /** A completion against another one. */
  @JCStressTest
  @Description("Two complete one reply at the same time: the value of exactly one stays.")
  @Outcome(
      id = {"true, false, 1", "false, true, 2"},
      expect = ACCEPTABLE,
      desc = "One was first.")
  @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "Both were first.")
  @Outcome(expect = FORBIDDEN, desc = "None was first, or the outcome is the other one's.")
  @State
  public static class CompleteComplete extends OneShotRace {

    @Actor
    public void one(ZZL_Result r) {
      r.r1 = complete(1);
    }

    @Actor
    public void other(ZZL_Result r) {
      r.r2 = complete(2);
    }

    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = end();
    }
  }

  /** A completion against a failure. */
  @JCStressTest
  @Description("One completes, the other fails: exactly one is first.")
  @Outcome(
      id = {"true, false, 1", "false, true, failed"},
      expect = ACCEPTABLE,
      desc = "One was first.")
  @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "Both were first.")
  @Outcome(expect = FORBIDDEN, desc = "None was first, or the outcome is the other one's.")
  @State
  public static class CompleteFail extends OneShotRace {

    @Actor
    public void one(ZZL_Result r) {
      r.r1 = complete(1);
    }

    @Actor
    public void other(ZZL_Result r) {
      r.r2 = fail();
    }

    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = end();
    }
  }

  /** A completion against a cancellation. */
  @JCStressTest
  @Description("One completes, the other cancels: exactly one is first.")
  @Outcome(
      id = {"true, false, 1", "false, true, cancelled"},
      expect = ACCEPTABLE,
      desc = "One was first.")
  @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "Both were first.")
  @Outcome(expect = FORBIDDEN, desc = "None was first, or the outcome is the other one's.")
  @State
  public static class CompleteCancel extends OneShotRace {

    @Actor
    public void one(ZZL_Result r) {
      r.r1 = complete(1);
    }

    @Actor
    public void other(ZZL_Result r) {
      r.r2 = reply.cancel();
    }

    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = end();
    }
  }

  /** A failure against a cancellation. */
  @JCStressTest
  @Description("One fails, the other cancels: exactly one is first.")
  @Outcome(
      id = {"true, false, failed", "false, true, cancelled"},
      expect = ACCEPTABLE,
      desc = "One was first.")
  @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "Both were first.")
  @Outcome(expect = FORBIDDEN, desc = "None was first, or the outcome is the other one's.")
  @State
  public static class FailCancel extends OneShotRace {

    @Actor
    public void one(ZZL_Result r) {
      r.r1 = fail();
    }

    @Actor
    public void other(ZZL_Result r) {
      r.r2 = reply.cancel();
    }

    @Arbiter
    public void end(ZZL_Result r) {
      r.r3 = end();
    }
  }
}
