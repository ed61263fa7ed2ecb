package io.github.atomicwaker.samples.agrona;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.ParkedThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The strategy in Agrona's own {@link AgentRunner}. */
@Timeout(60)
class WakerIdleStrategyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);
  private static final WakerGroup PARKING = WakerGroup.named("agents").parkingOnly();

  enum Kind {
    PLATFORM(Thread.ofPlatform().daemon().factory()),
    VIRTUAL(Thread.ofVirtual().factory());

    @SuppressWarnings("ImmutableEnumChecker") // it has no state but a counter
    private final ThreadFactory factory;

    Kind(ThreadFactory factory) {
      this.factory = factory;
    }
  }

  private final WakerIdleStrategy strategy = new WakerIdleStrategy(PARKING, FOREVER);
  private final Queue<String> work = new ConcurrentLinkedQueue<>();
  private final Queue<String> done = new ConcurrentLinkedQueue<>();
  private final AtomicWaker waker = new AtomicWaker();
  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final List<AgentRunner> runners = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private record Work(IntSupplier duty) implements Agent {
    @Override
    public int doWork() {
      return duty.getAsInt();
    }

    @Override
    public String roleName() {
      return "agent";
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    strategy.stopParking();
    runners.forEach(runner -> runner.close(1, thread -> {}));
    for (Thread thread : threads) {
      assertTrue(thread.join(PATIENCE), "it ends");
    }
    assertEquals(List.of(), List.copyOf(errors));
  }

  @ParameterizedTest
  @EnumSource
  void anIdleAgentParksAndIsWoken(Kind kind) throws Exception {
    Thread agent = start(kind, strategy, this::handle);
    for (String message : List.of("one", "two", "three")) {
      awaitPark(agent);
      give(message);
      awaitDone(message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noWakeupIsLostThatRacesWithThePark(Kind kind) throws Exception {
    start(kind, strategy, this::handle);
    for (int i = 0; i < 5_000; i++) {
      give("message " + i);
      awaitDone("message " + i);
    }
  }

  @Test
  void aWakeupBetweenTheLookForWorkAndTheParkIsRemembered() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    start(
        Kind.PLATFORM,
        strategy,
        () -> {
          if (looks.incrementAndGet() == 1) {
            strategy.wakeup(); // the agent has looked, and has found nothing
          }
          waker.wake();
          return 0;
        });
    assertTrue(waker.await(() -> looks.get() == 2, PATIENCE), "it looks again");
  }

  @Test
  void wakeupsAreMerged() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    strategy.wakeup();
    strategy.wakeup();
    Thread agent =
        start(
            Kind.PLATFORM,
            strategy,
            () -> {
              looks.incrementAndGet();
              return 0;
            });
    awaitPark(agent);
    assertEquals(2, looks.get(), "the first one, and one for both wakeups");
  }

  @Test
  void whoHasWorkDoesNotPark() {
    strategy.idle(1);
    strategy.reset();
    strategy.wakeup();
    strategy.idle(1);
    strategy.reset();
    strategy.idle(0); // the wakeup is still there
    strategy.wakeup();
    strategy.idle(-1);
  }

  @Test
  void anAgentLooksForWorkThatNobodyAnnounces() throws Exception {
    start(Kind.PLATFORM, new WakerIdleStrategy(PARKING, Duration.ofMillis(1)), this::handle);
    work.add("unannounced");
    awaitDone("unannounced");
  }

  @ParameterizedTest
  @EnumSource
  void aCloseAfterStopParkingEndsAParkedAgentWithoutAnInterrupt(Kind kind) throws Exception {
    AtomicInteger interrupts = new AtomicInteger();
    Thread agent = start(kind, strategy, this::handle);
    awaitPark(agent);
    strategy.stopParking();
    runners.get(0).close((int) PATIENCE.toMillis(), thread -> interrupts.incrementAndGet());
    assertFalse(agent.isAlive());
    assertEquals(0, interrupts.get());
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsAParkedAgent(Kind kind) throws Exception {
    Thread agent = start(kind, strategy, this::handle);
    awaitPark(agent);
    agent.interrupt();
    assertTrue(agent.join(PATIENCE), "it ends");
    assertTrue(runners.get(0).isClosed());
  }

  @Test
  void aCloseAloneEndsAParkedAgentByAnInterrupt() throws Exception {
    Thread agent = start(Kind.PLATFORM, strategy, this::handle);
    awaitPark(agent);
    runners.get(0).close(1, thread -> {});
    assertFalse(agent.isAlive());
  }

  @Test
  void anIdleThatBeginsInterruptedReturns() {
    Thread.currentThread().interrupt();
    strategy.idle();
    assertTrue(Thread.interrupted());
  }

  @Test
  void itHasANameAndSaysWhoWaits() throws Exception {
    assertEquals("waker", strategy.alias());
    Thread agent = start(Kind.PLATFORM, strategy, this::handle);
    awaitPark(agent);
    assertTrue(strategy.toString().contains("#" + agent.threadId()), strategy.toString());
  }

  private int handle() {
    String message = work.poll();
    if (message == null) {
      return 0;
    }
    done.add(message);
    waker.wake();
    return 1;
  }

  private void give(String message) {
    work.add(message);
    strategy.wakeup();
  }

  private void awaitDone(String message) throws InterruptedException {
    assertEquals(message, waker.awaitValue(done::poll, PATIENCE));
  }

  private Thread start(Kind kind, IdleStrategy idle, IntSupplier duty) {
    AgentRunner runner = new AgentRunner(idle, errors::add, null, new Work(duty));
    Thread thread = AgentRunner.startOnThread(runner, kind.factory);
    runners.add(runner);
    threads.add(thread);
    return thread;
  }

  private void awaitPark(Thread thread) {
    ParkedThread.await(
        () ->
            strategy.toString().contains("#" + thread.threadId() + ",")
                && ParkedThread.isParked(thread),
        "the agent is parked");
  }
}
