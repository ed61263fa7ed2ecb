package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library in a JVM with nothing but {@code java.base}: no JFR, no Micrometer, no JSpecify. */
@Timeout(60)
class OptionalModulesTest {

  /** The program. */
  static final class Bare {
    public static void main(String[] args) throws Exception {
      WakerGroup group = WakerGroup.named("bare").parkingOnly().trackingWaits();
      AtomicWaker waker = new AtomicWaker(group);
      Thread waiter =
          Waiter.Kind.VIRTUAL.unstarted(
              () -> waker.awaitUninterruptibly(() -> group.stats().waiting() < 0));
      waiter.start();
      while (group.stats().waiting() == 0) {
        Thread.onSpinWait();
      }
      waker.register();
      waiter.join();
      System.out.println(
          AtomicWaker.class.getModule()
              + ", JFR: "
              + ModuleLayer.boot().findModule("jdk.jfr").isPresent()
              + ", displaced: "
              + group.stats().wakeups().displaced());
    }
  }

  @Test
  void onTheClassPath() throws Exception {
    assertEquals(
        "unnamed module, JFR: false, displaced: 1",
        ChildJvm.run(
                "--limit-modules",
                "java.base",
                "-classpath",
                ChildJvm.classPath(Bare.class),
                Bare.class.getName())
            .replaceAll(" @\\w+", ""));
  }

  @Test
  void onTheModulePath() throws Exception {
    assertEquals(
        "module io.github.atomicwaker, JFR: false, displaced: 1",
        ChildJvm.run(
                "--limit-modules",
                "java.base,io.github.atomicwaker",
                "--module-path",
                ChildJvm.classes(AtomicWaker.class),
                "--add-modules",
                "io.github.atomicwaker",
                "--patch-module",
                "io.github.atomicwaker=" + ChildJvm.classes(Bare.class),
                "--module",
                "io.github.atomicwaker/" + Bare.class.getName())
            .replaceAll(" @\\w+", ""));
  }
}
