package io.github.atomicwaker.stress.lincheck;

import static io.github.atomicwaker.stress.lincheck.ModelChecker.DEADLOCK;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.INTERLEAVINGS_WITH_INTERRUPT;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.VIOLATED;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkCaught;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkRace;

import io.github.atomicwaker.AtomicWaker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * The wait loop. Parks end by an unpark or an interrupt alone, so that a lost wake-up is a
 * deadlock.
 *
 * <p>Lincheck's clock stands still, so that no {@code await} times out here. What one does when its
 * time is up is done step by step instead, with the waker's raw operations.
 */
class WaitLoopTest {

  @Test
  void oneWaiterTwoWakers() {
    checkRace(OneWaiterTwoWakers.class);
  }

  @Test
  void twoWaitersOneWaker() {
    checkRace(TwoWaitersOneWaker.class);
    checkRace(TwoWaitersOnTheCopy.class);
  }

  @Test
  void oneConsumerTwoProducers() {
    checkRace(OneConsumerTwoProducers.class);
  }

  @Test
  void oneConsumerWhoseTimeIsUpTwoProducers() {
    checkRace(TimeIsUp.class);
  }

  @Test
  void oneConsumerOneProducerOneInterrupt() {
    checkRace(Interrupted.class, INTERLEAVINGS_WITH_INTERRUPT);
  }

  @Test
  void oneAnnouncedConsumerOneGiverOneInterrupt() {
    checkRace(InterruptedAnnounced.class, INTERLEAVINGS_WITH_INTERRUPT);
  }

  @Test
  void aConditionWithoutAWakeIsCaught() {
    checkCaught(DEADLOCK, NoWake.class);
  }

  @Test
  void aRegisterInTwoStepsIsCaught() {
    checkCaught(DEADLOCK, RegisterInTwoSteps.class);
  }

  @Test
  void aLookOnlyBeforeRegisteringIsCaught() {
    checkCaught(DEADLOCK, LooksTooEarly.class);
  }

  @Test
  void aWakeBeforeTheElementIsCaught() {
    checkCaught(DEADLOCK, WakesTooEarly.class);
  }

  @Test
  void aTimeOutThatDropsAnElementIsCaught() {
    checkCaught(VIOLATED, TimeOutDropsTheElement.class);
  }

  @Test
  void aTimeOutThatDropsAWakeIsCaught() {
    checkCaught(VIOLATED, TimeOutDropsTheWake.class);
  }

  @Test
  void anInterruptThatDropsAnElementIsCaught() {
    checkCaught(VIOLATED, InterruptDropsTheElement.class);
  }

  @Test
  void aWithdrawThatDropsAnElementIsCaught() {
    checkCaught(VIOLATED, WithdrawDropsTheElement.class);
  }

  public static class OneWaiterTwoWakers {

    final AtomicWaker waker = new AtomicWaker(SlotOperations.PARKING);
    boolean one;
    boolean other;

    @Operation(runOnce = true)
    public void waiter() {
      waker.awaitUninterruptibly(() -> one && other);
    }

    @Operation(runOnce = true)
    public void oneWaker() {
      one = true;
      waker.wake();
    }

    @Operation(runOnce = true)
    public void otherWaker() {
      other = true;
      wake();
    }

    @Validate
    public void nothingIsLost() {
      if (waker.registered() != null) {
        throw new IllegalStateException("still registered");
      }
    }

    void wake() {
      waker.wake();
    }
  }

  /** Parks for ever if parks are real: this shows whether they are. */
  public static class NoWake extends OneWaiterTwoWakers {
    @Override
    void wake() {}
  }

  /** One of them may be displaced, and its wait ends; the other one sees the condition. */
  public static class TwoWaitersOneWaker {

    private final SlotOperations slot;
    private boolean condition;
    private boolean oneSaw;
    private boolean otherSaw;

    public TwoWaitersOneWaker() {
      this(new SlotOperations.Real());
    }

    TwoWaitersOneWaker(SlotOperations slot) {
      this.slot = slot;
    }

    @Operation(runOnce = true)
    public void oneWaiter() {
      oneSaw = slot.await(() -> condition);
    }

    @Operation(runOnce = true)
    public void otherWaiter() {
      otherSaw = slot.await(() -> condition);
    }

    @Operation(runOnce = true)
    public void waker() {
      condition = true;
      slot.wake();
    }

    @Validate
    public void nothingIsLost() {
      if (!oneSaw && !otherSaw) {
        throw new IllegalStateException("both displaced");
      }
      if (slot.registered() != null) {
        throw new IllegalStateException("still registered");
      }
    }
  }

  public static class TwoWaitersOnTheCopy extends TwoWaitersOneWaker {
    public TwoWaitersOnTheCopy() {
      super(new SlotOperations.Copy());
    }
  }

  /** Lacks the swap in register: one of two registrants is overwritten and never unparked. */
  public static class RegisterInTwoSteps extends TwoWaitersOneWaker {
    public RegisterInTwoSteps() {
      super(
          new SlotOperations.Copy() {
            @Override
            public void register(Thread thread) {
              Thread displaced = waiter.get();
              waiter.set(thread);
              if (displaced != null && displaced != thread) {
                LockSupport.unpark(displaced);
              }
            }
          });
    }
  }

  /** One element is received, the other one stays. */
  public static class OneConsumerTwoProducers {

