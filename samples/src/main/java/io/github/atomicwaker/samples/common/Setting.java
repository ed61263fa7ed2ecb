package io.github.atomicwaker.samples.common;

/** What the user may set with {@code -Dname=value}; the root pom passes it on. */
public sealed interface Setting permits Option, Flag {

  String name();

  String about();

  /** Returns the value that it has unless the user sets it, in words. */
  String usual();
}
