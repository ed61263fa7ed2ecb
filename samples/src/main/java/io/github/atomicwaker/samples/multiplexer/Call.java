package io.github.atomicwaker.samples.multiplexer;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Reply;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One thread waits here for one reply, which another thread brings. */
interface Call {

  void complete(Reply reply);

  Reply await() throws InterruptedException;

  /** With a waker: the state is a volatile field, and nothing is locked. */
  final class OfWaker implements Call {
    private final AtomicWaker waker;
    private volatile @Nullable Reply reply;

    /** A waker that lives for one wait learns nothing itself: the group of all calls does. */
    OfWaker(WakerGroup replies) {
      waker = new AtomicWaker(replies);
    }

    @Override
    public void complete(Reply reply) {
      this.reply = reply;
      waker.wake();
    }

    @Override
    public Reply await() throws InterruptedException {
      return waker.awaitValue(() -> reply);
    }
  }

  /** The same with a lock and its condition. */
  final class OfCondition implements Call {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition completed = lock.newCondition();
    private @Nullable Reply reply;

    @Override
    public void complete(Reply reply) {
      lock.lock();
      try {
        this.reply = reply;
        completed.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Reply await() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (reply == null) {
          completed.await();
        }
        return reply;
      } finally {
        lock.unlock();
      }
    }
  }
}
