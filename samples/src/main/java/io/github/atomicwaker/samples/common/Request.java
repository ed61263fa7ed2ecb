package io.github.atomicwaker.samples.common;

/** A numbered question. On the wire: {@code 17 thread 3 asks 5}. */
public record Request(long number, String question) {

  /** The only right reply: no other request has the same. */
  public Reply answer() {
    return new Reply(number, new StringBuilder(toString()).reverse().toString());
  }

  public static Request parse(String line) {
    int space = line.indexOf(' ');
    return new Request(Long.parseLong(line, 0, space, 10), line.substring(space + 1));
  }

  @Override
  public String toString() {
    return number + " " + question;
  }
}
