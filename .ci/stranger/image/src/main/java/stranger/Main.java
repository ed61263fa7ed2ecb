package stranger;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.OneShot;
import java.util.concurrent.atomic.AtomicBoolean;

/** A flag and a reply, in an image that has the modules that are needed and no more. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicWaker waker = new AtomicWaker();
    Thread.startVirtualThread(
        () -> {
          done.set(true);
          waker.wake();
        });
    waker.awaitUninterruptibly(done::get);
    OneShot<String> reply = new OneShot<>();
    Thread.startVirtualThread(() -> reply.complete("replied to"));
    System.out.println(
        "image: woken and %s among ".formatted(reply.get())
            + ModuleLayer.boot().modules().stream().map(Module::getName).sorted().toList());
  }
}
