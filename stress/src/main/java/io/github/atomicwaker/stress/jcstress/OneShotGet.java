package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.WakerGroup;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LIL_Result;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A get against the end of its reply, and what it sees of plain data from before that. */
public final class OneShotGet {

  private OneShotGet() {}

  /** A race with plain data, apart from the value. */
  public abstract static class Data extends OneShotRace {
    protected int data;

    protected Data() {}

    protected Data(WakerGroup group) {
      super(group);
    }
  }

  /** A get that waits: the value, the data, and what is left. */
  @JCStressTest
  @Description("One gets, the other writes plain data and completes: value and data are visible.")
  @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "Both are visible.")
  @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "The data is not visible.")
  @Outcome(id = "0, .*, .*", expect = FORBIDDEN, desc = "The content of the value is not visible.")
  @Outcome(id = "stranded, .*, .*", expect = FORBIDDEN, desc = "Never woken.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, or still registered.")
  @State
  public static class Parking extends Data {

    public Parking() {}

    Parking(WakerGroup group) {
      super(group);
    }

    @Actor
    public void waiter(LIL_Result r) {
      meet();
      r.r1 = get();
      r.r2 = data;
    }

    @Actor
    public void completer() {
      meet();
      data = 1;
      complete(1);
    }

    @Arbiter
    public void end(LIL_Result r) {
      r.r3 = end();
    }
  }

  /** The same, where the value may come while the get spins. */
  @JCStressTest
  @State
  public static class Adaptively extends Parking {

    public Adaptively() {
      super(ADAPTIVE);
    }

    @Actor
    @Override
    public void waiter(LIL_Result r) {
      super.waiter(r);
    }

    @Actor
    @Override
    public void completer() {
      super.completer();
    }

    @Arbiter
    @Override
    public void end(LIL_Result r) {
      super.end(r);
    }
  }

  /** A poll, which does not wait: the value, and the data. */
  @JCStressTest
  @Description(
      "One polls, the other writes plain data and completes: both are visible, or no value.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both are visible.")
  @Outcome(id = "nothing, .*", expect = ACCEPTABLE, desc = "It was not done yet.")
  @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "The data is not visible.")
  @Outcome(expect = FORBIDDEN, desc = "The content of the value is not visible.")
  @State
  public static class Poll extends Data {

    @Actor
    public void poller(LI_Result r) {
      r.r1 = poll();
      r.r2 = data;
    }

    @Actor
    public void completer() {
      data = 1;
      complete(1);
    }
  }

  /** Two gets: one is displaced, and completes; the other gets that. */
  @JCStressTest
  @Description("Two get one reply at the same time; the one that is displaced completes it.")
  @Outcome(
      id = {"displaced, 1", "1, displaced"},
      expect = ACCEPTABLE,
      desc = "One was displaced, and the other one has the value.")
  @Outcome(id = "displaced, displaced", expect = FORBIDDEN, desc = "Both were displaced.")
  @Outcome(expect = FORBIDDEN, desc = "Got without a completion, or stranded.")
  @State
  public static class Two extends OneShotRace {

    @Actor
    public void one(LL_Result r) {
      r.r1 = getOrComplete();
    }

    @Actor
    public void other(LL_Result r) {
      r.r2 = getOrComplete();
    }

    private String getOrComplete() {
      meet();
      String word = get();
      if (word.equals("displaced")) {
        complete(1);
      }
      return word;
    }
  }
}
