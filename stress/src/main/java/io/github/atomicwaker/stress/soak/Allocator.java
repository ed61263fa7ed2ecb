package io.github.atomicwaker.stress.soak;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the garbage collector busy: fills the heap, whatever its size, up to a share that leaves
 * little room, and goes on replacing the oldest of what it holds, which by then is old to the
 * collector, too.
 */
final class Allocator implements Runnable {
  private static final double SHARE = 0.75;
  private static final int BLOCK = 64 << 10;
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  @Override
  public void run() {
    Runtime heap = Runtime.getRuntime();
    long limit = (long) (SHARE * heap.maxMemory());
    Queue<byte[]> blocks = new ArrayDeque<>();
    while (true) {
      blocks.add(new byte[BLOCK]);
      if (heap.totalMemory() - heap.freeMemory() > limit) {
        blocks.poll();
        blocks.poll(); // one more than came, for the threads need more as their stacks grow
      }
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
  }
}
