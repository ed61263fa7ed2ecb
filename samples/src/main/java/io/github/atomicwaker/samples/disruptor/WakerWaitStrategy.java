package io.github.atomicwaker.samples.disruptor;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;

/**
 * Lets the one consumer of a ring buffer wait on an {@link AtomicWaker}. To publish an event while
 * the consumer is awake costs a fence and a read, whatever the number of producers.
 *
 * <p>A ring buffer has one strategy for all its barriers, and here <em>one</em> thread can wait at
 * a time. Two consumers, side by side or one after the other, wait at once: the one that came first
 * gets an {@link IllegalStateException} that names both. A {@link BatchEventProcessor} gives it to
 * its {@link ExceptionHandler}, which by default ends that consumer.
 *
 * <p>A barrier that depends on other sequences works if those who advance them do not wait here
 * themselves (an {@link EventPoller}, or threads with a waker of their own). Since the Disruptor
 * signals nobody when such a sequence advances, it is looked at every {@value #GLANCE_MICROS}
 * microseconds; the thread that advances it may call {@link #signalAllWhenBlocking} to be faster.
 *
 * <p>An alert, and so {@link BatchEventProcessor#halt}, ends a wait at once. So does an interrupt,
 * but do not halt a {@code BatchEventProcessor} with it: that one, with any strategy, takes the
 * exception for one of the event handler's, and goes on with the next sequence but one.
 */
public final class WakerWaitStrategy implements WaitStrategy {

  private static final int GLANCE_MICROS = 100;
  private static final Duration GLANCE = Duration.ofNanos(1_000 * GLANCE_MICROS);

  private final AtomicWaker waker;

  /** Creates a strategy that spins and yields for a moment, where this pays, and then parks. */
  public WakerWaitStrategy() {
    waker = new AtomicWaker();
  }

  /**
   * Creates a strategy.
   *
   * @param group how to wait: {@link WakerGroup#parkingOnly} takes the fewest processor cycles
   */
  public WakerWaitStrategy(WakerGroup group) {
    waker = new AtomicWaker(group);
  }

  @Override
  public long waitFor(
      long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
      throws AlertException, InterruptedException {
    while (cursor.get() < sequence) {
      barrier.checkAlert();
      waker.await(() -> cursor.get() >= sequence || barrier.isAlerted());
    }
    long available = dependentSequence.get();
    while (available < sequence) {
      barrier.checkAlert();
      waker.await(() -> dependentSequence.get() >= sequence || barrier.isAlerted(), GLANCE);
      available = dependentSequence.get();
    }
    return available;
  }

  /** Called by every producer after it has published, and by {@link SequenceBarrier#alert}. */
  @Override
  public void signalAllWhenBlocking() {
    waker.wake();
  }

  @Override
  public String toString() {
    return "WakerWaitStrategy[" + waker + "]";
  }
}
