package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A JVM begins to record before its first park or after it, and in three ways. No park and no race
 * begins it. Each is a JVM of its own, since JFR is initialized once.
 */
@Tag("not-on-17") // takes too long
@Timeout(60)
class FirstRecordingTest {

  /** Parks, races and begins recordings, in the order of its arguments. */
  static final class Program {
    private static final WakerGroup ORDERS = WakerGroup.named("orders").trackingWaits();
    private static final AtomicWaker WAKER = new AtomicWaker(ORDERS);
    private static final AtomicWaker STUCK = new AtomicWaker(ORDERS);

    private Program() {}

    /** Prints how many events of ours are in all recordings. */
    public static void main(String[] args) throws Exception {
      List<Recording> recordings = new ArrayList<>();
      for (String arg : args) {
        switch (arg) {
          case "park" -> {
            Duration before;
            do { // on a busy machine most of the time may be over before the park
              before = ORDERS.stats().parkedTime();
              WAKER.await(() -> false, Duration.ofMillis(30));
            } while (ORDERS.stats().parkedTime().minus(before).toMillis() < 20);
            WAKER.register(new Thread());
            WAKER.register();
            WAKER.deregister();
          }
          case "stuck" -> {
            Waiter.start(
                    Waiter.Kind.VIRTUAL,
                    () -> {
                      STUCK.awaitUninterruptibly(() -> false);
                      return true;
                    })
                .awaitParkedOn(STUCK);
            while (ORDERS.stats().waiting() == 0) {
              Waiter.giveWay();
            }
          }
          case "api" -> {
            Recording recording = new Recording();
            recordings.add(recording);
            recording.start();
          }
          case "jcmd" ->
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "jfrStart",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
          default -> throw new IllegalArgumentException(arg);
        }
      }
      if (!FlightRecorder.isInitialized()) {
        System.out.println("not initialized");
        return;
      }
      recordings.addAll(FlightRecorder.getFlightRecorder().getRecordings());
      System.out.println(events(recordings.get(0)));
    }

    private static String events(Recording recording) throws IOException {
      Path file = Files.createTempFile("recording", ".jfr");
      try {
        recording.dump(file);
        StringBuilder names = new StringBuilder();
        RecordingFile.readAllEvents(file).stream()
            .map(event -> event.getEventType().getName())
            .filter(name -> name.startsWith("io.github.atomicwaker."))
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .distinct() // a park of 10 ms has an event, and the loop goes on until one takes 20
            .sorted()
            .forEach(names::append);
        return names.toString();
      } finally {
        Files.delete(file);
      }
    }
  }

  private static String run(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("-Xlog:jfr*=off", "-Xlog:disable"));
    all.add("-classpath");
    all.add(ChildJvm.classPath(Program.class));
    all.addAll(List.of(options));
    return ChildJvm.run(all.toArray(String[]::new));
  }

  private static String program() {
    return Program.class.getName();
  }

  @Test
  void noParkAndNoRaceInitializesTheRecorder() throws Exception {
    assertEquals("not initialized", run(program(), "park", "park"));
  }

  @Test
  void aRecordingThatAnOptionBeginsHasEvents() throws Exception {
    assertEquals("ParkRace", run("-XX:StartFlightRecording", program(), "park"));
  }

  @Test
  void aRecordingThatTheApiBeginsHasEvents() throws Exception {
    assertEquals("ParkRace", run(program(), "api", "park"));
    assertEquals("ParkRace", run(program(), "park", "api", "park"));
  }

  @Test
  void aRecordingHasTheWaitsThatLast() throws Exception {
    assertEquals("not initialized", run(program(), "stuck"));
    assertEquals("Waiting", run(program(), "stuck", "api"));
    assertEquals("Waiting", run(program(), "api", "stuck"));
    assertEquals("Waiting", run(program(), "stuck", "jcmd"));
    assertEquals("Waiting", run("-XX:StartFlightRecording", program(), "stuck"));
  }

  @Test
  void aRecordingThatJcmdBeginsHasEvents() throws Exception {
    assertEquals("ParkRace", run(program(), "jcmd", "park"));
    assertEquals("ParkRace", run(program(), "park", "jcmd", "park"));
  }
}
