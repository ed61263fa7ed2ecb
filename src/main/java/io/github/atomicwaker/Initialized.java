package io.github.atomicwaker;

/**
 * Initializes classes before the first wait or wake. A class that is loaded later runs a class
 * loader's code in the middle of a wait. That code may park, and consume the permit of a wake. And
 * a class whose initialization fails, because the stack or the heap ends, has failed for good.
 */
final class Initialized {

  private Initialized() {}

  /** Loads and initializes classes, each through the loader of this library. */
  static void ensure(Class<?>... types) {
    for (Class<?> type : types) {
      try {
        Class.forName(type.getName(), true, Initialized.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        throw new NoClassDefFoundError(type.getName());
      }
    }
  }
}
