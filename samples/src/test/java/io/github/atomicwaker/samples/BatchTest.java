package io.github.atomicwaker.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.Mailbox.Batch;
import io.github.atomicwaker.samples.Mailbox.Box;
import io.github.atomicwaker.samples.Mailbox.OfWaker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchTest {
  private final List<Thread> threads =
      List.of(new Thread("one"), new Thread("two"), new Thread("three"));
  private final List<Thread> woken = new ArrayList<>();

  @Test
  void aReceiverIsWokenOnceWhenTheBatchIsClosed() throws Exception {
    Box<String> box = new OfWaker<>(WakerGroup.named("boxes"));
    Parked<List<String>> receiver =
        new Parked<>(() -> List.of(box.receive(), box.receive(), box.receive()));
    Batch batch = new Recorded();
    box.send("a", batch);
    box.send("b", batch);
    box.send("c", batch);
    assertEquals(List.of(), woken);
    batch.close();
    assertEquals(List.of(receiver.thread), woken);
    assertEquals(List.of("a", "b", "c"), receiver.get());
  }

  @Test
  void eachIsWokenInTheOrderInWhichItWasTaken() {
    Batch batch = new Recorded();
    threads.forEach(batch::add);
    batch.add(null);
    batch.close();
    assertEquals(threads, woken);
  }

  @Test
  void theNextBatchBeginsEmpty() {
    Batch batch = new Recorded();
    batch.add(threads.get(0));
    batch.close();
    batch.add(threads.get(1));
    batch.close();
    assertEquals(threads.subList(0, 2), woken);
  }

  @Test
  void oneThatIsRejectedDoesNotRobTheOthers() {
    Batch batch =
        new Recorded() {
          @Override
          void unpark(Thread thread) {
            if (thread == threads.get(1)) {
              throw new RejectedExecutionException();
            }
            super.unpark(thread);
          }
        };
    threads.forEach(batch::add);
    assertThrows(RejectedExecutionException.class, batch::close);
    assertEquals(List.of(threads.get(0), threads.get(2)), woken);
    batch.close();
    assertEquals(2, woken.size());
  }

  private class Recorded extends Batch {
    @Override
    void unpark(Thread thread) {
      woken.add(thread);
      super.unpark(thread);
    }
  }
}
