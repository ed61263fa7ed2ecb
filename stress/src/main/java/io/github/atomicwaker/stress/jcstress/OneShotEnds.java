package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** The untimed get, parked, is woken. */
@Description("One gets without a limit, the other ends the reply.")
@Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The get ended.")
@Outcome(id = "STALE", expect = FORBIDDEN, desc = "Parked for ever.")
@Outcome(id = "ERROR", expect = FORBIDDEN, desc = "The get returned or threw something else.")
public final class OneShotEnds {

  private OneShotEnds() {}

  /** By a value. */
  @JCStressTest(Mode.Termination)
  @JCStressMeta(OneShotEnds.class)
  @State
  public static class Complete extends OneShotRace {

    @Actor
    public void waiter() throws InterruptedException, ExecutionException {
      reply.get();
    }

    @Signal
    public void completer() {
      complete(1);
    }
  }

  /** By a failure. */
  @JCStressTest(Mode.Termination)
  @JCStressMeta(OneShotEnds.class)
  @State
  public static class Fail extends OneShotRace {

    @Actor
    public void waiter() throws Exception {
      try {
        reply.get();
      } catch (ExecutionException failed) {
        return;
      }
      throw new Exception("got a value of a reply that failed");
    }

    @Signal
    public void failer() {
      fail();
    }
  }

  /** By a cancellation. */
  @JCStressTest(Mode.Termination)
  @JCStressMeta(OneShotEnds.class)
  @State
  public static class Cancel extends OneShotRace {

    @Actor
    public void waiter() throws Exception {
      try {
        reply.get();
      } catch (CancellationException cancelled) {
        return;
      }
      throw new Exception("got a value of a reply that was cancelled");
    }

    @Signal
    public void canceller() {
      reply.cancel();
    }
  }
}
