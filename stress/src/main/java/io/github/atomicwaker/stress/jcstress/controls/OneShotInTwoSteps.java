package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.OneShotFirst;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** Lacks the one step that decides who is first: it reads the outcome, and then writes it. */
@JCStressTest
@JCStressMeta(OneShotFirst.CompleteCancel.class)
@State
public class OneShotInTwoSteps {

  private volatile @Nullable String outcome;

  @Actor
  public void one(ZZL_Result r) {
    r.r1 = end("1");
  }

  @Actor
  public void other(ZZL_Result r) {
    r.r2 = end("cancelled");
  }

  @Arbiter
  public void end(ZZL_Result r) {
    r.r3 = outcome;
  }

  private boolean end(String ending) {
    boolean first = outcome == null;
    if (first) {
      outcome = ending;
    }
    return first;
  }
}
