package io.github.atomicwaker.stress.soak;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Something that must not happen has happened. Ends the run. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  Fault(String message) {
    super(message);
  }

  /** Throws a fault unless what has to hold holds. */
  static void unless(boolean holds, String fault, @Nullable Object... about) {
    if (!holds) {
      throw new Fault(fault + Arrays.stream(about).map(o -> " " + o).collect(joining(",")));
    }
  }
}
