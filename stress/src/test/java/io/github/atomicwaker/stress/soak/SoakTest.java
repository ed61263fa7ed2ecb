package io.github.atomicwaker.stress.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.stress.soak.Workload.Kind;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SoakTest {
  private final ShortRun run = new ShortRun();

  private boolean run(List<Kind> kinds, int threads) throws InterruptedException {
    return new Soak(ShortRun.settings(threads), kinds, run.console).run();
  }

  /** Runs a workload that has to fail. */
  private void fail(int threads, Setup setup) throws InterruptedException {
    Kind kind = new Kind((soak, random, disturbed, size) -> new Custom(soak, random, setup), 1, 1);
    assertFalse(run(List.of(kind), threads), run::text);
  }

  private interface Setup {
    void add(Workload workload, WakerQueue queue);
  }

  private static final class Custom extends Workload {
    Custom(Soak soak, SplittableRandom random, Setup setup) {
      super(soak, random, false);
      setup.add(this, queue());
    }
  }

  @Test
  void aShortSoakPasses() throws InterruptedException {
    assertTrue(run(Soak.KINDS, 500), run::text);
    assertTrue(run.lastLine().startsWith("soak passed: 500 threads, "), run::lastLine);
  }

  @Test
  void findsAStrandedThread() throws InterruptedException {
    fail(
        2,
        (workload, queue) -> {
          workload.leader(
              "forgetful",
              me -> {
                workload.soak.tally.add(Tally.Count.SENT);
                while (!isParkedForEver(queue.waker.registered())) {
                  LockSupport.parkNanos(1_000_000);
                }
                queue.put(new Message(0, 1)); // and no wake
              });
          workload.follower("stranded", me -> receiveUntimed(me, queue));
        });
    run.assertPrinted("1 stuck: parked for 10 looks in a row");
    run.assertPrinted("stranded (Custom)");
    run.assertPrinted("AtomicWaker.await");
    assertTrue(
        run.lastLine().startsWith("soak FAILED: 2 threads, 1 messages sent, 0 rec"), run::text);
  }

  private static boolean isParkedForEver(@Nullable Thread thread) {
    return thread != null && thread.getState() == Thread.State.WAITING;
  }

  private static void receiveUntimed(Participant me, WakerQueue queue) {
    Message message = null;
    while (message == null) { // unless the condition threw
      message = me.waits.onWaker(WaitMethod.AWAIT, queue, queue.waker, queue::poll, Duration.ZERO);
    }
  }

  @Test
  void findsAThreadThatIsStrandedInAHandoff() throws InterruptedException {
    fail(
        2,
        (workload, queue) -> {
          CountedHandoff handoff = workload.handoff(false);
          workload.follower("stranded", me -> takeInSleep(me, handoff));
          workload.leader("closer", me -> handoff.close());
        });
    run.assertPrinted("1 stuck: parked for 10 looks in a row");
    run.assertPrinted("waits on the taking end of io.github.atomicwaker.Handoff@");
  }

  @Test
  void findsAThreadThatIsParkedAtAHandoffButNotInItsSlot() throws InterruptedException {
    fail(
        1,
        (workload, queue) -> {
          CountedHandoff handoff = workload.handoff(true);
          workload.follower("stranded", me -> takeInSleep(me, handoff));
        });
    run.assertPrinted("1 stuck: parked for 10 looks in a row");
  }

  /** Stands for a wait that a close does not end, and for one that was never unparked. */
  private static void takeInSleep(Participant me, CountedHandoff handoff) {
    me.waits.inPrimitive(
        WaitMethod.TAKE,
        handoff.out,
        Duration.ZERO,
        () -> {
          Thread.sleep(Duration.ofDays(1));
          return true;
        });
  }

  @Test
  void findsAHandoffThatIsNotEmpty() throws InterruptedException {
    fail(
        1,
        (workload, queue) -> {
          workload.handoff(false);
          workload.follower("idle", me -> {});
        });
    run.assertPrinted("not empty at the end: the taking end of");
  }

  @Test
  void findsAMessageThatNeverComes() throws InterruptedException {
    fail(1, (workload, queue) -> workload.follower("waiting", me -> me.receive(queue, 1)));
    run.assertPrinted("1 stuck: still waits, and nothing was received for 30 looks");
    run.assertPrinted("and should be asleep");
  }

  @Test
  void findsAMessageThatIsMissing() throws InterruptedException {
    fail(
        2,
        (workload, queue) -> {
          workload.leader("sender", me -> me.send(queue, 0, 2));
          workload.follower("receiver", me -> me.receive(queue, 1));
        });
    run.assertPrinted("receiver (Custom) failed");
    run.assertPrinted("number 1 was to come next");
  }

  @Test
  void findsAThreadThatStaysInTheSlot() throws InterruptedException {
    fail(1, (workload, queue) -> workload.follower("sticky", me -> queue.waker.register()));
    run.assertPrinted("not empty at the end");
  }

  @Test
  void theSeedDecidesWhoThereIs() {
    assertEquals(roles(), roles());
  }

  private List<String> roles() {
    return new Soak(ShortRun.settings(1_000), Soak.KINDS, run.console).roles();
  }
}
