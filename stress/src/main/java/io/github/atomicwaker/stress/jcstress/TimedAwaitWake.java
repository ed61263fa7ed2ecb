package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A wait that runs out: saw the condition, was taken, is still in the slot. */
@JCStressTest
@Description("One awaits for an instant, the other sets the condition and wakes.")
@Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "Taken, and in time.")
@Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "Seen; the wake found nobody.")
@Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "Timed out before the wake.")
@Outcome(id = "false, true, .*", expect = FORBIDDEN, desc = "Taken, and it did not look again.")
@Outcome(id = ".*, .*, true", expect = FORBIDDEN, desc = "It left its thread in the slot.")
@State
public class TimedAwaitWake extends Meeting {

  public TimedAwaitWake() {}

  TimedAwaitWake(WakerGroup group) {
    super(group);
  }

  @Actor
  public void waiter(ZZZ_Result r) {
    Duration instant = instant();
    meet();
    r.r1 = waker.awaitUninterruptibly(() -> condition, instant);
  }

  @Actor
  public void waker(ZZZ_Result r) {
    meet();
    condition = true;
    r.r2 = waker.wake();
  }

  @Arbiter
  public void end(ZZZ_Result r) {
    r.r3 = waker.registered() != null;
  }

  /** The same, where the time may be up, and the wake come, while the wait spins. */
  @JCStressTest
  @State
  public static class Adaptively extends TimedAwaitWake {

    public Adaptively() {
      super(ADAPTIVE);
    }

    @Actor
    @Override
    public void waiter(ZZZ_Result r) {
      super.waiter(r);
    }

    @Actor
    @Override
    public void waker(ZZZ_Result r) {
      super.waker(r);
    }

    @Arbiter
    @Override
    public void end(ZZZ_Result r) {
      super.end(r);
    }
  }
}
