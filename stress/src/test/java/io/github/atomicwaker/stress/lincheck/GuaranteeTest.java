package io.github.atomicwaker.stress.lincheck;

import static io.github.atomicwaker.stress.lincheck.ModelChecker.VIOLATED;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkCaught;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkRace;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * The one guarantee, stated without parking: the waiter saw the condition, or a wake took it. The
 * condition is a plain field, which to Lincheck is as good as any other.
 */
class GuaranteeTest {

  @Test
  void oneWaiterTwoWakers() {
    checkRace(OneWaiterTwoWakers.class);
  }

  @Test
  void twoWaitersOneWaker() {
    checkRace(TwoWaitersOneWaker.class);
  }

  @Test
  void oneLeavesOneWaitsOneWakes() {
    checkRace(OneLeavesOneWaitsOneWakes.class);
  }

  @Test
  void aLookOnlyBeforeRegisteringIsCaught() {
    checkCaught(VIOLATED, OneWaiterLooksTooEarly.class);
    checkCaught(VIOLATED, TwoWaitersLookTooEarly.class);
  }

  @Test
  void aWakeBeforeTheConditionIsCaught() {
    checkCaught(VIOLATED, WakesTooEarly.class);
  }

  @Test
  void aWakeThatGivesWayToAnotherIsCaught() {
    checkCaught(VIOLATED, WakeGivesWay.class);
  }

  @Test
  void aTakeInTwoStepsIsCaught() {
    checkCaught(VIOLATED, TakenTwice.class);
  }

  @Test
  void aDeregisterInTwoStepsIsCaught() {
    checkCaught(VIOLATED, LeavesInTwoSteps.class);
  }

  /** Each waker has a condition of its own, so that one's wake does not make up for the other's. */
  public static class OneWaiterTwoWakers {

    final SlotOperations slot;
    boolean one;
    boolean other;
    private boolean saw;
    private boolean oneTook;
    private boolean otherTook;

    public OneWaiterTwoWakers() {
      this(new SlotOperations.Real());
    }

    OneWaiterTwoWakers(SlotOperations slot) {
      this.slot = slot;
    }

    @Operation(runOnce = true)
    public void waiter() {
      saw = registerAndLook();
    }

    @Operation(runOnce = true)
    public void oneWaker() {
      oneTook = setAndWake(() -> one = true);
    }

    @Operation(runOnce = true)
    public void otherWaker() {
      otherTook = setAndWake(() -> other = true);
    }

    @Validate
    public void nothingIsLost() {
      if (!saw && !oneTook && !otherTook) {
        throw new IllegalStateException("not seen, and not taken");
      }
      if (oneTook && otherTook) {
        throw new IllegalStateException("taken twice");
      }
    }

    boolean registerAndLook() {
      slot.register(Thread.currentThread());
      return one && other;
    }

    boolean setAndWake(Runnable set) {
      set.run();
      return slot.wake();
    }
  }

  /**
   * A registration displaces the one before it; the displaced thread finds another in its place.
   */
  public static class TwoWaitersOneWaker {

    final SlotOperations slot = new SlotOperations.Real();
    boolean condition;
    private final Waiter one = new Waiter();
    private final Waiter other = new Waiter();
    private Thread taken;

    @Operation(runOnce = true)
    public void oneWaiter() {
      one.thread = Thread.currentThread();
      one.saw = registerAndLook(one.thread);
    }

    @Operation(runOnce = true)
    public void otherWaiter() {
      other.thread = Thread.currentThread();
      other.saw = registerAndLook(other.thread);
    }

    @Operation(runOnce = true)
    public void waker() {
      condition = true;
      taken = slot.take();
    }

    @Validate
    public void nothingIsLost() {
      check(one, other);
      check(other, one);
    }

    boolean registerAndLook(Thread self) {
      slot.register(self);
      return condition;
    }

    private void check(Waiter waiter, Waiter rival) {
      Thread left = slot.registered();
      boolean unparked = taken == waiter.thread || taken == rival.thread || left == rival.thread;
      if (!waiter.saw && (left == waiter.thread || !unparked)) {
        throw new IllegalStateException("not seen, not taken, and nobody in its place");
      }
    }

    private static final class Waiter {
      Thread thread;
      boolean saw;
    }
  }

  /** One leaves the slot, and must not remove a thread that registers just then. */
  public static class OneLeavesOneWaitsOneWakes {

    private static final Thread LEAVER = Thread.ofPlatform().unstarted(() -> {});

    private final SlotOperations slot;
    private boolean condition;
    private boolean saw;
    private Thread waiter;
    private Thread taken;

    public OneLeavesOneWaitsOneWakes() {
      this(new SlotOperations.Real());
    }

    OneLeavesOneWaitsOneWakes(SlotOperations slot) {
      this.slot = slot;
      slot.register(LEAVER);
    }

    @Operation(runOnce = true)
    public void leaver() {
      slot.deregister(LEAVER);
    }

    @Operation(runOnce = true)
    public void waiter() {
      waiter = Thread.currentThread();
      slot.register(waiter);
      saw = condition;
    }

    @Operation(runOnce = true)
    public void waker() {
      condition = true;
      taken = slot.take();
    }

    @Validate
    public void nothingIsLost() {
      if (!saw && taken != waiter) {
        throw new IllegalStateException("not seen, and not taken");
      }
    }
  }

  public static class OneWaiterLooksTooEarly extends OneWaiterTwoWakers {
    @Override
    boolean registerAndLook() {
      boolean saw = one && other;
      slot.register(Thread.currentThread());
      return saw;
    }
  }

  public static class TwoWaitersLookTooEarly extends TwoWaitersOneWaker {
    @Override
    boolean registerAndLook(Thread self) {
      boolean saw = condition;
      slot.register(self);
      return saw;
    }
  }

  public static class WakesTooEarly extends OneWaiterTwoWakers {
    @Override
    boolean setAndWake(Runnable set) {
      boolean took = slot.wake();
      set.run();
      return took;
    }
  }

  /**
   * Lets a wake leave when another one is under way. The one under way may have looked at the slot
   * already: it takes all three threads to lose a wake-up here.
   */
  public static class WakeGivesWay extends OneWaiterTwoWakers {
    public WakeGivesWay() {
      super(
          new SlotOperations.Copy() {
            private final AtomicBoolean waking = new AtomicBoolean();

            @Override
            public boolean wake() {
              if (waking.getAndSet(true)) {
                return false;
              }
              boolean took = super.wake();
              waking.set(false);
              return took;
            }
          });
    }
  }

  public static class TakenTwice extends OneWaiterTwoWakers {
    public TakenTwice() {
      super(new OperationsTest.TakesInTwoSteps());
    }
  }

  public static class LeavesInTwoSteps extends OneLeavesOneWaitsOneWakes {
    public LeavesInTwoSteps() {
      super(new OperationsTest.LeavesInTwoSteps());
    }
  }
}
