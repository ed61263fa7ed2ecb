package io.github.atomicwaker;

import io.github.atomicwaker.Operation.Step;
import io.github.atomicwaker.Operation.Variant;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A heap that ends at any allocation of any operation: nothing is lost. */
@Timeout(300)
class HeapEndTest {

  /** Fills the heap, runs every operation, and leaves it some more bytes each time. */
  static final class Filler {

    /** What a full heap is given back before each run but the first: the smallest objects first. */
    private static final int[] SPARE_BYTES = new int[34];

    static {
      for (int i = 0; i < SPARE_BYTES.length; i++) {
        SPARE_BYTES[i] = i < 16 ? 16 : i < 28 ? 64 : 512;
      }
    }

    private static final int ARRAY_HEADER = 16;
    private static final byte[] NOTHING = {};

    private final List<String> faults = new ArrayList<>();
    private final byte[][] spares = new byte[SPARE_BYTES.length][];
    private final Step[] steps = new Step[SPARE_BYTES.length];
    private final @Nullable Throwable[] thrown = new @Nullable Throwable[SPARE_BYTES.length];
    private @Nullable Object hoard;
    private int errors;

    public static void main(String[] args) {
      Thread.currentThread()
          .setUncaughtExceptionHandler(
              (self, thrown) -> {}); // hand-offs report, and must not throw
      Filler filler = new Filler();
      if (args[0].equals("recorded")) {
        try (Recording recording = new Recording()) {
          recording.enable("io.github.atomicwaker.Park").withoutThreshold();
          recording.enable("io.github.atomicwaker.Race").withoutThreshold();
          recording.start();
          filler.run();
        }
      } else {
        filler.run();
      }
      System.out.println(filler.errors + " errors");
      if (filler.errors == 0) {
        filler.faults.add("the heap was never full");
      }
      ChildJvm.exit(filler.faults);
    }

    private void run() {
      List<Variant> all = Variant.all();
      for (Variant variant : all) {
        run(variant, false);
      }
      for (Variant variant : all) {
        run(variant, true);
      }
    }

    private void run(Variant variant, boolean full) {
      int runs = full ? steps.length : 2;
      for (int i = 0; i < runs; i++) {
        spares[i] = new byte[SPARE_BYTES[i] - ARRAY_HEADER];
        steps[i] = variant.begin();
        thrown[i] = null;
      }
      if (full) {
        fill();
      }
      for (int i = 0; i < runs; i++) {
        steps[i].before();
        try {
          steps[i].strike();
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
