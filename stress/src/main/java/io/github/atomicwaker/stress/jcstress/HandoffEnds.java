package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.HandoffClosedException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** The untimed waits, parked, are woken. */
@Description("One waits without a limit to put or take, the other makes it end.")
@Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The wait ended.")
@Outcome(id = "STALE", expect = FORBIDDEN, desc = "Parked for ever.")
@Outcome(id = "ERROR", expect = FORBIDDEN, desc = "The wait threw.")
public final class HandoffEnds {

  private HandoffEnds() {}

  /** A take is woken by an offer. */
  @JCStressTest(Mode.Termination)
  @JCStressMeta(HandoffEnds.class)
  @State
  public static class Take extends HandoffRace {

    @Actor
    public void consumer() throws InterruptedException {
      handoff.take();
    }

    @Signal
    public void producer() {
      offer(1);
    }
  }

  /** A put is woken by a poll. */
  @JCStressTest(Mode.Termination)
  @JCStressMeta(HandoffEnds.class)
  @State
  public static class Put extends HandoffRace {

    public Put() {
      handoff.offer(Parcel.of(OLD));
    }

    @Actor
    public void producer() throws InterruptedException {
      handoff.put(Parcel.of(1));
    }

    @Signal
    public void consumer() {
      poll();
    }
  }

  /** A put is woken by a close, although the place stays full. */
  @JCStressTest(Mode.Termination)
  @JCStressMeta(HandoffEnds.class)
  @State
  public static class PutByClose extends HandoffRace {

    public PutByClose() {
      handoff.offer(Parcel.of(OLD));
    }

    @Actor
    public void producer() throws Exception {
      try {
        handoff.put(Parcel.of(1));
      } catch (HandoffClosedException closed) {
        return;
      }
      throw new Exception("put into a full place");
    }

    @Signal
    public void closer() {
      handoff.close();
    }
  }
}