    final AtomicWaker waker = new AtomicWaker(SlotOperations.PARKING);
    final Queue<String> queue = new ConcurrentLinkedQueue<>();
    String received;
    private boolean oneTook;
    private boolean otherTook;

    @Operation(runOnce = true)
    public void consumer() throws InterruptedException {
      received = receive();
    }

    @Operation(runOnce = true)
    public void oneProducer() {
      oneTook = send("one");
    }

    @Operation(runOnce = true)
    public void otherProducer() {
      otherTook = send("other");
    }

    @Validate
    public void nothingIsLost() {
      if (queue.size() + (received == null ? 0 : 1) != 2 || queue.contains(received)) {
        throw new IllegalStateException(
            "sent two, received %s, left %s".formatted(received, queue));
      }
      if (received == null && (oneTook || otherTook)) {
        throw new IllegalStateException("woken, but nothing received");
      }
      if (waker.registered() != null) {
        throw new IllegalStateException("still registered");
      }
    }

    String receive() throws InterruptedException {
      return waker.awaitValue(queue::poll);
    }

    boolean send(String element) {
      queue.add(element);
      return waker.wake();
    }
  }

  /** Leaves as a wait does whose time is up: no wake that took it is lost, and no element. */
  public static class TimeIsUp extends OneConsumerTwoProducers {
    @Override
    String receive() {
      waker.register();
      String element = queue.poll();
      boolean left = waker.deregister();
      return element != null || left ? element : queue.poll();
    }
  }

  public static class LooksTooEarly extends OneConsumerTwoProducers {
    @Override
    String receive() {
      String element;
      while ((element = queue.poll()) == null) {
        waker.register();
        waker.park();
      }
      waker.deregister();
      return element;
    }
  }

  public static class WakesTooEarly extends OneConsumerTwoProducers {
    @Override
    boolean send(String element) {
      boolean took = waker.wake();
      queue.add(element);
      return took;
    }
  }

  /** Looks at the deadline before it looks at what it has polled. */
  public static class TimeOutDropsTheElement extends TimeIsUp {
    @Override
    String receive() {
      waker.register();
      queue.poll();
      waker.deregister();
      return null;
    }
  }

  /** Does not look once more when it leaves and has been taken. */
  public static class TimeOutDropsTheWake extends TimeIsUp {
    @Override
    String receive() {
      waker.register();
      String element = queue.poll();
      waker.deregister();
      return element;
    }
  }

  /** The element is received, or the consumer is interrupted and the element stays. */
  public static class Interrupted {

    final AtomicWaker waker = new AtomicWaker(SlotOperations.PARKING);
    final Queue<String> queue = new ConcurrentLinkedQueue<>();
    private volatile Thread consumer;
    private String received;
    private boolean interrupted;

    @Operation(runOnce = true)
    public void consumer() {
      Thread.interrupted(); // by the interleaving before, which had ended
      consumer = Thread.currentThread();
      try {
        received = receive();
      } catch (InterruptedException e) {
        interrupted = true;
      }
      consumer = null;
    }

    @Operation(runOnce = true)
    public void producer() {
      put("one");
      waker.wake();
    }

    @Operation(runOnce = true)
    public void interrupter() {
      Thread thread = consumer;
      if (thread != null) {
        thread.interrupt();
      }
    }

    @Validate
    public void nothingIsLost() {
      String left = left();
      if (interrupted ? received != null || left == null : received == null || left != null) {
        throw new IllegalStateException("received %s, left %s".formatted(received, left));
      }
      if (waker.registered() != null) {
        throw new IllegalStateException("still registered");
      }
    }

    void put(String element) {
      queue.add(element);
    }

    String receive() throws InterruptedException {
      return waker.awaitValue(queue::poll);
    }

    String left() {
      return queue.peek();
    }
  }

  /** The consumer announces itself: an element that is given to it then is received. */
  public static class InterruptedAnnounced extends Interrupted {

    private static final String ANNOUNCED = "announced";

    private final AtomicReference<String> place = new AtomicReference<>();
    private boolean given;

    @Override
    void put(String element) {
      do {
        given = place.compareAndSet(ANNOUNCED, element);
      } while (!given && !place.compareAndSet(null, element));
    }

    @Override
    String receive() throws InterruptedException {
      return waker.awaitValue(this::poll, this::withdraw);
    }

    @Override
    String left() {
      return given ? null : place.get();
    }

    private String poll() {
      if (waker.registered() == Thread.currentThread() && place.compareAndSet(null, ANNOUNCED)) {
        return null;
      }
      String found = place.get();
      if (found == null || found.equals(ANNOUNCED)) {
        return null;
      }
      place.set(null);
      return found;
    }

    boolean withdraw() {
      return place.compareAndSet(ANNOUNCED, null) || place.get() == null;
    }
  }

  /** Does not look whether the element was given meanwhile. */
  public static class WithdrawDropsTheElement extends InterruptedAnnounced {
    @Override
    boolean withdraw() {
      super.withdraw();
      return true;
    }
  }

  /** Looks at the interrupt before it looks at what it has polled. */
  public static class InterruptDropsTheElement extends Interrupted {
    @Override
    String receive() throws InterruptedException {
      try {
        waker.register();
        while (true) {
          String element = queue.poll();
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          if (element != null) {
            return element;
          }
          waker.park();
          waker.register();
        }
      } finally {
        waker.deregister();
      }
    }
  }
}
