package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What first uses load and link, once the public classes have been initialized: little or nothing.
 */
@Tag("not-on-17") // takes too long
@Timeout(300)
class ClassLoadingTest {

  /** Uses everything for the first time, once the public classes have been initialized. */
  static final class FirstUses implements Runnable, BooleanSupplier {
    private final WakerGroup group;
    private volatile boolean ready;

    FirstUses(boolean recording) {
      WakerGroup named = WakerGroup.named("first").parkingOnly();
      group = recording ? named.trackingWaits() : named;
      new AtomicWaker(group);
      new Handoff<String>(group);
      new WakeBatch();
    }

    @Override
    public boolean getAsBoolean() {
      return ready;
    }

    @Override
    public void run() {
      try {
        AtomicWaker waker = new AtomicWaker(group);
        waker.await(this, Duration.ofMillis(1));
        Thread waiter = start(() -> waker.awaitUninterruptibly(this));
        ready = true;
        try (WakeBatch batch = new WakeBatch()) {
          batch.wake(waker);
        }
        waiter.join();
        waker.wake();
        ready = false;
        Thread displaced =
            start(
                () -> {
                  try {
                    waker.awaitUninterruptibly(this);
                  } catch (IllegalStateException expected) {
                    ready = true;
                  }
                });
        waker.register();
        displaced.join();
        waker.deregister();
        Handoff<String> handoff = new Handoff<>(group);
        handoff.poll(Duration.ofMillis(1));
        Thread consumer =
            start(
                () -> {
                  try {
                    handoff.take();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
        handoff.put("value");
        consumer.join();
        handoff.close();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Thread start(Runnable body) {
      Thread thread = Thread.ofPlatform().start(body);
      while (!Waiter.isParked(thread)) {
        Waiter.giveWay();
      }
      return thread;
    }
  }

  /** The same of one-shot replies alone: a hand-off initializes classes that they need, too. */
  static final class FirstOneShots implements Runnable {
    private final WakerGroup group;

    FirstOneShots(boolean recording) {
      WakerGroup named = WakerGroup.named("first").parkingOnly();
      group = recording ? named.trackingWaits() : named;
      new OneShot<String>(group);
    }

    @Override
    public void run() {
      try {
        use();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void use() throws InterruptedException {
      OneShot<String> completed = new OneShot<>(group);
      Thread caller =
          FirstUses.start(
              () -> {
                try {
                  completed.get();
                } catch (InterruptedException | ExecutionException e) {
                  throw new IllegalStateException(e);
                }
              });
      completed.complete("value");
      caller.join();
      OneShot<String> failed = new OneShot<>();
      OneShot<String> cancelled = new OneShot<>();
      OneShot<Void> nothing = new OneShot<>();
      try {
        failed.get(Duration.ofMillis(1));
      } catch (TimeoutException | ExecutionException expected) {
        failed.fail(expected);
      }
      try {
        cancelled.cancel();
        cancelled.get();
      } catch (CancellationException | ExecutionException expected) {
        OneShot.completeVoid(nothing);
      }
      try {
        nothing.get();
        failed.poll();
      } catch (ExecutionException expected) {
        // of the one that failed
      }
    }
  }

  /** Gathers the names of the library's classes that first uses ask for. */
  static final class FirstLoads extends LibraryLoader {
    static {
      registerAsParallelCapable();
    }

    private final boolean withJfr;
    private final Collection<String> names = new ConcurrentLinkedQueue<>();

    private FirstLoads(boolean withJfr) {
      this.withJfr = withJfr;
    }

    public static void main(String[] args) throws Exception {
      List<String> faults = new ArrayList<>();
      boolean withJfr = args[0].equals("visible");
      for (Class<?> program : List.of(FirstUses.class, FirstOneShots.class)) {
        for (boolean recording : new boolean[] {false, true}) {
          FirstLoads loader = new FirstLoads(withJfr);
          Runnable uses = (Runnable) loader.newInstance(program, recording);
          loader.names.clear();
          uses.run();
          if (withJfr && !loader.names.isEmpty()) {
            faults.add((recording ? "recording: " : "") + program + loader.names);
          }
        }
      }
      ChildJvm.exit(faults);
    }

    @Override
    void asked(String name) throws ClassNotFoundException {
      if (!withJfr && name.startsWith("jdk.jfr.")) {
        throw new ClassNotFoundException(name + ", as a bundle that does not import it");
      }
      if (name.startsWith(LIBRARY)
          && !name.startsWith(ClassLoadingTest.class.getName())
          && !name.equals(Waiter.class.getName())) {
        names.add(name);
      }
    }
  }

  /** Nothing is left to load that could be late, as in {@link LateClassTest}. */
  @Test
  void firstUsesLoadNoClassOfTheLibrary() throws Exception {
    ChildJvm.run(FirstLoads.class, List.of(), "visible");
  }

  @Test
  void everyUseWorksWhereTheLoaderHidesTheJfrOfTheJvm() throws Exception {
    ChildJvm.run(FirstLoads.class, List.of(), "hidden");
  }

  /** One wait, and nothing else. */
  static final class OneWait implements BooleanSupplier {
    private OneWait() {}

    @Override
    public boolean getAsBoolean() {
      return false;
    }

    public static void main(String[] args) throws InterruptedException {
      OneWait never = new OneWait();
      Duration timeout = Duration.ofMillis(100);
      never.getAsBoolean();
      System.out.println("from here");
      new AtomicWaker().await(never, timeout);
      System.out.println("to here");
    }
  }

  @Test
  void theFirstWaitLoadsFewClasses() throws Exception {
    List<String> lines =
        ChildJvm.run(OneWait.class, List.of("-Xlog:class+load:stdout:none")).lines().toList();
    List<String> loaded = lines.subList(lines.indexOf("from here") + 1, lines.indexOf("to here"));
    assertTrue(loaded.size() <= 60, () -> loaded.size() + ": " + loaded);
    assertTrue(loaded.size() > 3, "the log has them");
  }

  /**
   * A call site that has to be linked is a first use as well. Only what {@code javac} makes of the
   * public records' own methods may have one, and what JFR calls.
   */
  @Test
  void nothingThatWaitsOrWakesHasADynamicCallSite() throws Exception {
    Path classes = Path.of(ChildJvm.classes(AtomicWaker.class), "io", "github", "atomicwaker");
    TreeSet<String> dynamic = new TreeSet<>();
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        if (hasDynamicConstant(file)) {
          dynamic.add(requireNonNull(file.getFileName()).toString().replace(".class", ""));
        }
      }
    }
    dynamic.removeIf(name -> name.startsWith("WakerStats"));
    dynamic.removeAll(Set.of("ParkedWait", "RecordingListener", "WaitingRecorder"));
    assertEquals("[]", dynamic.toString());
  }

  private static boolean hasDynamicConstant(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data = new DataInputStream(in)) {
      data.skipNBytes(8); // magic and version
      int constants = data.readUnsignedShort();
      boolean dynamic = false;
      for (int i = 1; i < constants; i++) {
        int tag = data.readUnsignedByte();
        switch (tag) {
          case 1 -> data.skipNBytes(data.readUnsignedShort()); // Utf8
          case 3, 4, 9, 10, 11, 12 -> data.skipNBytes(4); // Integer, Float, references
          case 5, 6 -> { // Long, Double
            data.skipNBytes(8);
            i++;
          }
          case 7, 8, 16, 19, 20 -> data.skipNBytes(2); // Class, String, MethodType, Module, Package
          case 15 -> data.skipNBytes(3); // MethodHandle
          case 17, 18 -> { // Dynamic, InvokeDynamic
            data.skipNBytes(4);
            dynamic = true;
          }
          default -> throw new IOException(file + ": tag " + tag);
        }
      }
      return dynamic;
    }
  }
}
