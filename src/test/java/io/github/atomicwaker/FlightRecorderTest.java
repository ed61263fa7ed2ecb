package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording has of parks and races: of every group, without statistics too. */
@Timeout(60)
class FlightRecorderTest {
  private static final String PARK = "io.github.atomicwaker.Park";
  private static final String RACE = "io.github.atomicwaker.Race";

  @TempDir Path folder;

  private final AtomicWaker waker = new AtomicWaker(WakerGroup.named("orders").parkingOnly());
  private final AtomicBoolean ready = new AtomicBoolean();

  private interface Scene {
    void play() throws Exception;
  }

  private List<RecordedEvent> recorded(String name, boolean withoutThreshold, Scene scene)
      throws Exception {
    try (Recording recording = new Recording()) {
      if (withoutThreshold) {
        recording.enable(name).withoutThreshold();
      } else {
        recording.enable(name);
      }
      recording.start();
      scene.play();
      recording.stop();
      return events(recording);
    }
  }

  private List<RecordedEvent> events(Recording recording) throws IOException {
    Path file = folder.resolve("recording.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  private void parkAndWake() {
    Waiter<Boolean> waiter =
        Waiter.start(
                Waiter.Kind.VIRTUAL,
                () -> {
                  waker.await(ready::get);
                  return true;
                })
            .awaitParkedOn(waker);
    ready.set(true);
    waker.wake();
    assertTrue(waiter.result());
  }

  @Test
  void aParkHasItsDurationTheNameTheIdentityAndTheOutcome() throws Exception {
    List<RecordedEvent> events = recorded(PARK, true, this::parkAndWake);
    assertEquals(1, events.size(), events::toString);
    RecordedEvent park = events.getFirst();
    assertEquals(PARK, park.getEventType().getName());
    assertEquals("orders", park.getString("waker"));
    assertEquals(Objects.toIdentityString(waker), park.getString("identity"));
    assertEquals("woken", park.getString("outcome"));
    assertTrue(park.getDuration().toNanos() > 0);
    assertTrue(park.getThread().isVirtual());
  }

  @Test
  void everyOutcomeOfAParkHasItsName() throws Exception {
    List<RecordedEvent> events =
        recorded(
            PARK,
            true,
            () -> {
              assertFalse(waker.await(ready::get, Duration.ofMillis(1)));
              Waiter<Boolean> waiter =
                  Waiter.start(
                          Waiter.Kind.VIRTUAL,
                          () -> {
                            waker.await(ready::get);
                            return true;
                          })
                      .awaitParkedOn(waker);
              waiter.thread.interrupt();
              assertInstanceOf(InterruptedException.class, waiter.thrown());
            });
    assertEquals(
        List.of("timeout", "interrupted"),
        events.stream().map(event -> event.getString("outcome")).toList());
  }

  @Test
  void byDefaultOnlyParksOfTenMillisecondsAreRecorded() throws Exception {
    List<RecordedEvent> events =
        recorded(
            PARK,
            false,
            () -> {
              AtomicWaker brief = new AtomicWaker(WakerGroup.named("brief").parkingOnly());
              for (int i = 0; i < 10; i++) {
                assertFalse(brief.await(ready::get, Duration.ofNanos(1_000)));
              }
              assertFalse(waker.await(ready::get, Duration.ofMillis(30)));
            });
    assertTrue(
        events.stream().allMatch(event -> event.getDuration().toMillis() >= 10), events::toString);
    assertEquals(
        1, events.stream().filter(event -> event.getString("waker").equals("orders")).count());
  }

  @Test
  void aRaceHasItsKind() throws Exception {
    List<RecordedEvent> events =
        recorded(
            RACE,
            true,
            () -> {
              AtomicInteger looks = new AtomicInteger();
              waker.await(() -> looks.incrementAndGet() == 2 && waker.wake());
              waker.register(Thread.ofVirtual().unstarted(() -> {}));
              waker.register();
            });
    assertEquals(
        List.of("early", "displaced"),
        events.stream().map(event -> event.getString("kind")).toList());
    RecordedEvent race = events.getFirst();
    assertEquals("orders", race.getString("waker"));
    assertEquals(Objects.toIdentityString(waker), race.getString("identity"));
  }

  @Test
  void noRecordingNoEvents() throws Exception {
    List<RecordedEvent> events = recorded("jdk.ThreadDump", true, this::parkAndWake);
    assertEquals(
        List.of(), events.stream().filter(e -> e.getEventType().getName().equals(PARK)).toList());
  }
}
