package io.github.atomicwaker.stress.soak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.stress.soak.Soak.Settings;
import io.github.atomicwaker.stress.soak.Station.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SoakTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private boolean run(List<Kind> kinds, int threads) throws InterruptedException {
    Settings settings = new Settings(1, threads, 1, Duration.ofSeconds(1));
    PrintStream out = new PrintStream(printed, true, UTF_8);
    return new Soak(settings, kinds, new Console(out, false)).run();
  }

  private String lastLine() {
    return printed.toString(UTF_8).strip().lines().reduce("", (previous, line) -> line);
  }

  @Test
  void aShortSoakPasses() throws InterruptedException {
    assertTrue(run(Soak.KINDS, 500), printed::toString);
    assertTrue(lastLine().startsWith("soak passed: 500 threads, "), this::lastLine);
  }

  @Test
  void findsAStrandedThread() throws InterruptedException {
    Kind forgetful =
        station(
            (station, box) -> {
              station.leader(
                  "forgetful",
                  me -> {
                    station.soak.tally.add(Tally.Count.SENT);
                    while (!isParkedForEver(box.waker.registered())) {
                      LockSupport.parkNanos(1_000_000);
                    }
                    box.put(new Message(0, 1)); // and no wake
                  });
              station.follower("stranded", me -> receiveUntimed(me, box));
            });
    assertFalse(run(List.of(forgetful), 2));
    String text = printed.toString(UTF_8);
    assertTrue(text.contains("1 stuck: parked for 10 looks in a row"), text);
    assertTrue(text.contains("stranded (Custom)"), text);
    assertTrue(text.contains("AtomicWaker.await"), text);
    assertTrue(lastLine().startsWith("soak FAILED: 2 threads, 1 messages sent, 0 rec"), text);
  }

  private static boolean isParkedForEver(@Nullable Thread thread) {
    return thread != null && thread.getState() == Thread.State.WAITING;
  }

  private static void receiveUntimed(Actor me, Box box) {
    Message message = null;
    while (message == null) { // unless the condition was in a mood to throw
      message = me.attempt(Way.AWAIT, box, box.waker, box::poll, Duration.ZERO);
    }
  }

  @Test
  void findsAThreadThatIsStrandedInAHandoff() throws InterruptedException {
    Kind closing =
        station(
            (station, box) -> {
              Line line = station.line(false);
              station.follower(
                  "stranded", me -> me.attempt(Way.TAKE, line.out, Duration.ZERO, () -> sleep()));
              station.leader("closer", me -> line.close());
            });
    assertFalse(run(List.of(closing), 2));
    String text = printed.toString(UTF_8);
    assertTrue(text.contains("1 stuck: parked for 10 looks in a row"), text);
    assertTrue(text.contains("waits on the taking end of io.github.atomicwaker.Handoff@"), text);
  }

  @Test
  void findsAThreadThatIsParkedAtAHandoffButNotInItsSlot() throws InterruptedException {
    Kind displaced =
        station(
            (station, box) -> {
              Line line = station.line(true);
              station.follower(
                  "stranded", me -> me.attempt(Way.TAKE, line.out, Duration.ZERO, () -> sleep()));
            });
    assertFalse(run(List.of(displaced), 1));
    String text = printed.toString(UTF_8);
    assertTrue(text.contains("1 stuck: parked for 10 looks in a row"), text);
  }

  /** Stands for a wait that a close does not end, and for one that was never unparked. */
  private static boolean sleep() throws InterruptedException {
    Thread.sleep(Duration.ofDays(1));
    return true;
  }

  @Test
  void findsAHandoffThatIsNotEmpty() throws InterruptedException {
    Kind open =
        station(
            (station, box) -> {
              station.line(false);
              station.follower("idle", me -> {});
            });
    assertFalse(run(List.of(open), 1));
    String text = printed.toString(UTF_8);
    assertTrue(text.contains("not empty at the end: the taking end of"), text);
  }

  @Test
  void findsAMessageThatNeverComes() throws InterruptedException {
    Kind silent = station((station, box) -> station.follower("waiting", me -> me.receive(box, 1)));
    assertFalse(run(List.of(silent), 1));
    String text = printed.toString(UTF_8);
    assertTrue(text.contains("1 stuck: still waits, and nothing was received for 30 looks"), text);
    assertTrue(text.contains("and should be asleep"), text);
  }

  @Test
  void findsAMessageThatIsMissing() throws InterruptedException {
    Kind gap =
        station(
            (station, box) -> {
              station.leader("sender", me -> me.send(box, 0, 2));
              station.follower("receiver", me -> me.receive(box, 1));
            });
    assertFalse(run(List.of(gap), 2));
    String text = printed.toString(UTF_8);
    assertTrue(text.contains("receiver (Custom) failed"), text);
    assertTrue(text.contains("number 1 was to come next"), text);
  }

  @Test
  void findsAThreadThatStaysInTheSlot() throws InterruptedException {
    Kind sticky = station((station, box) -> station.follower("sticky", me -> box.waker.register()));
    assertFalse(run(List.of(sticky), 1));
    String text = printed.toString(UTF_8);
    assertTrue(text.contains("not empty at the end"), text);
  }

  @Test
  void theSeedDecidesWhoThereIs() {
    Settings settings = new Settings(1, 1_000, 7, Duration.ofSeconds(1));
    Console console = new Console(new PrintStream(printed, true, UTF_8), false);
    assertEquals(
        new Soak(settings, Soak.KINDS, console).roles(),
        new Soak(settings, Soak.KINDS, console).roles());
  }

  private interface Setup {
    void add(Station station, Box box);
  }

  private static Kind station(Setup setup) {
    return new Kind((soak, random, wild, threads) -> new Custom(soak, random, setup), 1, 1);
  }

  private static final class Custom extends Station {
    Custom(Soak soak, SplittableRandom random, Setup setup) {
      super(soak, random, false);
      setup.add(this, box());
    }
  }
}
