package stranger;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

/** Platform threads, on a Java that has no others. */
final class Main {
  private static final WakerGroup GROUP =
      WakerGroup.named("platform").parkingOnly().recordingStats();

  private Main() {}

  public static void main(String[] args) throws Exception {
    System.out.printf(
        "Java %d: %s, %s, %d values handed over, %s%n",
        Runtime.version().feature(), await(), receive(), handOver(1_000), displace());
  }

  private static String await() throws InterruptedException {
    boolean seen = new AtomicWaker(GROUP).await(() -> false, Duration.ofMillis(10));
    return seen ? "no time-out" : "timed out";
  }

  private static String receive() throws InterruptedException {
    Queue<String> messages = new ConcurrentLinkedQueue<>();
    AtomicWaker waker = new AtomicWaker();
    new Thread(
            () -> {
              messages.add("received");
              waker.wake();
            })
        .start();
    return waker.awaitValue(messages::poll);
  }

  private static int handOver(int values) throws InterruptedException {
    Handoff<Integer> handoff = new Handoff<>();
    Thread producer =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < values; i++) {
                  handoff.put(i);
                }
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              } finally {
                handoff.close();
              }
            });
    producer.start();
    int taken = 0;
    try {
      while (handoff.take() == taken) {
        taken++;
      }
    } catch (HandoffClosedException end) {
      // every value was taken
    }
    return taken;
  }

  private static String displace() throws InterruptedException {
    AtomicWaker waker = new AtomicWaker(GROUP);
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                waker.awaitUninterruptibly(() -> false);
              } catch (IllegalStateException displaced) {
                ended.completeExceptionally(displaced);
              }
            },
            "the waiter");
    waiter.start();
    while (waker.registered() != waiter) {
      Thread.onSpinWait();
    }
    waker.register();
    try {
      return "ended: " + ended.get();
    } catch (ExecutionException e) {
      boolean told = e.getCause().getMessage().contains("the waiter");
      return "%s told that it is displaced".formatted(told ? "the waiter is" : "nobody is");
    }
  }
}
