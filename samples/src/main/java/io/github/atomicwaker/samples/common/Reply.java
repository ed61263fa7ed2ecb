package io.github.atomicwaker.samples.common;

/** The reply to the request of that number. On the wire: {@code 17 5 sksa 3 daerht 71}. */
public record Reply(long number, String text) {

  public static Reply parse(String line) {
    int space = line.indexOf(' ');
    return new Reply(Long.parseLong(line, 0, space, 10), line.substring(space + 1));
  }

  @Override
  public String toString() {
    return number + " " + text;
  }
}
