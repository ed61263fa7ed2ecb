package io.github.atomicwaker.samples;

/** The reply to the request of that number. On the wire: {@code 17 5 sksa 3 daerht 71}. */
record Reply(long number, String text) {

  static Reply parse(String line) {
    int space = line.indexOf(' ');
    return new Reply(Long.parseLong(line, 0, space, 10), line.substring(space + 1));
  }

  @Override
  public String toString() {
    return number + " " + text;
  }
}
