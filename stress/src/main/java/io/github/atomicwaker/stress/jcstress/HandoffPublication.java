package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakerGroup;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/** Values in order, and what each side sees of the other's plain data: first, data, next, echo. */
@Description("One writes plain data and puts twice, the other writes some, too, and takes twice.")
@Outcome(id = "1, 1, 2, 1", expect = ACCEPTABLE, desc = "In order, and published both ways.")
@Outcome(id = ".*, 0, .*, .*", expect = FORBIDDEN, desc = "Taken before its data was visible.")
@Outcome(id = ".*, .*, .*, 0", expect = FORBIDDEN, desc = "Put again before the take was visible.")
@Outcome(expect = FORBIDDEN, desc = "Lost, out of order, not published, or stranded.")
public abstract class HandoffPublication extends HandoffRace {

  private int data;
  private int echo;

  HandoffPublication(WakerGroup group) {
    super(group);
  }

  final void putTwice(LLLL_Result r) {
    meet();
    data = 1;
    put(1);
    put(2);
    r.r4 = echo;
  }

  final void takeTwice(LLLL_Result r) {
    meet();
    echo = 1;
    r.r1 = take();
    r.r2 = data;
    r.r3 = take();
  }

  /** With waits that park. */
  @JCStressTest
  @State
  public static class Parking extends HandoffPublication {

    public Parking() {
      super(PARKING);
    }

    @Actor
    public void producer(LLLL_Result r) {
      putTwice(r);
    }

    @Actor
    public void consumer(LLLL_Result r) {
      takeTwice(r);
    }
  }

  /** With waits that spin, and usually end by a look and not by a wake. */
  @JCStressTest
  @State
  public static class Adaptive extends HandoffPublication {

    public Adaptive() {
      super(ADAPTIVE);
    }

    @Actor
    public void producer(LLLL_Result r) {
      putTwice(r);
    }

    @Actor
    public void consumer(LLLL_Result r) {
      takeTwice(r);
    }
  }
}
