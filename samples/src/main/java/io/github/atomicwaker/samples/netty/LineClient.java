package io.github.atomicwaker.samples.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.atomicwaker.samples.common.Reply;
import io.github.atomicwaker.samples.common.Request;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/** A connection to a line server that one thread uses, without a buffer, as there may be many. */
final class LineClient implements AutoCloseable {
  private static final int LONGEST_LINE = 256;

  private final Socket socket;

  /**
   * Connects to a server on loopback.
   *
   * @param patience how long a reply may take
   */
  LineClient(int port, Duration patience) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
  }

  /** Sends a request and blocks until its reply has come. */
  Reply ask(Request request) throws IOException {
    send(request);
    return receive(request);
  }

  /** Half-closes after a request: its reply must still come, and then the end. */
  Reply askLast(Request request) throws IOException {
    send(request);
    socket.shutdownOutput();
    Reply reply = receive(request);
    if (socket.getInputStream().read() >= 0) {
      throw new IOException("the reply to \"" + request + "\" is not the last");
    }
    return reply;
  }

  private void send(Request request) throws IOException {
    socket.getOutputStream().write((request + "\n").getBytes(UTF_8));
  }

  private Reply receive(Request request) throws IOException {
    byte[] line = new byte[LONGEST_LINE];
    int length = 0;
    try {
      do {
        int count = socket.getInputStream().read(line, length, LONGEST_LINE - length);
        if (count <= 0) {
          throw new EOFException("after \"" + new String(line, 0, length, UTF_8) + "\"");
        }
        length += count;
      } while (line[length - 1] != '\n');
    } catch (IOException e) {
      throw new IOException("no reply came to \"" + request + "\"", e);
    }
    return Reply.parse(new String(line, 0, length - 1, UTF_8));
  }

  /** Closes with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
