package io.github.atomicwaker.samples.multiplexer;

import io.github.atomicwaker.OneShot;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Reply;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One thread waits here for one reply, which another thread brings. The first end stays. */
interface Call {

  void complete(Reply reply);

  void fail(Throwable cause);

  Reply await() throws InterruptedException, ExecutionException;

  /** With a one-shot reply: nothing is locked. */
  final class OfOneShot implements Call {
    private final OneShot<Reply> reply;

    /** A waker that lives for one wait learns nothing itself: the group of all calls does. */
    OfOneShot(WakerGroup replies) {
      reply = new OneShot<>(replies);
    }

    @Override
    public void complete(Reply reply) {
      this.reply.complete(reply);
    }

    @Override
    public void fail(Throwable cause) {
      reply.fail(cause);
    }

    @Override
    public Reply await() throws InterruptedException, ExecutionException {
      return reply.get();
    }
  }

  /** The same with a lock and its condition. */
  final class OfCondition implements Call {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private @Nullable Reply reply;
    private @Nullable Throwable failure;

    @Override
    public void complete(Reply reply) {
      end(reply, null);
    }

    @Override
    public void fail(Throwable cause) {
      end(null, cause);
    }

    private void end(@Nullable Reply reply, @Nullable Throwable failure) {
      lock.lock();
      try {
        if (this.reply == null && this.failure == null) {
          this.reply = reply;
          this.failure = failure;
          ended.signal();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Reply await() throws InterruptedException, ExecutionException {
      lock.lockInterruptibly();
      try {
        while (reply == null) {
          if (failure != null) {
            throw new ExecutionException(failure);
          }
          ended.await();
        }
        return reply;
      } finally {
        lock.unlock();
      }
    }
  }
}
