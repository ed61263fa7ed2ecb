package io.github.atomicwaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wait that never parks, since it is woken at every check, leaves its carrier to others. */
@Tag("not-on-17") // needs carriers
@Timeout(300)
class StormTest {

  /** What happens at every check of a wait. */
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

  /** A wait in each storm, on the only carrier. */
  static final class Storms implements BooleanSupplier {
    private final Storm storm;
    private final AtomicWaker waker;
    private volatile boolean ready;
    private volatile long checks;

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
      checks++;
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
      boolean ran = Waiter.reaches(() -> checks > 1_000);
      Thread other =
          Thread.ofVirtual()
              .start(
                  () -> {
                    ready = true;
                    waker.wake();
                  });
      ran &= Waiter.reaches(() -> !other.isAlive());
      ready = true; // the carrier is needed again
      waker.wake();
      return Waiter.reaches(() -> !waiter.isAlive() && wakers.stream().noneMatch(Thread::isAlive))
          && ran;
    }
  }

  @Test
  void otherThreadsRunOnTheOnlyCarrier() throws Exception {
    ChildJvm.run(
        Storms.class,
        List.of(
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1"));
  }
}
