package io.github.atomicwaker.samples.multiplexer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.atomicwaker.samples.common.Reply;
import io.github.atomicwaker.samples.common.Request;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A line server on loopback that answers out of order: it collects requests until it has a window
 * full, or no more come at the moment, and answers them in random order. One connection at a time,
 * in one thread, which ends when this is closed.
 */
final class ShufflingServer implements AutoCloseable {
  private static final int WINDOW = 64;

  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Random random;
  private final UnaryOperator<List<Reply>> mischief;

  /** The client's, if there is one. */
  private volatile @Nullable Socket current;

  /**
   * Starts a server on a free port.
   *
   * @param mischief what becomes of the replies; for a good server, nothing
   */
  ShufflingServer(long seed, UnaryOperator<List<Reply>> mischief) throws IOException {
    this.random = new Random(seed);
    this.mischief = mischief;
    Thread.ofPlatform().daemon().name("server").start(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve() {
    try {
      while (true) {
        serve(listener.accept());
      }
    } catch (IOException closed) {
      // So it is.
    }
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      current = socket;
      if (!listener.isClosed()) { // after the store: a close looks there when it has closed that
        socket.setTcpNoDelay(true);
        converse(socket);
      }
    } catch (IOException | RuntimeException gone) {
      // Whether the client hung up or sent nonsense: the connection is closed, which it sees.
    }
  }

  private void converse(Socket socket) throws IOException {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    var out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), UTF_8));
    List<Reply> window = new ArrayList<>();
    for (String line; (line = in.readLine()) != null; ) {
      window.add(Request.parse(line).answer());
      if (window.size() == WINDOW || !in.ready()) {
        Collections.shuffle(window, random);
        for (Reply reply : mischief.apply(window)) {
          out.write(reply + "\n");
        }
        out.flush();
        window.clear();
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Socket last = current;
    if (last != null) {
      last.close();
    }
  }
}
