package io.github.atomicwaker;

import io.github.atomicwaker.Operation.Grouping;
import io.github.atomicwaker.Operation.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A heap that ends at any allocation of any operation: nothing is lost. */
@Tag("not-on-17") // takes too long
@Timeout(300)
class HeapEndTest {

  /** Fills the heap, runs every operation, and leaves it some more bytes each time. */
  static final class Filler {

    /** What a full heap is given back before the next run: the smallest objects first. */
    private static final int[] SPARE_BYTES = {
      16, 16, 16, 16, 16, 16, 16, 16, 64, 64, 64, 64, 512, 512, 512
    };

    /** A count allocates once in dozens of times, at random, and these allocate nothing else. */
    private static final Set<String> COUNTING =
        Set.of(
            "WAKE VIRTUAL TRACKING",
            "TAKE VIRTUAL TRACKING",
            "VALUE_SECOND_CHECK ADAPTIVE_TRACKING");

    private static final int MOST_RUNS = 250;

    private static final int ARRAY_HEADER = 16;
    private static final byte[] NOTHING = {};

    private final List<String> faults = new ArrayList<>();
    private final byte[][] spares = new byte[MOST_RUNS][];
    private final Step[] steps = new Step[MOST_RUNS];
    private final @Nullable Throwable[] thrown = new @Nullable Throwable[MOST_RUNS];
    private @Nullable Object hoard;
    private int errors;

    public static void main(String[] args) {
      Thread.currentThread()
          .setUncaughtExceptionHandler(
              (self, thrown) -> {}); // hand-offs report, and must not throw
      Filler filler = new Filler();
      filler.printErrors(); // so that it is linked: a class of the JDK may fail for good meanwhile
      boolean recorded = args[0].equals("recorded");
      if (recorded) {
        Recording recording = new Recording(); // not closed: its own threads may have ended by then
        recording.enable("io.github.atomicwaker.Park").withoutThreshold();
        recording.enable("io.github.atomicwaker.Race").withoutThreshold();
        recording.start();
      }
      filler.run(recorded);
      Thread.currentThread().setUncaughtExceptionHandler(null);
      filler.printErrors();
      if (filler.errors == 0) {
        filler.faults.add("the heap was never full");
      }
      ChildJvm.exit(filler.faults);
    }

    private void printErrors() {
      System.out.println(errors + " errors");
    }

    private void run(boolean recorded) {
      try {
        runAll(recorded);
      } catch (Throwable e) {
        hoard = null;
        faults.add("the program itself: " + e);
      }
    }

    private void runAll(boolean recorded) {
      List<Variant> all = new ArrayList<>(Variant.all());
      if (recorded) { // each error takes longer there, and other groupings make no difference
        all.removeIf(variant -> variant.grouping() != Grouping.TRACKING);
      }
      for (Variant variant : all) {
        run(variant, false);
      }
      for (Variant variant : all) {
        run(variant, true);
      }
    }

    private void run(Variant variant, boolean full) {
      boolean counting = COUNTING.contains(variant.toString());
      int runs = !full ? 2 : counting ? MOST_RUNS : SPARE_BYTES.length;
      for (int i = 0; i < runs; i++) {
        spares[i] = counting ? NOTHING : new byte[SPARE_BYTES[i] - ARRAY_HEADER];
        steps[i] = variant.begin();
        thrown[i] = null;
      }
      if (full) {
        fill();
      }
      for (int i = 0; i < runs; i++) {
        steps[i].before();
        try {
          steps[i].run();
        } catch (Throwable e) {
          thrown[i] = e;
        }
        steps[i].after();
        spares[i] = NOTHING;
      }
      hoard = null;
      for (int i = 0; i < runs; i++) {
        Throwable error = thrown[i];
        errors += error instanceof OutOfMemoryError ? 1 : 0;
        try {
          steps[i].checkAll(error);
        } catch (Throwable e) {
          faults.add(variant + ", run " + i + (full ? "" : " with room") + ": " + e);
          return;
        }
      }
    }

    /**
     * With few objects, and without references in them: each allocation from here is a collection.
     */
    private void fill() {
      for (int size = 1 << 20; size >= 16; size >>= 2) {
        try {
          while (true) {
            hoard = new @Nullable Object[] {hoard, new byte[size]};
          }
        } catch (OutOfMemoryError e) {
          // then the next size
        }
      }
      try {
        while (true) {
          hoard = new @Nullable Object[] {hoard};
        }
      } catch (OutOfMemoryError e) {
        // now it is full
      }
    }
  }

  private static void fill(String recorded, String heap) throws Exception {
    System.out.println(
        ChildJvm.run(
            Filler.class,
            List.of(
                heap,
                "-XX:+UseSerialGC",
                "-XX:-UseTLAB",
                "--add-opens=java.base/java.lang=ALL-UNNAMED"),
            recorded));
  }

  @Test
  void ofAnyOperation() throws Exception {
    fill("unrecorded", "-Xmx16m");
  }

  @Test
  void underARecording() throws Exception {
    fill("recorded", "-Xmx32m");
  }
}
