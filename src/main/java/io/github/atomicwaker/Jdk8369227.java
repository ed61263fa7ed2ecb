package io.github.atomicwaker;

import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * JDK-8369227: a virtual thread that parks without a time-out right after a park with one may miss
 * its unpark, and then no later unpark ends that park. The fault came with JDK 25. It is fixed in
 * 25.0.3 and 26.0.1.
 */
final class Jdk8369227 {

  /**
   * The longest park, in nanoseconds. On a JDK with the fault it is a second: a thread that missed
   * its unpark checks its condition late, but does check it.
   */
  static final long LONGEST_PARK = longestPark(Runtime.version());

  private Jdk8369227() {}

  static long longestPark(Runtime.Version version) {
    boolean losesUnparks =
        switch (version.feature()) {
          case 25 -> version.interim() == 0 && version.update() < 3;
          case 26 -> version.interim() == 0 && version.update() < 1;
          default -> false;
        };
    return losesUnparks ? SECONDS.toNanos(1) : Long.MAX_VALUE;
  }
}
