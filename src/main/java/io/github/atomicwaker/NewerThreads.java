package io.github.atomicwaker;

/**
 * What {@link Thread} has since Java 19 and 21, and Java 17 lacks. This class alone is compiled
 * against the API of the JDK that builds; for the JVM these are plain calls, which the JIT inlines.
 *
 * <p>Not method handles: the first call of one loads more than a hundred classes, and the
 * interpreter's 128th makes another one, in the middle of a wait or a wake.
 */
final class NewerThreads {

  /** Whether this JDK has the methods. They are linked here, and not in the middle of a wait. */
  static final boolean PRESENT = arePresent();

  private NewerThreads() {}

  private static boolean arePresent() {
    Thread self = Thread.currentThread();
    try {
      boolean linked = self.threadId() > 0;
      return self.isVirtual() || linked;
    } catch (NoSuchMethodError olderJdk) {
      return false;
    }
  }

  /** Returns false on a JDK without virtual threads. */
  static boolean isVirtual(Thread thread) {
    return PRESENT && thread.isVirtual();
  }

  /** Returns the id that only this thread has, or 0 on a JDK where a subclass may override it. */
  static long id(Thread thread) {
    return PRESENT ? thread.threadId() : 0;
  }

  /** Returns the name, and the id if there is one, without calling what a subclass may override. */
  static String name(Thread thread) {
    String name = thread.getName();
    return PRESENT ? "#" + thread.threadId() + "," + name : name;
  }
}
