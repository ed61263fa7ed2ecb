package io.github.atomicwaker.samples.redis;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client of Redis that any number of threads share, over one TCP connection. Each of them blocks
 * until its own reply has come. If the connection is lost, all who wait for it are told, and the
 * next call opens another one. That one waits a moment before it connects, and its calls with it:
 * twice as long each time, up to a second, until there is a reply again. So callers that just try
 * again don't storm a server that is gone. Values are text.
 */
final class Redis implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int BUFFER = 1 << 16;

  /** How long the second connection waits before it connects, and how long any does at most. */
  private static final Duration FIRST_DELAY = Duration.ofMillis(1);

  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);

  /** What a call gets in place of a reply when the connection is lost. */
  private static final Object LOST = new Object();

  private final InetSocketAddress address;
  private final WakerGroup calls;
  private final WakerGroup outboxes = WakerGroup.named("redis outbox");

  /** Null once this is closed. */
  private final AtomicReference<@Nullable Connection> current;

  /**
   * Redis refused a command. That concerns its caller alone: the connection is as good as before.
   */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Makes a client of the Redis on that port of loopback, which need not be there yet.
   *
   * @param calls the group of the wakers that callers wait on
   */
  Redis(int port, WakerGroup calls) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.calls = calls;
    Connection first = new Connection(Duration.ZERO);
    this.current = new AtomicReference<>(first);
    first.start();
  }

  /**
   * Sends a command and blocks until its reply has come: a {@code String}, a {@code Long}, a {@code
   * List}, or {@link Resp#NIL}.
   *
   * @throws Refused if the reply is an error
   * @throws TimeoutException if there is no reply in time; the command may be carried out all the
   *     same
   * @throws IOException if the connection is lost meanwhile; so it may then
   */
  Object call(Duration timeout, String... command)
      throws IOException, TimeoutException, InterruptedException {
    return call(timeout, new WakerCall(calls, command));
  }

  /** The same, in the call's own way to wait. */
  Object call(Duration timeout, Call call)
      throws IOException, TimeoutException, InterruptedException {
    return connection().call(timeout, call);
  }

  Connection connection() throws IOException {
    Connection latest = current.get();
    if (latest != null && latest.isLost()) {
      Connection next = new Connection(latest.delayOfNext());
      Connection found = current.compareAndExchange(latest, next);
      if (found == latest) {
        next.start();
        return next; // perhaps it is lost again: a call opens one and no more
      }
      latest = found;
    }
    if (latest == null) {
      throw new IOException("the client is closed");
    }
    return latest;
  }

  /** From then on every call fails at once: who tries again has to ask. */
  boolean isClosed() {
    return current.get() == null;
  }

  /** Fails all calls. */
  @Override
  public void close() {
    Connection last = current.getAndSet(null);
    if (last != null) {
      last.fail(new IOException("closed"));
      last.join();
    }
  }

  /** A command, and where its caller waits for the reply, which another thread brings. */
  abstract static class Call {
    private final byte[] command;

    Call(String... command) {
      this.command = Resp.command(command);
    }

    abstract void complete(Object reply);

    /** Returns the reply, or null if the time is up. */
    abstract @Nullable Object await(Duration timeout) throws InterruptedException;
  }

  static final class WakerCall extends Call {
    private final AtomicWaker waker;
    private volatile @Nullable Object reply;

    WakerCall(WakerGroup calls, String... command) {
      super(command);
      waker = new AtomicWaker(calls);
    }

    @Override
    void complete(Object reply) {
      this.reply = reply;
      waker.wake();
    }

    @Override
    @Nullable Object await(Duration timeout) throws InterruptedException {
      return waker.awaitValue(() -> reply, timeout);
    }
  }

  /**
   * One connection, until its loss. Callers touch its queues only, never the socket: a virtual
   * thread that is interrupted in a socket closes it, for everybody.
   */
  final class Connection {
    private final Socket socket = new Socket();
    private final Thread reader = Thread.ofVirtual().name("redis-reader").unstarted(this::run);
    private final Thread writer = Thread.ofVirtual().name("redis-writer").unstarted(this::write);
    private final Queue<Call> outbox = new ConcurrentLinkedQueue<>();
    private final AtomicWaker outboxWaker = new AtomicWaker(outboxes);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** How long the reader waits before it connects. */
    private final Duration delay;

    private final AtomicWaker delayWaker = new AtomicWaker();
    private volatile boolean answered;

    /**
     * What was written, in this order, and has no reply: Redis answers in order. A caller that
     * gives up leaves its call here, or its reply would go to the next one.
     */
    private final Queue<Call> unanswered = new ConcurrentLinkedQueue<>();

    Connection(Duration delay) {
      this.delay = delay;
    }

    void start() {
      reader.start();
    }

    private Duration delayOfNext() {
      Duration next = answered || delay.isZero() ? FIRST_DELAY : delay.multipliedBy(2);
      return next.compareTo(LONGEST_DELAY) < 0 ? next : LONGEST_DELAY;
    }

    Object call(Duration timeout, Call call)
        throws IOException, TimeoutException, InterruptedException {
      outbox.add(call);
      outboxWaker.wake();
      // Look after the add: the outbox is emptied after the failure was set.
      Object reply = call.await(isLost() ? Duration.ZERO : timeout);
      if (reply == LOST || (reply == null && isLost())) {
        Throwable cause = failure.get();
        throw new IOException("the connection to %s is lost: %s".formatted(address, cause), cause);
      }
      if (reply == null) {
        throw new TimeoutException(
            "no reply from %s within %d ms".formatted(address, timeout.toMillis()));
      }
      if (reply instanceof Resp.Refusal refusal) {
        throw new Refused(refusal.message());
      }
      return reply;
    }

    boolean isLost() {
      return failure.get() != null;
    }

    private void write() {
      try {
        var out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        while (true) {
          Call call = outbox.poll();
          if (call == null) {
            out.flush(); // only now: many commands go out in one packet
            call = outboxWaker.awaitValue(outbox::poll);
          }
          unanswered.add(call); // first, as the reply may be fast
          out.write(call.command);
        }
      } catch (Throwable e) {
        fail(e);
      }
    }

    private void run() {
      try {
        delayWaker.await(this::isLost, delay); // by a close; a connect fails then
        socket.connect(address, CONNECT_MILLIS);
        socket.setTcpNoDelay(true);
        writer.start();
        read();
      } catch (Throwable e) {
        fail(e);
      }
      loseAll();
    }

    private void read() throws IOException {
      InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
      while (true) {
        Object reply = Resp.read(in);
        Call call = unanswered.poll();
        if (call == null) {
          throw new ProtocolException("nobody waits for the reply " + reply);
        }
        answered = true;
        call.complete(reply);
      }
    }

    /** Ends both threads; the first cause is kept. */
    void fail(Throwable cause) {
      failure.compareAndSet(null, cause);
      delayWaker.wake();
      writer.interrupt();
      try {
        socket.close(); // ends the reader
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }

    /** Returns when both threads have ended, and every call. */
    void join() {
      join(reader);
    }

    private static void join(Thread thread) {
      try {
        thread.join();
      } catch (InterruptedException inAHurry) {
        Thread.currentThread().interrupt();
      }
    }

    /**
     * Ends every call. The reader does that, last of all: were a call taken out while it still
     * reads, the reply would go to the next one; and the writer may have a call in its hands until
     * it has ended.
     */
    private void loseAll() {
      join(writer);
      for (Queue<Call> calls : List.of(unanswered, outbox)) {
        for (Call call; (call = calls.poll()) != null; ) {
          call.complete(LOST);
        }
      }
    }
  }
}
