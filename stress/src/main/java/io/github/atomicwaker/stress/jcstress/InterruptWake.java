package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakerGroup;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** An interrupt against a wake: neither takes anything from the other. */
public final class InterruptWake {

  private InterruptWake() {}

  /** The value and the interrupt reach the waiter, whichever comes first: who got what. */
  @JCStressTest
  @Description("One awaits a value, the other puts it, wakes and interrupts: nothing is lost.")
  @Outcome(
      id = "value and interrupt, taken",
      expect = ACCEPTABLE,
      desc = "The wait gave the value; the interrupt is pending.")
  @Outcome(
      id = "interrupt, left",
      expect = ACCEPTABLE,
      desc = "The wait was interrupted; the value is still there.")
  @Outcome(id = "interrupt, taken", expect = FORBIDDEN, desc = "The value is lost.")
  @Outcome(id = "value, .*", expect = FORBIDDEN, desc = "The interrupt is lost.")
  @Outcome(id = "stranded.*", expect = FORBIDDEN, desc = "Never woken.")
  @Outcome(expect = FORBIDDEN, desc = "Both came twice.")
  @State
  public static class AwaitValue extends Interrupting {

    private final AtomicReference<@Nullable String> value = new AtomicReference<>();

    public AwaitValue() {}

    AwaitValue(WakerGroup group) {
      super(group);
    }

    @Actor
    public void waiter(LL_Result r) {
      meetInterrupter();
      String got;
      long start = System.nanoTime();
      try {
        waker.awaitValue(() -> value.getAndSet(null), PATIENCE);
        got = inTime(start) ? "value" : "stranded";
      } catch (InterruptedException e) {
        got = "interrupt";
      }
      r.r1 = withInterrupt(got);
    }

    @Actor
    public void waker() {
      interruptAnd(
          () -> {
            value.set("value");
            waker.wake();
          });
    }

    @Arbiter
    public void end(LL_Result r) {
      r.r2 = value.get() == null ? "taken" : "left";
    }
  }

  /** The same, where the value may be polled, and the interrupt come, while the wait spins. */
  @JCStressTest
  @State
  public static class AwaitValueAdaptively extends AwaitValue {

    public AwaitValueAdaptively() {
      super(ADAPTIVE);
    }

    @Actor
    @Override
    public void waiter(LL_Result r) {
      super.waiter(r);
    }

    @Actor
    @Override
    public void waker() {
      super.waker();
    }

    @Arbiter
    @Override
    public void end(LL_Result r) {
      super.end(r);
    }
  }

  /** The uninterruptible wait goes on, and keeps the status: was woken, is interrupted. */
  @JCStressTest
  @Description("One awaits uninterruptibly, the other sets the condition, wakes and interrupts.")
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Woken; the interrupt is pending.")
  @Outcome(id = "false, .*", expect = FORBIDDEN, desc = "Never woken.")
  @Outcome(id = "true, false", expect = FORBIDDEN, desc = "The interrupt is lost.")
  @State
  public static class AwaitUninterruptibly extends Interrupting {

    @Actor
    public void waiter(ZZ_Result r) {
      meetInterrupter();
      r.r1 = woken(() -> condition);
      meet();
      r.r2 = Thread.interrupted();
    }

    @Actor
    public void waker() {
      interruptAnd(
          () -> {
            condition = true;
            waker.wake();
          });
    }
  }
}
