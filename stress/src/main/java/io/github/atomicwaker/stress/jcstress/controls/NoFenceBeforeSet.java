package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.SeveralWaiters;
import io.github.atomicwaker.stress.jcstress.WakerSet;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Lacks the fence before the look at a set of wakers: wake has one, but the set is empty. */
@JCStressTest
@JCStressMeta(SeveralWaiters.class)
@State
public class NoFenceBeforeSet extends WakerSet {

  @Actor
  public void waiter(ZZ_Result r) {
    r.r1 = enterAndLook();
  }

  @Actor
  public void waker(ZZ_Result r) {
    publish();
    r.r2 = wakeAll();
  }
}
