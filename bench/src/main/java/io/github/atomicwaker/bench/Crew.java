package io.github.atomicwaker.bench;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Threads that are started once, and then work in batches when JMH's own thread releases them.
 *
 * <p>JMH's threads are few, and start and stop with every iteration; what is measured here is one
 * thread that waits for another, among up to 20,000 virtual ones. So a benchmark method is one
 * {@link #batch}: JMH's thread releases the crew, parks (it takes no core from them), and is
 * unparked by the last to finish. A batch takes milliseconds at least, so that this hand-shake of
 * microseconds does not matter; "ops" gives JMH the number of its operations. No thread starts in
 * measured time.
 *
 * <p>Threads that only answer ({@link #start}) are in no batch: they wait for the next message
 * between batches as they do within.
 */
final class Crew {

  /** What a member of the crew does in a batch. */
  interface Work {
    /**
     * Does one member's share of one batch.
     *
     * @param member its number, from 0
     */
    void run(int member) throws Exception;
  }

  /** What a thread does that only answers. */
  interface Service {
    /** Answers once. */
    void run() throws Exception;
  }

  private final Work work;
  private final Thread[] members;
  private final AtomicInteger working = new AtomicInteger();
  private volatile @Nullable Thread caller;
  private volatile int batches;

  /**
   * Starts the threads.
   *
   * @param kind "virtual" or "platform"
   */
  Crew(String kind, int size, Work work) {
    this.work = work;
    members = new Thread[size];
    for (int i = 0; i < size; i++) {
      int member = i;
      members[i] = builder(kind).unstarted(() -> live(member));
    }
    for (Thread member : members) {
      member.start();
    }
  }

  /** Starts a thread for each core that keeps it busy. */
  static List<Thread> keepCoresBusy() {
    return IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .mapToObj(core -> start("platform", () -> Blackhole.consumeCPU(1_000)))
        .toList();
  }

  /** Starts a thread that answers for ever. */
  static Thread start(String kind, Service service) {
    return builder(kind)
        .start(
            () -> {
              try {
                while (true) {
                  service.run();
                }
              } catch (Throwable t) {
                endFork(t);
              }
            });
  }

  /** One batch of everybody. */
  void batch() {
    caller = Thread.currentThread();
    working.set(members.length);
    batches = next();
    LockSupport.unpark(members[0]);
    while (working.get() > 0) {
      LockSupport.park(this);
    }
  }

  private int next() {
    return batches + 1; // only ever written by the one caller
  }

  private void live(int member) {
    int done = 0;
    try {
      while (true) {
        while (batches == done) {
          LockSupport.park(this);
        }
        done++;
        // As a tree, since one platform thread would take 10 ms to unpark 10,000 virtual ones.
        release(2 * member + 1);
        release(2 * member + 2);
        work.run(member);
        if (working.decrementAndGet() == 0) {
          LockSupport.unpark(caller);
        }
      }
    } catch (Throwable t) {
      endFork(t);
    }
  }

  private void release(int member) {
    if (member < members.length) {
      LockSupport.unpark(members[member]);
    }
  }

  private static Thread.Builder builder(String kind) {
    return switch (kind) {
      case "virtual" -> Thread.ofVirtual();
      case "platform" -> Thread.ofPlatform().daemon();
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** The others would wait for this thread for ever; JMH reports a fork that died. */
  private static void endFork(Throwable t) {
    t.printStackTrace();
    Runtime.getRuntime().halt(1);
  }
}
