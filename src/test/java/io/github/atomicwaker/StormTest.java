package io.github.atomicwaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wait that never parks, since it is woken in every turn, leaves its carrier to others. */
@Timeout(300)
class StormTest {

  /** What happens at every look of a wait. */
  enum Storm {
    WAKES_ITS_OWN_WAKER {
      @Override
      void at(AtomicWaker waker) {
        waker.wake();
      }
    },
    DEREGISTERS {
      @Override
      void at(AtomicWaker waker) {
        waker.deregister();
      }
    },
    UNPARKS_ITS_OWN_THREAD {
      @Override
      void at(AtomicWaker waker) {
        LockSupport.unpark(Thread.currentThread());
      }
    },
    IS_TAKEN_AND_UNPARKED {
      @Override
      void at(AtomicWaker waker) {
        LockSupport.unpark(waker.take());
      }
    },
    IS_WOKEN_FROM_OUTSIDE {
      @Override
      void at(AtomicWaker waker) {}
    };

    abstract void at(AtomicWaker waker);
  }

  /** All storms, on the sole carrier. */
  static final class Storms implements BooleanSupplier {

    /** For hangs alone. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final Storm storm;
    private final AtomicWaker waker;
    private volatile boolean ready;
    private volatile long looks;

    private Storms(Storm storm, WakerGroup group) {
      this.storm = storm;
      this.waker = new AtomicWaker(group);
    }

    public static void main(String[] args) {
      List<String> faults = new ArrayList<>();
      WakerGroup adaptive = WakerGroup.named("storm");
      for (WakerGroup group : List.of(adaptive, adaptive.parkingOnly())) {
        for (Storm storm : Storm.values()) {
          for (boolean timed : new boolean[] {false, true}) {
            if (!new Storms(storm, group).letsOthersRun(timed)) {
              faults.add(storm + (timed ? ", timed, " : ", ") + group + ": no other thread runs");
            }
          }
        }
      }
      ChildJvm.exit(faults);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the thread that waits writes it
    public boolean getAsBoolean() {
      looks++;
      storm.at(waker);
      return ready;
    }

    private boolean letsOthersRun(boolean timed) {
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    if (timed) {
                      waker.awaitUninterruptibly(this, Duration.ofHours(1));
                    } else {
                      waker.awaitUninterruptibly(this);
                    }
                  });
      List<Thread> wakers = new ArrayList<>();
      if (storm == Storm.IS_WOKEN_FROM_OUTSIDE) {
        for (int i = 0; i < 2; i++) {
          wakers.add(
              Thread.ofPlatform()
                  .daemon()
                  .start(
                      () -> {
                        while (!ready) {
                          waker.wake();
                        }
                      }));
        }
      }
      boolean ran = ends(() -> looks > 1_000);
      Thread other =
          Thread.ofVirtual()
              .start(
                  () -> {
                    ready = true;
                    waker.wake();
                  });
      ran &= ends(() -> !other.isAlive());
      ready = true; // the carrier is needed again
      waker.wake();
      return ends(() -> !waiter.isAlive() && wakers.stream().noneMatch(Thread::isAlive)) && ran;
    }

    @SuppressWarnings("ThreadPriorityCheck") // the carrier may need this processor
    private static boolean ends(BooleanSupplier state) {
      long begin = System.nanoTime();
      while (!state.getAsBoolean()) {
        if (System.nanoTime() - begin > PATIENCE) {
          return false;
        }
        Thread.yield();
      }
      return true;
    }
  }

  @Test
  void othersRunOnTheSoleCarrier() throws Exception {
    ChildJvm.run(
        Storms.class,
        List.of(
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1"));
  }
}
