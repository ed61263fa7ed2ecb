package io.github.atomicwaker.bench;

import com.softwaremill.jox.Channel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedTransferQueue;

/** Queues and channels, which hold the message themselves. */
final class Channels {

  private Channels() {}

  record Queue(BlockingQueue<Object> queue) implements Link {
    @Override
    public void send(Object message) throws InterruptedException {
      queue.put(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return queue.take();
    }
  }

  static final class Transfer implements Link {
    private final LinkedTransferQueue<Object> queue = new LinkedTransferQueue<>();

    @Override
    public void send(Object message) throws InterruptedException {
      queue.transfer(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return queue.take();
    }
  }

  /** One way only: what the receiver gives in exchange means nothing. */
  static final class Exchange implements Link {
    private final Exchanger<Object> exchanger = new Exchanger<>();

    @Override
    public void send(Object message) throws InterruptedException {
      exchanger.exchange(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return exchanger.exchange(this);
    }
  }

  record Jox(Channel<Object> channel) implements Link {
    @Override
    public void send(Object message) throws InterruptedException {
      channel.send(message);
    }

    @Override
    public Object receive() throws InterruptedException {
      return channel.receive();
    }
  }
}
