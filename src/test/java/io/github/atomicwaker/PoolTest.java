package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Waits in tasks of a {@link ForkJoinPool}: another task of the pool runs meanwhile, if the pool
 * lets it, or else the wait parks all the same.
 */
@Timeout(60)
class PoolTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final long PATIENCE_SECONDS = 20;

  /** Every kind of wait, what ends it, and whether it has begun to park. */
  enum Wait {
    AWAIT {
      @Override
      String on(Scene scene) throws InterruptedException {
        scene.waker.await(scene::isReady);
        return "value";
      }
    },
    AWAIT_TIMED {
      @Override
      String on(Scene scene) throws InterruptedException {
        return scene.waker.await(scene::isReady, LONG) ? "value" : "time is up";
      }
    },
    UNINTERRUPTIBLY {
      @Override
      String on(Scene scene) {
        scene.waker.awaitUninterruptibly(scene::isReady);
        return "value";
      }
    },
    VALUE {
      @Override
      String on(Scene scene) throws InterruptedException {
        return scene.waker.awaitValue(() -> scene.isReady() ? "value" : null);
      }
    },
    REGISTER_PARK {
      @Override
      String on(Scene scene) {
        return byRegistering(scene, scene.waker::park);
      }
    },
    REGISTER_PARK_NANOS {
      @Override
      String on(Scene scene) {
        return byRegistering(scene, () -> scene.waker.parkNanos(LONG.toNanos()));
      }
    },
    TAKE {
      @Override
      String on(Scene scene) throws InterruptedException {
        return scene.handoff.take();
      }
    },
    TAKE_TIMED {
      @Override
      String on(Scene scene) throws InterruptedException {
        return requireNonNull(scene.handoff.poll(LONG));
      }
    },
    PUT {
      @Override
      String on(Scene scene) throws InterruptedException {
        scene.full.put("value");
        return requireNonNull(scene.full.poll());
      }
    },
    PUT_TIMED {
      @Override
      String on(Scene scene) throws InterruptedException {
        assertTrue(scene.full.offer("value", LONG));
        return requireNonNull(scene.full.poll());
      }
    };

    abstract String on(Scene scene) throws InterruptedException;

    private static String byRegistering(Scene scene, Runnable park) {
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
  }

  /** One wait in a task of a pool. */
  static final class Scene {
    final AtomicWaker waker = new AtomicWaker();
    final Handoff<String> handoff = new Handoff<>();
    final Handoff<String> full = new Handoff<>();
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
    Future<String> begin(ForkJoinPool pool, Wait wait) throws InterruptedException {
      Future<String> task =
          pool.submit(
              () -> {
                thread = Thread.currentThread();
                begun.countDown();
                return wait.on(this);
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

    /** Whatever became of the wait, its pool can end afterwards. */
    void end() {
      wake();
      LockSupport.unpark(thread);
    }

    void wake() {
      ready = true;
      waker.wake();
      handoff.offer("value");
      full.poll();
    }
  }

  private static void assertEndedByATaskOfThePool(ForkJoinPool pool, Wait wait) throws Exception {
    Scene scene = new Scene();
    Future<String> waiting = scene.begin(pool, wait);
    scene.awaitParked();
    pool.execute(scene::wake);
    try {
      assertEquals("value", waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } finally {
      scene.end();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherTaskOfAPoolOfOneRunsMeanwhile(Wait wait) throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(1)) {
      assertEndedByATaskOfThePool(pool, wait);
    }
  }

  /** All kinds of waits in the common pool, with one worker. */
  static final class InTheCommonPool {
    public static void main(String[] args) {
      List<String> faults = new ArrayList<>();
      for (Wait wait : Wait.values()) {
        try {
          assertEndedByATaskOfThePool(ForkJoinPool.commonPool(), wait);
        } catch (Throwable thrown) {
          faults.add(wait + ": " + thrown);
        }
      }
      if (ForkJoinPool.getCommonPoolParallelism() != 1) {
        faults.add("of more than one worker");
      }
      ChildJvm.exit(faults);
    }
  }

  @Test
  @Timeout(300)
  void anotherTaskOfTheCommonPoolRunsMeanwhile() throws Exception {
    ChildJvm.run(
        InTheCommonPool.class, List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=1"));
  }

  private static ForkJoinPool pool(ForkJoinWorkerThreadFactory factory, int most, int least) {
    return new ForkJoinPool(1, factory, null, false, 0, most, least, null, 1, TimeUnit.SECONDS);
  }

  /** At its limit of threads the pool refuses. */
  @ParameterizedTest
  @EnumSource
  void whereThePoolRefusesTheWaitParks(Wait wait) throws Exception {
    try (ForkJoinPool pool = pool(ForkJoinPool.defaultForkJoinWorkerThreadFactory, 1, 1)) {
      Scene scene = new Scene();
      Future<String> waiting = scene.begin(pool, wait);
      scene.awaitParked();
      scene.wake();
      try {
        assertEquals("value", waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      } finally {
        scene.end();
      }
    }
  }

  /** What a thread factory, which is foreign code, may do when a wait asks for one more thread. */
  enum Misdeed {
    THROWS {
      @Override
      void happen() {
        throw new IllegalStateException("of the test's factory");
      }
    },
    RUNS_OUT_OF_MEMORY {
      @Override
      void happen() {
        throw new OutOfMemoryError("of the test's factory: unable to create native thread");
      }
    },
    OVERFLOWS {
      @Override
      void happen() {
        throw new StackOverflowError("of the test's factory");
      }
    },
    RETURNS_NULL {
      @Override
      void happen() {}
    };

    abstract void happen();
  }

  private static void assertSurvives(Wait wait, Runnable misdeed, boolean wakes) throws Exception {
    AtomicInteger threads = new AtomicInteger();
    Scene scene = new Scene();
    ForkJoinWorkerThreadFactory factory =
        pool -> {
          if (threads.incrementAndGet() > 1) {
            if (wakes) {
              scene.wake();
            }
            misdeed.run();
            return null;
          }
          return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        };
    // Not closed: a pool whose factory failed while it compensated counts one worker too few, and
    // never terminates, with a Condition as well. Its threads end.
    ForkJoinPool pool = pool(factory, 100, 1);
    Future<String> waiting = scene.begin(pool, wait);
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
  void aThreadFactoryThatFailsEndsNoWait(Misdeed misdeed) throws Exception {
    for (Wait wait : Wait.values()) {
      assertSurvives(wait, misdeed::happen, false);
    }
  }

  /** The wake comes while the pool makes a thread, which eats its permit. */
  @ParameterizedTest
  @EnumSource
  void aThreadFactoryThatWakesAndParksLosesNoWake(Wait wait) throws Exception {
    assertSurvives(
        wait,
        () -> {
          LockSupport.unpark(Thread.currentThread()); // if it was not registered yet
          LockSupport.park();
        },
        true);
  }
}
