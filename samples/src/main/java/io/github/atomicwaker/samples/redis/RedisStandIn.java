package io.github.atomicwaker.samples.redis;

import io.github.atomicwaker.AtomicWaker;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What stands in for Redis where there is none, on loopback: the commands of the sample and its
 * tests, and no others. A virtual thread serves each connection.
 */
final class RedisStandIn implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final ServerSocket listener;
  private final Function<Object, List<Object>> mischief;
  private final Map<String, Object> values = new HashMap<>();
  private final Map<Long, Client> clients = new HashMap<>();
  private long latestClient;

  /**
   * Starts a server.
   *
   * @param port the port, or 0 for a free one
   * @param mischief what is sent in place of a reply; by a good server, the reply
   */
  RedisStandIn(int port, Function<Object, List<Object>> mischief) throws IOException {
    this.listener = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
    this.mischief = mischief;
    Thread.ofVirtual().name("redis-stand-in").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        synchronized (this) {
          Client client = new Client(++latestClient, socket);
          clients.put(client.id, client);
          Thread.ofVirtual().start(client);
          if (listener.isClosed()) {
            client.hangUp();
          }
        }
      }
    } catch (IOException closed) {
      // So it is.
    }
  }

  /** Hangs up on every client. */
  @Override
  public synchronized void close() throws IOException {
    listener.close();
    for (Client client : clients.values()) {
      client.hangUp();
    }
  }

  private final class Client implements Runnable {
    private final long id;
    private final Socket socket;
    private final AtomicWaker waker = new AtomicWaker();
    private volatile boolean blocked;

    Client(long id, Socket socket) {
      this.id = id;
      this.socket = socket;
    }

    @Override
    public void run() {
      try (socket) {
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = new BufferedOutputStream(socket.getOutputStream());
        while (Resp.read(in) instanceof List<?> words) {
          List<String> command = words.stream().map(String.class::cast).toList();
          if (command.get(0).equals("BLPOP")) {
            out.flush(); // the replies before it do not wait for this one
            block(Double.parseDouble(command.get(2)));
          }
          for (Object reply : mischief.apply(execute(command))) {
            Resp.write(out, reply);
          }
          if (in.available() == 0) {
            out.flush();
          }
        }
      } catch (IOException | InterruptedException | RuntimeException gone) {
        // Whether the client hung up or sent nonsense: the connection is closed, which it sees.
      } finally {
        synchronized (RedisStandIn.this) {
          clients.remove(id);
        }
      }
    }

    /** Blocks this connection and no other one, as Redis does while the list is empty. */
    private void block(double seconds) throws InterruptedException {
      blocked = true;
      waker.await(() -> !blocked || socket.isClosed(), Duration.ofMillis((long) (seconds * 1e3)));
      blocked = false;
    }

    /** One command at a time; and none that was sent before its client was killed. */
    private Object execute(List<String> command) throws IOException {
      synchronized (RedisStandIn.this) {
        if (socket.isClosed()) {
          throw new IOException("killed");
        }
        return switch (command.get(0)) {
          case "PING" -> "PONG";
          case "ECHO" -> command.get(1);
          case "SET" -> {
            values.put(command.get(1), command.get(2));
            yield "OK";
          }
          case "GET" -> values.getOrDefault(command.get(1), Resp.NIL);
          case "BLPOP" -> Resp.NIL;
          case "CLIENT" -> client(command);
          default -> new Resp.Refusal("ERR unknown command '%s'".formatted(command.get(0)));
        };
      }
    }

    private Object client(List<String> command) throws IOException {
      if (command.get(1).equals("ID")) {
        return id;
      }
      Client other = clients.get(Long.valueOf(command.get(command.size() - 1)));
      if (other == null || (command.get(1).equals("UNBLOCK") && !other.blocked)) {
        return 0L;
      }
      if (command.get(1).equals("UNBLOCK")) {
        other.blocked = false;
        other.waker.wake();
      } else {
        other.hangUp();
      }
      return 1L;
    }

    void hangUp() throws IOException {
      socket.close();
      waker.wake();
    }
  }
}
