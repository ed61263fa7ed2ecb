package io.github.atomicwaker.samples.disruptor;

import static java.util.Objects.requireNonNull;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * Lets the consumers of a ring buffer wait, each on an {@link AtomicWaker} of its own: any number
 * side by side, or one after the other. To publish an event while no consumer waits costs a fence
 * and a read, whatever the number of producers. While some wait, it costs a look at what each of
 * them waits for: only those whose wait is over are woken.
 *
 * <p>The Disruptor signals nobody when a consumer advances its sequence, which those after it wait
 * for. Here a consumer does so at its next wait, and that is at the end of each batch of a {@link
 * BatchEventProcessor}. Sequences that others advance (an {@link EventPoller}, or a handler in the
 * middle of its batch) are looked at every {@value #GLANCE_MICROS} microseconds; the thread that
 * advances one may call {@link #signalAllWhenBlocking} to be faster.
 *
 * <p>An alert, and so {@link BatchEventProcessor#halt}, ends a wait at once. So does an interrupt,
 * but do not halt a {@code BatchEventProcessor} with it: that one, with any strategy, takes the
 * exception for one of the event handler's, and goes on with the next sequence but one.
 */
public final class WakerWaitStrategy implements WaitStrategy {

  private static final int GLANCE_MICROS = 100;
  private static final Duration GLANCE = Duration.ofNanos(1_000 * GLANCE_MICROS);
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private record Waiter(AtomicWaker waker, BooleanSupplier isOver) {}

  /** Read for each event, and written for each wait. */
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();

  private final WakerGroup group;
  private final Duration glance;

  /** Creates a strategy that spins and yields for a moment, where this pays, and then parks. */
  public WakerWaitStrategy() {
    this(WakerGroup.named("consumers"));
  }

  /**
   * Creates a strategy.
   *
   * @param group how to wait: {@link WakerGroup#parkingOnly} takes the fewest processor cycles
   */
  public WakerWaitStrategy(WakerGroup group) {
    this(group, GLANCE);
  }

  /** For tests, which see that no consumer needs a glance. */
  WakerWaitStrategy(WakerGroup group, Duration glance) {
    this.group = requireNonNull(group, "group");
    this.glance = glance;
  }

  @Override
  public long waitFor(
      long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
      throws AlertException, InterruptedException {
    signalAllWhenBlocking(); // the caller may have advanced its own sequence just before
    while (cursor.get() < sequence) {
      barrier.checkAlert();
      await(() -> cursor.get() >= sequence || barrier.isAlerted(), FOREVER);
    }
    long available = dependentSequence.get();
    while (available < sequence) {
      barrier.checkAlert();
      await(() -> dependentSequence.get() >= sequence || barrier.isAlerted(), glance);
      available = dependentSequence.get();
    }
    return available;
  }

  private void await(BooleanSupplier isOver, Duration each) throws InterruptedException {
    Waiter waiter = new Waiter(new AtomicWaker(group), isOver);
    waiters.add(waiter); // before the wait registers and looks
    try {
      while (!waiter.waker.await(isOver, each)) {
        // looks again: what it waits for may come without a signal
      }
    } finally {
      waiters.remove(waiter);
    }
  }

  /** Called by every producer after it has published, and by {@link SequenceBarrier#alert}. */
  @Override
  public void signalAllWhenBlocking() {
    VarHandle.fullFence(); // a release store published the event: the list must not be read before
    for (Waiter waiter : waiters) {
      if (waiter.isOver.getAsBoolean()) {
        waiter.waker.wake();
      }
    }
  }

  @Override
  public String toString() {
    return "WakerWaitStrategy" + waiters.stream().map(Waiter::waker).toList();
  }
}
