package io.github.atomicwaker.samples.common;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final int LOOKS = 5;
  private static final Duration PATIENCE = TICK.multipliedBy(LOOKS);

  @Test
  void threadsThatDoNothingAreFound() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    try (Workers workers = new Workers()) {
      workers.start(Thread.ofVirtual(), new CountDownLatch(1)::await);
      assertFalse(workers.await(workers::ended, () -> 0, PATIENCE, TICK, looks::incrementAndGet));
    }
    assertTrue(looks.get() >= LOOKS - 1, looks + " looks");
  }

  /** Its turn comes after those of threads that take all carriers for much longer. */
  @Test
  void aThreadThatHasNotHadItsTurnIsWaitedFor() throws Exception {
    AtomicInteger spinning = new AtomicInteger();
    AtomicInteger looks = new AtomicInteger();
    int carriers = Runtime.getRuntime().availableProcessors();
    try (Workers workers = new Workers();
        Workers spinners = new Workers()) {
      for (int i = 0; i < carriers; i++) {
        spinners.start(
            Thread.ofVirtual(),
            () -> {
              spinning.incrementAndGet();
              while (looks.get() < 10 * LOOKS && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
            });
      }
      ParkedThread.await(() -> spinning.get() == carriers, "all carriers are taken");
      workers.start(Thread.ofVirtual(), () -> {});
      assertTrue(workers.await(workers::ended, () -> 0, PATIENCE, TICK, looks::incrementAndGet));
    }
  }
}
