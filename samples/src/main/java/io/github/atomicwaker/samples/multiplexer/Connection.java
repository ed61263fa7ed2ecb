package io.github.atomicwaker.samples.multiplexer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Reply;
import io.github.atomicwaker.samples.common.Request;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that any number of threads share. Each of them {@linkplain #ask asks} and blocks
 * until its own reply has come. One thread writes all requests; another one reads all replies and
 * hands each to the call that waits for it.
 */
final class Connection implements AutoCloseable {

  private final Socket socket;
  private final Thread reader;
  private final Thread writer;
  private final Map<Long, Call> calls = new ConcurrentHashMap<>();
  private final Queue<Request> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicWaker outboxWaker;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private final LongAdder overtaken = new LongAdder();

  /**
   * Connects to a server on loopback.
   *
   * @param requests the group of the waker that the writer waits on for requests
   */
  Connection(int port, WakerGroup requests) throws IOException {
    outboxWaker = new AtomicWaker(requests);
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    reader = Thread.ofVirtual().name("connection-reader").unstarted(this::read);
    writer = Thread.ofVirtual().name("connection-writer").unstarted(this::write);
    reader.start();
    writer.start();
  }

  /**
   * Sends a request and blocks until its reply has come.
   *
   * @param call a new call, to wait in
   * @throws IOException if the connection is lost or closed before that
   */
  Reply ask(Request request, Call call) throws IOException, InterruptedException {
    calls.put(request.number(), call); // first, as the reply may be fast
    outbox.add(request);
    outboxWaker.wake();
    Throwable lost = failure.get(); // after the put: a failure is set before it looks for calls
    if (lost == null) {
      try {
        return call.await();
      } catch (ExecutionException e) {
        lost = e.getCause();
      }
    }
    throw new IOException("the connection is lost: " + lost, lost);
  }

  /** Returns whether a request still waits for its reply to arrive. */
  boolean isPending(Request request) {
    return calls.containsKey(request.number());
  }

  /** Returns how many replies came after the reply to a later request. */
  long overtaken() {
    return overtaken.sum();
  }

  private void write() {
    try {
      var out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), UTF_8));
      while (true) {
        Request request = outbox.poll();
        if (request == null) {
          out.flush(); // only now: many requests go out in one packet
          request = outboxWaker.awaitValue(outbox::poll);
        }
        out.write(request + "\n");
      }
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void read() {
    try {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      long latest = 0;
      for (String line; (line = in.readLine()) != null; ) {
        Reply reply = Reply.parse(line);
        Call call = calls.remove(reply.number());
        if (call == null) {
          throw new ProtocolException("nobody waits for the reply \"" + line + "\"");
        }
        if (reply.number() < latest) {
          overtaken.increment();
        } else {
          latest = reply.number();
        }
        call.complete(reply);
      }
      throw new EOFException("the server closed the connection");
    } catch (Throwable e) {
      fail(e);
    }
  }

  /** Ends both threads and every call; the first cause is kept. */
  private void fail(Throwable cause) {
    Throwable first = failure.compareAndExchange(null, cause);
    Throwable kept = first == null ? cause : first;
    writer.interrupt();
    try {
      socket.close(); // ends the reader
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    calls.values().forEach(call -> call.fail(kept));
  }

  /** Returns when both threads have ended: from then on no waker of theirs counts anything. */
  @Override
  public void close() {
    fail(new IOException("closed"));
    try {
      writer.join();
      reader.join();
    } catch (InterruptedException inAHurry) {
      Thread.currentThread().interrupt();
    }
  }
}
