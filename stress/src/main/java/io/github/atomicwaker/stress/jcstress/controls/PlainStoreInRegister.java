package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.RegisterRegister;
import io.github.atomicwaker.stress.jcstress.TwoRegistrants;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Lacks register's swap: a plain store writes the slot, and may hide another one just before. */
@JCStressTest
@JCStressMeta(RegisterRegister.class)
@State
public class PlainStoreInRegister extends TwoRegistrants {

  private final SlotCopy slot = new Broken();

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
    slot.register();
  }

  @Override
  protected @Nullable Thread registered() {
    return slot.waiter;
  }

  @Override
  protected Duration patience() {
    return SlotCopy.PATIENCE;
  }

  private static final class Broken extends SlotCopy {
    @Override
    void register() {
      Thread self = Thread.currentThread();
      Thread displaced = waiter;
      WAITER.set(this, self);
      if (displaced != null && displaced != self) {
        LockSupport.unpark(displaced);
      }
      VarHandle.fullFence();
    }
  }
}
