package io.github.atomicwaker.stress.lincheck;

import static io.github.atomicwaker.stress.lincheck.ModelChecker.DEADLOCK;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.INTERLEAVINGS_WITH_INTERRUPT;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.NOT_LINEARIZABLE;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.VIOLATED;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkCaught;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkOperations;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkRace;

import io.github.atomicwaker.OneShot;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * The one-shot reply: what its immediate operations return is what a place that is filled once
 * returns to one caller at a time; and a get, with real parks, ends with the first outcome.
 */
class OneShotInterleavingsTest {

  @Test
  void theOneShotIsAPlaceThatIsFilledOnce() {
    checkOperations(RealOperations.class, Specification.class);
  }

  @Test
  void anEndInTwoStepsIsCaught() {
    checkCaught(NOT_LINEARIZABLE, EndInTwoSteps.class, Specification.class);
  }

  @Test
  void oneGetsOneCompletesOneCancels() {
    checkRace(OneCompletesOneCancels.class);
  }

  @Test
  void oneGetsOneCompletesOneFails() {
    checkRace(OneCompletesOneFails.class);
  }

  @Test
  void twoGetOneCompletes() {
    checkRace(TwoGetOneCompletes.class);
  }

  @Test
  void oneGetsOneCompletesOneInterrupts() {
    checkRace(Interrupted.class, INTERLEAVINGS_WITH_INTERRUPT);
  }

  @Test
  void aReplyThatNobodyCompletesIsCaught() {
    checkCaught(DEADLOCK, NobodyEnds.class);
  }

  @Test
  void aCallerThatOverwritesTheReplyIsCaught() {
    checkCaught(VIOLATED, CancelsBesideTheReply.class);
  }

  private static final String FAILED = "failed";
  private static final String CANCELLED = "cancelled";
  private static final String DISPLACED = "displaced";

  /** What waits or does not. */
  private interface Get {
    Object run() throws InterruptedException, ExecutionException;
  }

  /** The value, or a word for what was thrown. */
  private static Object outcome(Get get) throws InterruptedException {
    try {
      return get.run();
    } catch (ExecutionException e) {
      return FAILED;
    } catch (CancellationException e) {
      return CANCELLED;
    } catch (IllegalStateException e) {
      return DISPLACED;
    }
  }

  /** A place for one outcome, which stays, for one caller at a time. */
  public static class Specification {

    private Object outcome;

    public boolean complete(int value) {
      return end(value);
    }

    public boolean fail() {
      return end(FAILED);
    }

    public boolean cancel() {
      return end(CANCELLED);
    }

    public Object poll() {
      return outcome;
    }

    public boolean isDone() {
      return outcome != null;
    }

    private boolean end(Object ending) {
      boolean first = outcome == null;
      if (first) {
        outcome = ending;
      }
      return first;
    }
  }

  /** The operations, of which none waits. */
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class RealOperations {

    private final OneShot<Integer> reply = new OneShot<>(SlotOperations.PARKING);

    @Operation(params = "value")
    public boolean complete(int value) {
      return reply.complete(value);
    }

    @Operation
    public boolean fail() {
      return reply.fail(new IllegalStateException("of the race"));
    }

    @Operation
    public boolean cancel() {
      return reply.cancel();
    }

    @Operation
    public Object poll() throws InterruptedException {
      return outcome(reply::poll);
    }

    @Operation
    public boolean isDone() {
      return reply.isDone();
    }
  }

  /** Lacks the compare-and-set: two may both be first. */
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class EndInTwoSteps {

    private volatile Object outcome;

    @Operation(params = "value")
    public boolean complete(int value) {
      return end(value);
    }

    @Operation
    public boolean fail() {
      return end(FAILED);
    }

    @Operation
    public boolean cancel() {
      return end(CANCELLED);
    }

    @Operation
    public Object poll() {
      return outcome;
    }

    @Operation
    public boolean isDone() {
      return outcome != null;
    }

    private boolean end(Object ending) {
      boolean first = outcome == null;
      if (first) {
        outcome = ending;
      }
      return first;
    }
  }

  /** What the races share. */
  public abstract static class Race {

    final OneShot<Integer> reply = new OneShot<>(SlotOperations.PARKING);

