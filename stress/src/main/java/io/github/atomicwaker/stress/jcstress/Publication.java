package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What a waiter sees of plain data that was written before the condition; -1: never woken. */
public final class Publication {

  private Publication() {}

  /** Plain data. */
  public abstract static class Data extends Meeting {
    protected int data;
  }

  /** A condition that is written with release and read with acquire publishes. */
  @JCStressTest
  @Description("One awaits an acquired condition and reads plain data, the other publishes it.")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Published.")
  @Outcome(id = "0", expect = FORBIDDEN, desc = "The condition was seen, the data was not.")
  @Outcome(id = "-1", expect = FORBIDDEN, desc = "Never woken.")
  @State
  public static class ThroughRelease extends Data {

    @Actor
    public void waiter(I_Result r) {
      meet();
      r.r1 = woken(() -> (boolean) CONDITION.getAcquire(this)) ? data : -1;
    }

    @Actor
    public void waker() {
      meet();
      data = 1;
      CONDITION.setRelease(this, true);
      waker.wake();
    }
  }

  /** A plain condition wakes as well, but publishes nothing: the first look may see it alone. */
  @JCStressTest
  @Description("One awaits a plain condition and reads plain data, the other writes both.")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "The data was seen.")
  @Outcome(
      id = "0",
      expect = ACCEPTABLE_INTERESTING,
      desc = "It was not: the two accesses may be reordered on either side.")
  @Outcome(id = "-1", expect = FORBIDDEN, desc = "Never woken.")
  @State
  public static class ThroughPlain extends Data {

    @Actor
    public void waiter(I_Result r) {
      meet();
      r.r1 = woken(() -> condition) ? data : -1;
    }

    @Actor
    public void waker() {
      meet();
      data = 1;
      condition = true;
      waker.wake();
    }
  }
}
