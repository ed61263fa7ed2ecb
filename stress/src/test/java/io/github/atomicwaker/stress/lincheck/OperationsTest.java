package io.github.atomicwaker.stress.lincheck;

import static io.github.atomicwaker.stress.lincheck.ModelChecker.NOT_LINEARIZABLE;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkCaught;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkOperations;

import java.util.Arrays;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * The raw operations, from three threads: what they return is what a slot for one thread returns to
 * one caller at a time, and none of them ever waits for another. An unpark is no part of this: it
 * comes after the operation's one step on the slot, and leaves nothing that an operation returns.
 */
class OperationsTest {

  @Test
  void theWakerIsASlotForOneThread() {
    checkOperations(RawOperations.class, Specification.class);
  }

  @Test
  void aTakeInTwoStepsIsCaught() {
    checkCaught(NOT_LINEARIZABLE, TakeInTwoSteps.class, Specification.class);
  }

  @Test
  void aDeregisterInTwoStepsIsCaught() {
    checkCaught(NOT_LINEARIZABLE, DeregisterInTwoSteps.class, Specification.class);
  }

  @Test
  void aRegisterThatGivesWayIsCaught() {
    checkCaught(NOT_LINEARIZABLE, RegisterGivesWay.class, Specification.class);
  }

  /** A slot that holds at most one thread, for one caller at a time. Threads are numbers here. */
  public static class Specification {

    private static final int NOBODY = -1;

    private int waiter = NOBODY;

    public void register(int thread) {
      waiter = thread;
    }

    public boolean deregister(int thread) {
      boolean found = waiter == thread;
      if (found) {
        waiter = NOBODY;
      }
      return found;
    }

    public int take() {
      int taken = waiter;
      waiter = NOBODY;
      return taken;
    }

    public boolean wake() {
      return take() != NOBODY;
    }

    public int registered() {
      return waiter;
    }
  }

  /** The operations. The threads are never started, so that an unpark does nothing to them. */
  @Param(name = "thread", gen = IntGen.class, conf = "0:2")
  public abstract static class Operations {

    /** An array: of a collection Lincheck restores all it reaches, here the JDK's thread groups. */
    private static final Thread[] REGISTRANTS =
        Stream.generate(() -> Thread.ofPlatform().unstarted(() -> {}))
            .limit(3)
            .toArray(Thread[]::new);

    private final SlotOperations slot;

    Operations(SlotOperations slot) {
      this.slot = slot;
    }

    @Operation(params = "thread")
    public void register(int thread) {
      slot.register(REGISTRANTS[thread]);
    }

    @Operation(params = "thread")
    public boolean deregister(int thread) {
      return slot.deregister(REGISTRANTS[thread]);
    }

    @Operation
    public int take() {
      return indexOf(slot.take());
    }

    @Operation
    public boolean wake() {
      return slot.wake();
    }

    @Operation
    public int registered() {
      return indexOf(slot.registered());
    }

    private static int indexOf(Thread thread) {
      return Arrays.asList(REGISTRANTS).indexOf(thread);
    }
  }

  public static class RawOperations extends Operations {
    public RawOperations() {
      super(new SlotOperations.Real());
    }
  }

  /** Lacks the swap in take: two of them may receive the same thread. */
  public static class TakeInTwoSteps extends Operations {
    public TakeInTwoSteps() {
      super(new TakesInTwoSteps());
    }
  }

  /** Lacks the compare-and-set in deregister: it may remove a thread that came meanwhile. */
  public static class DeregisterInTwoSteps extends Operations {
    public DeregisterInTwoSteps() {
      super(new LeavesInTwoSteps());
    }
  }

  /** Lets the first registration win. */
  public static class RegisterGivesWay extends Operations {
    public RegisterGivesWay() {
      super(
          new SlotOperations.Copy() {
            @Override
            public void register(Thread thread) {
              waiter.compareAndSet(null, thread);
            }
          });
    }
  }

  static final class TakesInTwoSteps extends SlotOperations.Copy {
    @Override
    public Thread take() {
      Thread taken = waiter.get();
      waiter.set(null);
      return taken;
    }
  }

  static final class LeavesInTwoSteps extends SlotOperations.Copy {
    @Override
    public boolean deregister(Thread thread) {
      boolean found = waiter.get() == thread;
      if (found) {
        waiter.set(null);
      }
      return found;
    }
  }
}
