package io.github.atomicwaker.samples.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;

/**
 * The wire format of Redis, RESP2, for both sides. A {@code String} is a string, a {@code Long} an
 * integer, a {@code List} an array; and there are {@link #NIL} and {@link Refusal}.
 */
final class Resp {

  /** There is no value. */
  static final Object NIL =
      new Object() {
        @Override
        public String toString() {
          return "nil";
        }
      };

  /** An error reply. */
  record Refusal(String message) {}

  private Resp() {}

  /** Returns a command as it goes over the wire. */
  static byte[] command(String... words) {
    var out = new ByteArrayOutputStream();
    try {
      write(out, List.of(words));
    } catch (IOException notInMemory) {
      throw new AssertionError(notInMemory);
    }
    return out.toByteArray();
  }

  static void write(OutputStream out, Object value) throws IOException {
    switch (value) {
      case String text -> {
        byte[] bytes = text.getBytes(UTF_8);
        line(out, "$" + bytes.length);
        out.write(bytes);
        line(out, "");
      }
      case List<?> list -> {
        line(out, "*" + list.size());
        for (Object element : list) {
          write(out, element);
        }
      }
      case Long number -> line(out, ":" + number);
      case Refusal refusal -> line(out, "-" + refusal.message());
      default -> line(out, "$-1");
    }
  }

  private static void line(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(UTF_8));
  }

  /** Reads one value; blocks until all of it has come. */
  static Object read(InputStream in) throws IOException {
    String line = line(in);
    String rest = line.isEmpty() ? "" : line.substring(1);
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+' -> rest;
      case '-' -> new Refusal(rest);
      case ':' -> Long.valueOf(rest);
      case '$' -> rest.equals("-1") ? NIL : string(in, Integer.parseInt(rest));
      case '*' -> rest.equals("-1") ? NIL : list(in, Integer.parseInt(rest));
      default -> throw new ProtocolException("not RESP2: \"" + line + "\"");
    };
  }

  private static String string(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (!line(in).isEmpty()) {
      throw new ProtocolException("not RESP2: a string does not end where it should");
    }
    return new String(bytes, UTF_8);
  }

  private static List<Object> list(InputStream in, int size) throws IOException {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(read(in));
    }
    return list;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b; (b = in.read()) != '\n'; ) {
      if (b == -1) {
        throw new EOFException("the other side closed the connection");
      }
      line.write(b);
    }
    String text = line.toString(UTF_8);
    if (!text.endsWith("\r")) {
      throw new ProtocolException("not RESP2: \"" + text + "\"");
    }
    return text.substring(0, text.length() - 1);
  }
}
