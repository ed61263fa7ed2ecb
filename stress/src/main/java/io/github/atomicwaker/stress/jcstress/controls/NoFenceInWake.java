package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.RegisterWake;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Lacks the fence in wake: the slot is read while the condition is on its way. */
@JCStressTest
@JCStressMeta(RegisterWake.class)
@State
public class NoFenceInWake {

  private final SlotCopy slot = new Broken();
  private boolean condition;

  @Actor
  public void waiter(ZZ_Result r) {
    slot.register();
    r.r1 = condition;
  }

  @Actor
  public void waker(ZZ_Result r) {
    condition = true;
    r.r2 = slot.wake();
  }

  private static final class Broken extends SlotCopy {
    @Override
    boolean wake() {
      return takeAndUnpark();
    }
  }
}
