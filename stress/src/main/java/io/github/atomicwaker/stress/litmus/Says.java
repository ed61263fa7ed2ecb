package io.github.atomicwaker.stress.litmus;

import java.util.Locale;

/** Whether the executions of a program reach what must not happen: herd7's words. */
enum Says {
  NEVER,
  SOMETIMES,
  ALWAYS;

  static Says of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
