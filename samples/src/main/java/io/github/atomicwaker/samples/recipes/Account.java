package io.github.atomicwaker.samples.recipes;

import io.github.atomicwaker.AtomicWaker;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A state that needs its lock: the wait watches a number that each change of the state advances.
 */
final class Account {
  private final Lock lock = new ReentrantLock();
  private long balance; // guarded by the lock
  private long blocked; // guarded by the lock
  private final AtomicLong changes = new AtomicLong(); // advanced under the lock, read without
  private final AtomicWaker waker = new AtomicWaker();

  void change(long deposited, long newlyBlocked) {
    lock.lock();
    try {
      balance += deposited;
      blocked += newlyBlocked;
      changes.incrementAndGet();
    } finally {
      lock.unlock();
    }
    waker.wake();
  }

  /** Waits until so much is there and not blocked. One thread at a time. */
  void withdraw(long amount) throws InterruptedException {
    while (true) {
      long seen;
      lock.lock();
      try {
        if (balance - blocked >= amount) {
          balance -= amount;
          return;
        }
        seen = changes.get();
      } finally {
        lock.unlock();
      }
      waker.await(() -> changes.get() != seen); // holds nothing
    }
  }
}
