package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Waits in tasks of a {@link ForkJoinPool}: another task of the pool runs meanwhile, if the pool
 * lets it. If not, the wait parks all the same.
 */
@Timeout(60)
class PoolTest {
  private static final long PATIENCE_SECONDS = 20;

  /** The ways to wait, each until the scene is ready. */
  enum Way {
    AWAIT(
        scene -> {
          scene.waker.await(scene::isReady);
          return "value";
        }),
    AWAIT_TIMED(
        scene -> scene.waker.await(scene::isReady, Duration.ofHours(1)) ? "value" : "timed out"),
    UNINTERRUPTIBLY(
        scene -> {
          scene.waker.awaitUninterruptibly(scene::isReady);
          return "value";
        }),
    VALUE(scene -> scene.waker.awaitValue(() -> scene.isReady() ? "value" : null)),
    REGISTER_PARK(scene -> register(scene, scene.waker::park)),
    REGISTER_PARK_NANOS(
        scene -> register(scene, () -> scene.waker.parkNanos(Duration.ofHours(1).toNanos()))),
    TAKE(scene -> TakeMethod.TAKE.on(scene.empty)),
    POLL_TIMED(scene -> TakeMethod.POLL_TIMED.on(scene.empty)),
    PUT(scene -> putAndTake(scene, PutMethod.PUT)),
    OFFER_TIMED(scene -> putAndTake(scene, PutMethod.OFFER_TIMED)),
    GET(scene -> GetMethod.GET.on(scene.reply)),
    GET_TIMED(scene -> GetMethod.GET_UNIT.on(scene.reply));

    private interface Body {
      String on(Scene scene) throws InterruptedException, ExecutionException, TimeoutException;
    }

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final Body body;

    Way(Body body) {
      this.body = body;
    }

    String on(Scene scene) throws InterruptedException, ExecutionException, TimeoutException {
      return body.on(scene);
    }

    private static String register(Scene scene, Runnable park) {
      scene.waker.register();
      while (!scene.isReady()) {
        if (scene.waker.registered() == Thread.currentThread()) {
          park.run();
        }
        scene.waker.register();
      }
      scene.waker.deregister();
      return "value";
    }

    private static String putAndTake(Scene scene, PutMethod put) throws InterruptedException {
      assertTrue(put.on(scene.full, "value"));
      return TakeMethod.POLL.on(scene.full);
    }
  }

  /** One wait in a task of a pool. */
  static final class Scene {
    final AtomicWaker waker = new AtomicWaker();
    final Handoff<String> empty = new Handoff<>();
    final Handoff<String> full = new Handoff<>();
    final OneShot<String> reply = new OneShot<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile boolean ready;

    Scene() {
      full.offer("first");
    }

    boolean isReady() {
      return ready;
    }

    /** Returns once the task runs. */
    Future<String> begin(ForkJoinPool pool, Way way) throws InterruptedException {
      Future<String> task =
          pool.submit(
              () -> {
                thread = Thread.currentThread();
                begun.countDown();
                return way.on(this);
              });
      assertTrue(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "the task runs");
      return task;
    }

    boolean isParked() {
      return Waiter.isParked(requireNonNull(thread));
    }

    void awaitParked() {
      Waiter.awaitState(this::isParked, "parked");
    }

    /** Lets the pool end, with any outcome of the wait. */
    void end() {
      wake();
      LockSupport.unpark(thread);
    }

    void wake() {
      ready = true;
      waker.wake();
      empty.offer("value");
      full.poll();
      reply.complete("value");
    }
  }

