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

/** The handshake: saw the condition, took the waiter. */
@Description("One registers and looks at the condition, the other sets it and wakes.")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "Seen; the wake found nobody.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Not seen; the wake took the waiter.")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Seen, and the wake took the waiter.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "Not seen, and nobody was woken: lost.")
public final class RegisterWake {

  private RegisterWake() {}

  /** A condition in a plain field. */
  @JCStressTest
  @JCStressMeta(RegisterWake.class)
  @State
  public static class Plain extends Race {

    @Actor
    public void waiter(ZZ_Result r) {
      waker.register();
      r.r1 = condition;
    }

    @Actor
    public void waker(ZZ_Result r) {
      condition = true;
      r.r2 = waker.wake();
    }
  }

  /** A condition that is written and read in opaque mode. */
  @JCStressTest
  @JCStressMeta(RegisterWake.class)
  @State
  public static class Opaque extends Race {

    @Actor
    public void waiter(ZZ_Result r) {
      waker.register();
      r.r1 = (boolean) CONDITION.getOpaque(this);
    }

    @Actor
    public void waker(ZZ_Result r) {
      CONDITION.setOpaque(this, true);
      r.r2 = waker.wake();
    }
  }

  /** A condition that is written with release and read with acquire. */
  @JCStressTest
  @JCStressMeta(RegisterWake.class)
  @State
  public static class Release extends Race {

    @Actor
    public void waiter(ZZ_Result r) {
      waker.register();
      r.r1 = (boolean) CONDITION.getAcquire(this);
    }

    @Actor
    public void waker(ZZ_Result r) {
      CONDITION.setRelease(this, true);
      r.r2 = waker.wake();
    }
  }

  /** A volatile condition. */
  @JCStressTest
  @JCStressMeta(RegisterWake.class)
  @State
  public static class Volatile extends Race {

    @Actor
    public void waiter(ZZ_Result r) {
      waker.register();
      r.r1 = (boolean) CONDITION.getVolatile(this);
    }

    @Actor
    public void waker(ZZ_Result r) {
      CONDITION.setVolatile(this, true);
      r.r2 = waker.wake();
    }
  }

  /** A condition in a plain field, and a wake that a batch delays. */
  @JCStressTest
  @JCStressMeta(RegisterWake.class)
  @State
  public static class InBatch extends Race {

    @Actor
    public void waiter(ZZ_Result r) {
      waker.register();
      r.r1 = condition;
    }

    @Actor
    public void waker(ZZ_Result r) {
      try (WakeBatch batch = new WakeBatch()) {
        condition = true;
        r.r2 = batch.wake(waker);
      }
    }
  }
}
