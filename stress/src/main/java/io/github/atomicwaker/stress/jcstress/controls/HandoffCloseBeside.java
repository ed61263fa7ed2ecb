package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.HandoffClose;
import io.github.atomicwaker.stress.jcstress.HandoffRace;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Lacks the one step that decides between a put and a close, which is a flag beside the place. */
@JCStressTest
@JCStressMeta(HandoffClose.PutAgainstClose.class)
@State
public class HandoffCloseBeside extends HandoffRace {

  private volatile boolean closed;

  @Actor
  public void producer(LL_Result r) {
    r.r1 = closed ? "closed" : put(1);
  }

  @Actor
  public void closer(LL_Result r) {
    closed = true;
    String last = poll();
    r.r2 = last.equals("nothing") ? "closed" : last;
  }
}
