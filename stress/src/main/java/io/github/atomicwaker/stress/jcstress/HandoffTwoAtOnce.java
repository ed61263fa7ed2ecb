package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Two producers, or two consumers, at once: the result of each, and what is left. */
public final class HandoffTwoAtOnce {

  private HandoffTwoAtOnce() {}

  /** Two offers for one place. */
  @JCStressTest
  @Description("Two offer a value at the same time: exactly one is delivered.")
  @Outcome(
      id = {"put, full, 1", "full, put, 2"},
      expect = ACCEPTABLE,
      desc = "One was put, and is there.")
  @Outcome(id = "put, put, .*", expect = FORBIDDEN, desc = "A value is lost.")
  @Outcome(expect = FORBIDDEN, desc = "None was put, or the wrong one.")
  @State
  public static class Offers extends HandoffRace {

    @Actor
    public void one(LLL_Result r) {
      r.r1 = offer(1);
    }

    @Actor
    public void other(LLL_Result r) {
      r.r2 = offer(2);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = poll();
    }
  }

  /** Two polls for one value. */
  @JCStressTest
  @Description("Two poll at the same time: exactly one has the value.")
  @Outcome(
      id = {"7, nothing, nothing", "nothing, 7, nothing"},
      expect = ACCEPTABLE,
      desc = "One took it.")
  @Outcome(id = "7, 7, .*", expect = FORBIDDEN, desc = "Taken twice.")
  @Outcome(expect = FORBIDDEN, desc = "Taken by nobody.")
  @State
  public static class Polls extends HandoffRace {

    public Polls() {
      handoff.offer(Parcel.of(OLD));
    }

    @Actor
    public void one(LLL_Result r) {
      r.r1 = poll();
    }

    @Actor
    public void other(LLL_Result r) {
      r.r2 = poll();
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = poll();
    }
  }

  /** Two puts that wait. */
  @JCStressTest
  @Description("Two wait to put; the one that is displaced takes the value that is in the way.")
  @Outcome(
      id = {"put, 7, 1", "7, put, 2"},
      expect = ACCEPTABLE,
      desc = "One was displaced, and the other one has put.")
  @Outcome(expect = FORBIDDEN, desc = "Both displaced, a value lost or put by nobody, or stranded.")
  @State
  public static class Puts extends HandoffRace {

    public Puts() {
      handoff.offer(Parcel.of(OLD));
    }

    @Actor
    public void one(LLL_Result r) {
      r.r1 = putOrMakeWay(1);
    }

    @Actor
    public void other(LLL_Result r) {
      r.r2 = putOrMakeWay(2);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = poll();
    }

    private String putOrMakeWay(int content) {
      meet();
      String word = put(content);
      return word.equals("displaced") ? poll() : word;
    }
  }

  /** Two takes that wait. */
  @JCStressTest
  @Description("Two wait to take; the one that is displaced puts a value.")
  @Outcome(
      id = {"7, put, nothing", "put, 7, nothing"},
      expect = ACCEPTABLE,
      desc = "One was displaced, and the other one has taken.")
  @Outcome(expect = FORBIDDEN, desc = "Both displaced, the value lost or taken twice, or stranded.")
  @State
  public static class Takes extends HandoffRace {

    @Actor
    public void one(LLL_Result r) {
      r.r1 = takeOrPut();
    }

    @Actor
    public void other(LLL_Result r) {
      r.r2 = takeOrPut();
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = poll();
    }

    private String takeOrPut() {
      meet();
      String word = take();
      return word.equals("displaced") ? offer(OLD) : word;
    }
  }
}
