package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.RegisterWake;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Lacks register's swap and fence: a release store writes the slot. */
@JCStressTest
@JCStressMeta(RegisterWake.class)
@State
public class ReleaseStoreInRegister {

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
    void register() {
      WAITER.setRelease(this, Thread.currentThread());
    }
  }
}
