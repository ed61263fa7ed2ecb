package io.github.atomicwaker.stress.jcstress.controls;

import io.github.atomicwaker.stress.jcstress.ParkingCondition;
import io.github.atomicwaker.stress.jcstress.ParkingConditionWake;
import java.util.function.BooleanSupplier;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Lacks the look at the slot after the condition: the loop parks, though it has been taken. */
@JCStressTest
@JCStressMeta(ParkingConditionWake.class)
@State
public class SlotNotReread extends ParkingCondition {

  @Actor
  public void waiter(Z_Result r) {
    r.r1 = await(this::look);
  }

  @Actor
  public void waker() {
    wakeDuringLook();
  }

  private boolean await(BooleanSupplier ready) {
    if (ready.getAsBoolean()) {
      return true;
    }
    long deadline = System.nanoTime() + SlotCopy.PATIENCE.toNanos();
    waker.register();
    while (!ready.getAsBoolean()) {
      waker.parkNanos(deadline - System.nanoTime());
      if (deadline - System.nanoTime() <= 0) {
        return false;
      }
      waker.register();
    }
    return true;
  }
}
