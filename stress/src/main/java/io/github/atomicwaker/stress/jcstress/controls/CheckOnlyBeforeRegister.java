package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.Race;
import io.github.atomicwaker.stress.jcstress.RegisterWake;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Lacks the look at the condition after registering: the waker is sound, its user is not. */
@JCStressTest
@JCStressMeta(RegisterWake.class)
@State
public class CheckOnlyBeforeRegister extends Race {

  @Actor
  public void waiter(ZZ_Result r) {
    r.r1 = condition;
    waker.register();
  }

  @Actor
  public void waker(ZZ_Result r) {
    condition = true;
    r.r2 = waker.wake();
  }
}