    final Object get() throws InterruptedException {
      return outcome(reply::get);
    }

    /** The thread that waited has left the slot, and what is there now is that outcome. */
    final void check(Object expected) throws InterruptedException {
      Object left = outcome(reply::poll);
      if (!expected.equals(left) || reply.toString().contains("waiter=")) {
        throw new IllegalStateException("%s was expected, %s is left".formatted(expected, reply));
      }
    }
  }

  /** Exactly one of the two ends is first, and the waiter has its outcome. */
  public abstract static class TwoEnd extends Race {

    private Object got;
    boolean completed;
    boolean other;

    @Operation(runOnce = true)
    public void waiter() throws InterruptedException {
      got = get();
    }

    @Operation(runOnce = true)
    public void completer() {
      completed = complete();
    }

    @Operation(runOnce = true)
    public void otherEnder() {
      other = endOtherwise();
    }

    @Validate
    public void nothingIsLost() throws InterruptedException {
      Object expected = completed ? Integer.valueOf(1) : otherOutcome();
      if (completed == other || !expected.equals(got)) {
        throw new IllegalStateException(
            "completed %s, ended otherwise %s, got %s".formatted(completed, other, got));
      }
      check(expected);
    }

    boolean complete() {
      return reply.complete(1);
    }

    abstract boolean endOtherwise();

    abstract Object otherOutcome();
  }

  public static class OneCompletesOneCancels extends TwoEnd {
    @Override
    boolean endOtherwise() {
      return reply.cancel();
    }

    @Override
    Object otherOutcome() {
      return CANCELLED;
    }
  }

  public static class OneCompletesOneFails extends TwoEnd {
    @Override
    boolean endOtherwise() {
      return reply.fail(new IllegalStateException("of the race"));
    }

    @Override
    Object otherOutcome() {
      return FAILED;
    }
  }

  /** Waits for ever if the wait is real: this control shows that it is. */
  public static class NobodyEnds extends OneCompletesOneCancels {
    @Override
    boolean complete() {
      return false;
    }

    @Override
    boolean endOtherwise() {
      return false;
    }
  }

  /** Sets a flag that it has cancelled, and looks before that whether it is done. */
  public static class CancelsBesideTheReply extends OneCompletesOneCancels {
    @Override
    boolean endOtherwise() {
      boolean first = !reply.isDone();
      reply.cancel();
      return first;
    }
  }

  /** One of them may be displaced, unless the value is there; the other one gets it. */
  public static class TwoGetOneCompletes extends Race {

    private Object oneGot;
    private Object otherGot;

    @Operation(runOnce = true)
    public void oneWaiter() throws InterruptedException {
      oneGot = get();
    }

    @Operation(runOnce = true)
    public void otherWaiter() throws InterruptedException {
      otherGot = get();
    }

    @Operation(runOnce = true)
    public void completer() {
      reply.complete(1);
    }

    @Validate
    public void nothingIsLost() throws InterruptedException {
      Object expected = 1;
      boolean oneHas = expected.equals(oneGot);
      boolean otherHas = expected.equals(otherGot);
      if (!(oneHas || DISPLACED.equals(oneGot))
          || !(otherHas || DISPLACED.equals(otherGot))
          || !(oneHas || otherHas)) {
        throw new IllegalStateException("got %s and %s".formatted(oneGot, otherGot));
      }
      check(expected);
    }
  }

  /** The waiter gets the value, or it is interrupted and the value stays. */
  public static class Interrupted extends Race {

    private volatile Thread victim;
    private Object got;

    @Operation(runOnce = true)
    public void waiter() throws InterruptedException {
      Thread.interrupted(); // by the interleaving before, which had ended
      victim = Thread.currentThread();
      try {
        got = get();
      } catch (InterruptedException e) {
        got = null;
      } finally {
        victim = null;
      }
    }

    @Operation(runOnce = true)
    public void completer() {
      reply.complete(1);
    }

    @Operation(runOnce = true)
    public void interrupter() {
      Thread thread = victim;
      if (thread != null) {
        thread.interrupt();
      }
    }

    @Validate
    public void nothingIsLost() throws InterruptedException {
      if (got != null && !got.equals(1)) {
        throw new IllegalStateException("got " + got);
      }
      check(1);
    }
  }
}
