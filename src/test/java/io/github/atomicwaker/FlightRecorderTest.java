package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording has of parks and races: of every group, also without statistics. */
@Timeout(60)
class FlightRecorderTest {
  private static final String PARK = "io.github.atomicwaker.Park";
  private static final String WAITING = "io.github.atomicwaker.Waiting";
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
      return events(recording, name);
    }
  }

  /** Only these: events of other kinds are on by default in each recording. */
  private List<RecordedEvent> events(Recording recording, String name) throws IOException {
    Path file = folder.resolve("recording.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(name))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  private Waiter<Boolean> parked(AtomicWaker on) {
    return Waiter.start(
            Waiter.Kind.VIRTUAL,
            () -> {
              on.await(ready::get);
              return true;
            })
        .awaitParkedOn(on);
  }

  /** In a thread of its own: that of the tests may have a permit left, and return at once. */
  private boolean awaitBriefly(AtomicWaker on) {
    return Waiter.start(Waiter.Kind.VIRTUAL, () -> on.await(ready::get, Duration.ofMillis(1)))
        .result();
  }

  private void parkAndWake() {
    Waiter<Boolean> waiter = parked(waker);
    ready.set(true);
    waker.wake();
    assertTrue(waiter.result());
  }

  @Test
  void aParkHasItsDurationTheNameTheIdentityAndTheOutcome() throws Exception {
    List<RecordedEvent> events = recorded(PARK, true, this::parkAndWake);
    assertEquals(1, events.size(), events::toString);
    RecordedEvent park = events.get(0);
    assertEquals(PARK, park.getEventType().getName());
    assertEquals("orders", park.getString("waker"));
    assertEquals(WaitLoop.identity(waker), park.getString("identity"));
    assertEquals("woken", park.getString("outcome"));
    assertTrue(park.getDuration().toNanos() > 0);
    assertTrue(!Waiter.VIRTUAL_THREADS || park.getThread().isVirtual());
  }

  @Test
  void everyOutcomeOfAParkHasItsName() throws Exception {
    WakerGroup group = WakerGroup.named("orders").parkingOnly().recordingStats();
    AtomicWaker counted = new AtomicWaker(group);
    List<RecordedEvent> events =
        recorded(
            PARK,
            true,
            () -> {
              LockSupport.unpark(Thread.currentThread()); // as another test may have done
              do { // on a busy machine the time may be up before the park
                assertFalse(awaitBriefly(counted));
              } while (group.stats().wakeups().timeout() == 0);

              Waiter<Boolean> disturbed = parked(counted);
              LockSupport.unpark(disturbed.thread);
              Waiter.awaitState(() -> group.stats().wakeups().spurious() == 1, "spurious");
              disturbed.awaitParkedOn(counted).thread.interrupt();
              assertInstanceOf(InterruptedException.class, disturbed.thrown());

              Waiter<Boolean> displaced = parked(counted);
              counted.register();
              assertInstanceOf(IllegalStateException.class, displaced.thrown());
              counted.deregister();

              // Only JDKs that may lose an unpark bound a park.
              requireNonNull(FlightRecorder.parkBegins())
                  .end(counted.group(), counted, ParkOutcome.BOUND, ObservedPark.UNKNOWN, 0);
            });
    assertEquals(
        List.of("timeout", "spurious", "interrupted", "displaced", "bound"),
        events.stream().map(event -> event.getString("outcome")).toList());
  }

  @Test
  void aParkHasTheTimeFromItsWakeIfItsGroupTracksWaits() throws Exception {
    AtomicWaker tracked = new AtomicWaker(WakerGroup.named("orders").parkingOnly().trackingWaits());
    List<RecordedEvent> events =
        recorded(
            PARK,
            true,
            () -> {
              Waiter<Boolean> interrupted = parked(tracked);
              interrupted.thread.interrupt();
              assertInstanceOf(InterruptedException.class, interrupted.thrown());
              Waiter<Boolean> woken = parked(tracked);
              ready.set(true);
              tracked.wake();
              assertTrue(woken.result());
              ready.set(false);
              parkAndWake();
            });
    assertEquals(
        List.of("interrupted", "woken", "woken"),
        events.stream().map(event -> event.getString("outcome")).toList());
    assertEquals(Long.MIN_VALUE, events.get(0).getLong("latency"), "no wake ended it");
    Duration latency = events.get(1).getDuration("latency");
    assertTrue(latency.toNanos() > 0, latency::toString);
    assertTrue(latency.compareTo(events.get(1).getDuration()) < 0, latency::toString);
    assertEquals(Long.MIN_VALUE, events.get(2).getLong("latency"), "its group tracks no waits");
  }

  @Test
  void theWaitsThatLastAreRecorded() throws Exception {
    WakerGroup group = WakerGroup.named("orders").parkingOnly().trackingWaits();
    AtomicWaker oldest = new AtomicWaker(group);
    AtomicWaker other = new AtomicWaker(group);
    List<RecordedEvent> events =
        recorded(
            WAITING,
            false,
            () -> {
              Waiter<Boolean> first = parked(oldest);
              Waiter<Boolean> second = parked(other);
              Waiter.awaitState(() -> group.stats().waiting() == 2, "both parked");
              try (Recording another = new Recording()) {
                another.start(); // a new chunk begins
              }
              ready.set(true);
              oldest.wake();
              other.wake();
              assertTrue(first.result());
              assertTrue(second.result());
            });
    RecordedEvent waiting =
        events.stream().filter(event -> event.getInt("waiting") == 2).findFirst().orElseThrow();
    assertEquals("orders", waiting.getString("waker"));
    assertEquals(WaitLoop.identity(oldest), waiting.getString("oldestIdentity"));
    assertTrue(waiting.getDuration("oldest").toNanos() > 0, waiting::toString);
    assertTrue(waiting.getThread("oldestThread").getJavaThreadId() > 0, waiting::toString);
  }

  @Test
  void aRecordingKeepsNoGroupAlive() {
    WeakReference<WakerGroup> group = new WeakReference<>(WakerGroup.named("x").trackingWaits());
    Waiter.awaitState(
        () -> {
          System.gc();
          return group.refersTo(null);
        },
        "garbage");
  }

  @Test
  void theThresholdIsTenMilliseconds() {
    assertEquals(
        List.of("10 ms"),
        EventType.getEventType(ParkEvent.class).getSettingDescriptors().stream()
            .filter(setting -> setting.getName().equals("threshold"))
            .map(SettingDescriptor::getDefaultValue)
            .toList());
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
              Waiter<Boolean> waiter = parked(waker);
              Waiter.spin(Duration.ofMillis(20));
              ready.set(true);
              waker.wake();
              assertTrue(waiter.result());
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
              AtomicInteger checks = new AtomicInteger();
              waker.await(() -> checks.incrementAndGet() == 2 && waker.wake());
              waker.register(new Thread());
              waker.register();
              FlightRecorder.race(waker.group(), waker, Race.CONTENDED); // takes two who meet
            });
    assertEquals(
        List.of("early", "displaced", "contended"),
        events.stream().map(event -> event.getString("kind")).toList());
    RecordedEvent race = events.get(0);
    assertEquals("orders", race.getString("waker"));
    assertEquals(WaitLoop.identity(waker), race.getString("identity"));
  }

  @Test
  void whereNoRecordingWantsItNoEventBegins() {
    assertNull(FlightRecorder.parkBegins());
    try (Recording recording = new Recording()) {
      recording.disable(PARK);
      recording.start();
      assertNull(FlightRecorder.parkBegins());
    }
    try (Recording recording = new Recording()) {
      recording.enable(PARK);
      recording.start();
      assertNotNull(FlightRecorder.parkBegins());
    }
    assertNull(FlightRecorder.parkBegins());
  }
}
