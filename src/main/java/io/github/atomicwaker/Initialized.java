package io.github.atomicwaker;

/**
 * Classes that are ready before the first wait or wake. One that were loaded later would run a
 * class loader's code in the middle of a wait, where it may park, and eat the permit of a wake; and
 * one that is initialized where the stack or the heap ends has failed for good.
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
