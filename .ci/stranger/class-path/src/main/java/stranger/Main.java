package stranger;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A mailbox, on the class path, where there is no Micrometer. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    Queue<String> messages = new ConcurrentLinkedQueue<>();
    WakerGroup group = WakerGroup.named("mailbox").recordingStats();
    AtomicWaker waker = new AtomicWaker(group);
    Thread.startVirtualThread(
        () -> {
          messages.add("received");
          waker.wake();
        });
    String message = waker.awaitValue(messages::poll);
    Module module = AtomicWaker.class.getModule();
    System.out.printf(
        "class path: %s by %s module, %s Micrometer%n",
        message, module.isNamed() ? "a named" : "an unnamed", hasMicrometer() ? "with" : "without");
    System.out.println("class path: " + Calls.all());
  }

  private static boolean hasMicrometer() {
    try {
      Class.forName("io.micrometer.core.instrument.MeterRegistry");
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }
}
