package io.github.atomicwaker.samples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * What stands in for Redis where there is none, on loopback: the commands of the sample and its
 * tests, and no others. A virtual thread serves each connection. Each byte is one character here,
 * as the lengths on the wire count bytes.
 */
final class RedisStandIn implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final ServerSocket listener;
  private final UnaryOperator<String> mischief;
  private final Map<String, String> values = new ConcurrentHashMap<>();
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * Starts a server.
   *
   * @param port the port, or 0 for a free one
   * @param mischief what is sent in place of a reply; a good server sends the reply
   */
  RedisStandIn(int port, UnaryOperator<String> mischief) throws IOException {
    this.listener = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
    this.mischief = mischief;
    Thread.ofVirtual().name("redis-stand-in").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Returns how many connections there were. */
  int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        connections.incrementAndGet();
        clients.add(client);
        if (listener.isClosed()) { // after the add: a close looks there when it has closed that
          client.close();
        }
        Thread.ofVirtual().name("redis-stand-in-client").start(() -> serve(client));
      }
    } catch (IOException closed) {
      // The sample ends.
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      var in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
      var out = new BufferedOutputStream(client.getOutputStream());
      while (true) {
        List<String> command = read(in);
        boolean last = command.get(0).equals("QUIT");
        write(out, mischief.apply(reply(command, out)), last || in.available() == 0);
        if (last) {
          return;
        }
      }
    } catch (IOException | InterruptedException | RuntimeException gone) {
      // The client closed the connection or sent nonsense: it is closed on both sides.
    } finally {
      clients.remove(client);
    }
  }

  private static List<String> read(DataInputStream in) throws IOException {
    List<String> words = new ArrayList<>();
    for (int left = number(in); left > 0; left--) {
      byte[] word = new byte[number(in)];
      in.readFully(word);
      in.skipNBytes(2);
      words.add(new String(word, ISO_8859_1));
    }
    return words;
  }

  /** Reads a line such as {@code *3}. */
  private static int number(DataInputStream in) throws IOException {
    in.skipNBytes(1);
    int number = 0;
    for (byte digit; (digit = in.readByte()) != '\r'; ) {
      number = 10 * number + Character.digit(digit, 10);
    }
    in.skipNBytes(1);
    return number;
  }

  private String reply(List<String> command, OutputStream out)
      throws IOException, InterruptedException {
    return switch (command.get(0)) {
      case "PING" -> "+PONG\r\n";
      case "QUIT" -> "+OK\r\n";
      case "ECHO" -> bulk(command.get(1));
      case "SET" -> {
        values.put(command.get(1), command.get(2));
        yield "+OK\r\n";
      }
      case "GET" ->
          values.containsKey(command.get(1)) ? bulk(values.get(command.get(1))) : "$-1\r\n";
      case "WAIT" -> {
        out.flush(); // the replies before it do not wait for this one
        Thread.sleep(Long.parseLong(command.get(2)));
        yield ":0\r\n";
      }
      default -> "-ERR unknown command '%s'\r\n".formatted(command.get(0));
    };
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private static void write(OutputStream out, String reply, boolean flush) throws IOException {
    out.write(reply.getBytes(ISO_8859_1));
    if (flush) {
      out.flush();
    }
  }

  /** Closes every connection. */
  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket client : clients) {
      client.close();
    }
  }
}
