package io.github.atomicwaker.samples.agrona;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;

/**
 * Lets an {@link Agent} that has no work park until another thread calls {@link #wakeup}. Agrona's
 * own strategies look for work again and again: they spin, yield, or park for up to a fixed time.
 *
 * <p>All that gives the agent work has to call {@link #wakeup} afterwards. A wakeup is remembered:
 * one that comes between the agent's look for work and its park ends that park. For work that
 * nobody announces, such as a timer or a file that another process writes, there is a longest park.
 *
 * <p>An {@link AgentRunner} has one strategy of its own. Its {@code close} wakes nobody. It
 * interrupts the agent, which ends a park, but only after a time-out of five seconds, and prints a
 * message. So call {@link #stopParking} before {@code close}.
 */
public final class WakerIdleStrategy implements IdleStrategy {
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final AtomicBoolean wakeup = new AtomicBoolean();
  private final AtomicWaker waker;
  private final Duration longestPark;
  private volatile boolean stopped;

  /** Creates a strategy that parks until it is woken. */
  public WakerIdleStrategy() {
    this(WakerGroup.named("agents"), FOREVER);
  }

  /**
   * Creates a strategy.
   *
   * @param group how to wait: {@link WakerGroup#parkingOnly} takes the fewest processor cycles
   * @param longestPark after which time an agent looks for work, though nobody has woken it
   */
  public WakerIdleStrategy(WakerGroup group, Duration longestPark) {
    this.waker = new AtomicWaker(group);
    this.longestPark = requireNonNull(longestPark, "longestPark");
  }

  /** Ends the current idle, or else the next one. Any thread may call this. Never blocks. */
  public void wakeup() {
    wakeup.set(true);
    waker.wake();
  }

  /** Lets no idle park from now on: for the moment before the agent is closed. Never blocks. */
  public void stopParking() {
    stopped = true;
    waker.wake();
  }

  @Override
  public void idle(int workCount) {
    if (workCount <= 0) {
      idle();
    }
  }

  /** Parks. An interrupt ends this, and stays pending, so that the agent's runner sees it. */
  @Override
  public void idle() {
    try {
      waker.await(this::isOver, longestPark);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOver() {
    return (wakeup.get() && wakeup.getAndSet(false)) || stopped;
  }

  /** Does nothing: there is no state but the wakeup, which must not be lost. */
  @Override
  public void reset() {}

  @Override
  public String alias() {
    return "waker";
  }

  @Override
  public String toString() {
    return "WakerIdleStrategy[" + waker + "]";
  }
}
