package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * First uses, once the public classes have been initialised: a stack or a heap that ends in one
 * breaks nothing for good, and little is loaded.
 */
@Timeout(300)
class FirstUseTest {

  /** What may be the first use. */
  enum Use {
    AWAIT,
    AWAIT_REGISTERED,
    VALUE,
    WAKE,
    DISPLACE,
    BATCH,
    POLL,
    OFFER
  }

  /**
   * One first use, and all good uses after it. Its own condition, so that it needs no other class;
   * a loader of its own makes it another time the first.
   */
  static final class First
      implements Runnable, Callable<@Nullable Object>, BooleanSupplier, Supplier<@Nullable String> {
    private static final Duration SHORT = Duration.ofNanos(10_000);
    private final String use;
    private final AtomicWaker waker;
    private final Handoff<String> handoff;
    private final Handoff<String> full;
    private final WakeBatch batch = new WakeBatch();
    private final Thread other = new Thread();
    private volatile boolean ready;
    private boolean untilRegistered;

    First(String use, boolean recording) {
      WakerGroup group = WakerGroup.named("first");
      if (recording) {
        group = group.recordingStats();
      }
      this.use = use;
      waker = new AtomicWaker(group);
      handoff = new Handoff<>(group);
      full = new Handoff<>(group);
    }

    @Override
    public boolean getAsBoolean() {
      return ready || (untilRegistered && waker.registered() == Thread.currentThread());
    }

    @Override
    public @Nullable String get() {
      return null;
    }

    @Override
    public void run() {
      use(use);
    }

    private void use(String what) {
      try {
        switch (what) {
          case "AWAIT" -> waker.await(this, SHORT);
          case "AWAIT_REGISTERED" -> {
            untilRegistered = true;
            waker.awaitUninterruptibly(this);
            untilRegistered = false;
          }
          case "VALUE" -> waker.awaitValue(this, SHORT);
          case "WAKE" -> {
            waker.register(other);
            waker.wake();
            waker.wake();
          }
          case "DISPLACE" -> {
            waker.register(other);
            waker.register();
            waker.deregister();
          }
          case "BATCH" -> {
            waker.register(other);
            batch.wake(waker);
            batch.close();
          }
          case "POLL" -> handoff.poll(SHORT);
          default -> {
            full.offer("value");
            full.offer("value", SHORT);
            full.poll();
          }
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Each of them many times, and with a thread that is woken. */
    @Override
    public @Nullable Object call() throws InterruptedException {
      untilRegistered = false;
      waker.take();
      batch.close();
      for (int i = 0; i < 3; i++) {
        for (Use each : Use.values()) {
          use(each.name());
        }
        ready = false;
        Thread waiter = Thread.ofVirtual().start(() -> waker.awaitUninterruptibly(() -> ready));
        while (!Waiter.isParked(waiter)) {
          pause();
        }
        ready = true;
        assertTrue(waker.wake());
        waiter.join();
        Handoff<String> closed = new Handoff<>();
        closed.put("value");
        closed.close();
        assertEquals("value", closed.take());
      }
      return null;
    }

    @SuppressWarnings("ThreadPriorityCheck") // the other thread may need this processor
    private static void pause() {
      Thread.yield();
    }
  }

  /** First uses where the stack or the heap ends, each with the classes loaded anew. */
  static final class Ends extends LateClassTest.Loader {
    static {
      registerAsParallelCapable();
    }

    private static final int STACK = 256 << 10;
    private static final int STEP = 4;
    private static final int COMPLETIONS = 4;
    private static final List<String> FAULTS = new ArrayList<>();
    private static @Nullable Object hoard;
    private static int struck;

    public static void main(String[] args) throws InterruptedException {
      Runnable all = args[0].equals("stack") ? Ends::stacks : Ends::heaps;
      Thread thread = new Thread(null, () -> run(all), "ends", STACK);
      // What hand-offs report there breaks classes of the JDK, if it is printed.
      thread.setUncaughtExceptionHandler((self, thrown) -> {});
      thread.start();
      thread.join();
      if (struck == 0) {
        FAULTS.add("no stack or heap ever ended");
      }
      System.out.println(struck + " first uses were struck");
      ChildJvm.exit(FAULTS);
    }

    private static void run(Runnable all) {
      try {
        all.run();
      } catch (Throwable thrown) {
        FAULTS.add("the program: " + thrown);
      }
    }

    private static void stacks() {
      run(-1, Use.AWAIT, false);
      int deepest = deepest();
      for (Use use : Use.values()) {
        for (boolean recording : new boolean[] {false, true}) {
          int completions = 0;
          for (int up = 0; completions < COMPLETIONS; up += STEP) {
            int before = FAULTS.size();
            completions = run(deepest - up, use, recording) ? 0 : completions + 1;
            if (FAULTS.size() > before) {
              break;
            }
          }
        }
      }
    }

    private static void heaps() {
      run(-1, Use.AWAIT, false);
      for (Use use : Use.values()) {
        int before = FAULTS.size();
        for (int bytes = 64; bytes < 1 << 20 && FAULTS.size() == before; bytes *= 2) {
          run(0, use, true, bytes);
        }
      }
    }

    private static boolean run(int depth, Use use, boolean recording) {
      return run(depth, use, recording, 0);
    }

    /**
     * Returns true if the first use was struck.
     *
     * @param depth where it begins
     * @param bytes if positive, how many the heap has left
     */
    private static boolean run(int depth, Use use, boolean recording, int bytes) {
      Throwable thrown = null;
      try {
        Constructor<?> constructor =
            new Ends()
                .loadClass(First.class.getName())
                .getDeclaredConstructor(String.class, boolean.class);
        constructor.setAccessible(true);
        Object first = constructor.newInstance(use.name(), recording);
        Object spare = bytes == 0 ? null : new byte[bytes];
        if (spare != null) {
          fill();
        }
        spare = null;
        try {
          at(Math.max(depth, 0), (Runnable) first);
        } catch (StackOverflowError | OutOfMemoryError e) {
          thrown = e;
        }
        hoard = null;
        if (thrown != null) {
          struck++;
        }
        ((Callable<?>) first).call();
      } catch (Throwable e) {
        hoard = null;
        FAULTS.add(
            use
                + (recording ? " RECORDING" : "")
                + " at "
                + depth
                + ", "
                + bytes
                + ": "
                + thrown
                + " and afterwards "
                + e);
      }
      return thrown != null;
    }

    private static void fill() {
      for (int size = 1 << 18; size >= 4; size >>= 4) {
        try {
          while (true) {
            @Nullable Object[] more = new @Nullable Object[size];
            more[0] = hoard;
            hoard = more;
          }
        } catch (OutOfMemoryError e) {
          // then the next size
        }
      }
    }

    private static int deepest() {
      int low = 0;
      int high = 1 << 20;
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        try {
          at(middle, () -> {});
          low = middle;
        } catch (StackOverflowError e) {
          high = middle - 1;
        }
      }
      return low;
    }

    private static void at(int depth, Runnable op) {
      if (depth == 0) {
        op.run();
      } else {
        at(depth - 1, op);
      }
    }
  }

  @Test
  void aStackThatEndsBreaksNoLaterUse() throws Exception {
    System.out.println(ChildJvm.run(Ends.class, List.of("-Xint"), "stack"));
  }

  @Test
  void aHeapThatEndsBreaksNoLaterUse() throws Exception {
    System.out.println(
        ChildJvm.run(Ends.class, List.of("-Xmx16m", "-XX:+UseSerialGC", "-Xint"), "heap"));
  }

  /** As the first use of the whole JVM, whose own classes may fail as well. */
  static final class InAJvm {
    public static void main(String[] args) throws Exception {
      int up = Integer.parseInt(args[1]);
      First first = new First(args[0], true);
      Throwable[] thrown = new Throwable[1];
      Thread thread =
          new Thread(
              null,
              () -> {
                int depth = Ends.deepest() - up;
                try {
                  Ends.at(depth, first);
                } catch (StackOverflowError e) {
                  thrown[0] = e;
                }
              },
              "first",
              Ends.STACK);
      thread.setUncaughtExceptionHandler((self, e) -> {}); // as above
      thread.start();
      thread.join();
      first.call();
      System.out.println(thrown[0] == null ? "not struck" : "struck");
    }
  }

  @ParameterizedTest
  @CsvSource({"AWAIT,60", "AWAIT,100", "AWAIT,150", "AWAIT,250", "DISPLACE,100", "POLL,100"})
  void aStackThatEndsInTheFirstUseOfAJvmBreaksNoLaterOne(Use use, int up) throws Exception {
    ChildJvm.run(InAJvm.class, List.of("-Xint"), use, up);
  }

  /** A wait, and nothing else. */
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
   * A call site that has to be linked is a first use, too. What {@code javac} makes of the public
   * records' own methods is all there may be.
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
