package stranger;

import io.github.atomicwaker.AtomicWaker;
import java.util.concurrent.atomic.AtomicBoolean;

/** A flag, in an image that has the modules that are needed and no more. */
final class Main {
  private Main() {}

  public static void main(String[] args) {
    AtomicBoolean done = new AtomicBoolean();
    AtomicWaker waker = new AtomicWaker();
    Thread.startVirtualThread(
        () -> {
          done.set(true);
          waker.wake();
        });
    waker.awaitUninterruptibly(done::get);
    System.out.println(
        "image: woken among "
            + ModuleLayer.boot().modules().stream().map(Module::getName).sorted().toList());
  }
}