  private static void assertEndedByATaskOfThePool(ForkJoinPool pool, Way way) throws Exception {
    Scene scene = new Scene();
    Future<String> waiting = scene.begin(pool, way);
    scene.awaitParked();
    pool.execute(scene::wake);
    try {
      assertEquals("value", waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } finally {
      scene.end();
    }
  }

  /** All kinds of waits in the common pool, with one worker. */
  static final class InTheCommonPool {
    public static void main(String[] args) {
      List<String> faults = new ArrayList<>();
      for (Way way : Way.values()) {
        try {
          assertEndedByATaskOfThePool(ForkJoinPool.commonPool(), way);
        } catch (Throwable thrown) {
          faults.add(way + ": " + thrown);
        }
      }
      if (ForkJoinPool.getCommonPoolParallelism() != 1) {
        faults.add("the common pool has more than one worker");
      }
      ChildJvm.exit(faults);
    }
  }

  private static ForkJoinPool pool(ForkJoinWorkerThreadFactory factory, int most, int least) {
    return new ForkJoinPool(1, factory, null, false, 0, most, least, null, 1, TimeUnit.SECONDS);
  }

  private static void end(ForkJoinPool pool) throws InterruptedException {
    pool.shutdown();
    assertTrue(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS), "the pool ends");
  }

  @Nested
  class WhereThePoolCompensates {

    @ParameterizedTest
    @EnumSource
    void anotherTaskOfAPoolOfOneRunsMeanwhile(Way way) throws Exception {
      ForkJoinPool pool = new ForkJoinPool(1);
      try {
        assertEndedByATaskOfThePool(pool, way);
      } finally {
        end(pool);
      }
    }

    @Test
    @Timeout(300)
    void anotherTaskOfTheCommonPoolRunsMeanwhile() throws Exception {
      ChildJvm.run(
          InTheCommonPool.class,
          List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=1"));
    }
  }

  @Nested
  class WhereThePoolRefuses {

    /** At its limit of threads the pool refuses. */
    @ParameterizedTest
    @EnumSource
    void theWaitParks(Way way) throws Exception {
      ForkJoinPool pool = pool(ForkJoinPool.defaultForkJoinWorkerThreadFactory, 1, 1);
      Scene scene = new Scene();
      Future<String> waiting = scene.begin(pool, way);
      try {
        scene.awaitParked();
        scene.wake();
        assertEquals("value", waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      } finally {
        scene.end();
        end(pool);
      }
    }
  }

  /** What a thread factory, which is foreign code, may do when a wait asks for one more thread. */
  enum FactoryFailure {
    THROWS(
        () -> {
          throw new IllegalStateException("of the test's factory");
        }),
    RUNS_OUT_OF_MEMORY(
        () -> {
          throw new OutOfMemoryError("of the test's factory: unable to create native thread");
        }),
    OVERFLOWS(
        () -> {
          throw new StackOverflowError("of the test's factory");
        }),
    RETURNS_NULL(() -> {});

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final Runnable body;

    FactoryFailure(Runnable body) {
      this.body = body;
    }
  }

  @Nested
  class WhereTheThreadFactoryFails {

    private static void assertSurvives(Way way, Runnable failure, boolean wakes) throws Exception {
      AtomicInteger threads = new AtomicInteger();
      Scene scene = new Scene();
      ForkJoinWorkerThreadFactory factory =
          pool -> {
            if (threads.incrementAndGet() > 1) {
              if (wakes) {
                scene.wake();
              }
              failure.run();
              return null;
            }
            return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
          };
      // Not closed: a pool whose factory failed while it compensated counts one worker too few, and
      // never terminates, with a Condition as well. Its threads end.
      ForkJoinPool pool = pool(factory, 100, 1);
      Future<String> waiting = scene.begin(pool, way);
      try {
        if (!wakes) {
          scene.awaitParked();
          scene.wake();
        }
        Waiter.awaitState(
            () -> waiting.isDone() || (threads.get() == 1 && scene.isParked()), "woken");
        assertTrue(threads.get() > 1, "the pool was asked for another thread");
        assertEquals("value", waiting.get());
      } finally {
        scene.end();
        pool.shutdownNow();
      }
    }

    @ParameterizedTest
    @EnumSource
    void theWaitGoesOn(FactoryFailure failure) throws Exception {
      for (Way way : Way.values()) {
        assertSurvives(way, failure.body, false);
      }
    }

    /** The wake comes while the pool makes a thread, which consumes its permit. */
    @ParameterizedTest
    @EnumSource
    void aWakeWhosePermitTheFactoryAteIsNotLost(Way way) throws Exception {
      assertSurvives(
          way,
          () -> {
            LockSupport.unpark(Thread.currentThread()); // if it was not registered yet
            LockSupport.park();
          },
          true);
    }
  }
}
