package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A stack or a heap that ends in a first use, once the public classes have been initialized, breaks
 * no later use.
 */
@Tag("not-on-17") // takes too long
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
    OFFER,
    GET,
    COMPLETE,
    FAIL
  }

  /**
   * A run is one first use, and a call is all good uses after it. It is its own condition, so that
   * it needs no other class. Each {@link LibraryLoader} makes its use a first one again.
   */
  static final class First
      implements Runnable, Callable<@Nullable Object>, BooleanSupplier, Supplier<@Nullable String> {
    private static final Duration SHORT = Duration.ofNanos(10_000);
    private final String use;
    private final AtomicWaker waker;
    private final Handoff<String> handoff;
    private final Handoff<String> full;
    private final WakerGroup group;
    private OneShot<String> reply;
    private final WakeBatch batch = new WakeBatch();
    private final Thread other = new Thread();
    private final Throwable failure = new IllegalStateException("of the test");
    private volatile boolean ready;
    private boolean untilRegistered;

    First(String use, boolean recording) {
      WakerGroup named = WakerGroup.named("first");
      group = recording ? named.trackingWaits() : named;
      this.use = use;
      waker = new AtomicWaker(group);
      handoff = new Handoff<>(group);
      full = new Handoff<>(group);
      reply = new OneShot<>(group);
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
          case "OFFER" -> {
            full.offer("value");
            full.offer("value", SHORT);
            full.poll();
          }
          case "GET" -> reply.get(SHORT);
          case "COMPLETE" -> {
            reply.complete("value");
            reply.get();
          }
          default -> {
            reply.fail(failure);
            reply.get();
          }
        }
      } catch (ExecutionException | TimeoutException expected) {
        // of GET and of FAIL
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Makes each use many times, and wakes a thread. */
    @Override
    public @Nullable Object call() throws InterruptedException {
      untilRegistered = false;
      waker.take();
      batch.close();
      for (int i = 0; i < 3; i++) {
        for (Use each : Use.values()) {
          reply = new OneShot<>(group);
          use(each.name());
        }
        ready = false;
        Thread waiter = Thread.ofVirtual().start(() -> waker.awaitUninterruptibly(() -> ready));
        while (!Waiter.isParked(waiter)) {
          Waiter.giveWay();
        }
        ready = true;
        assertTrue(waker.wake());
        waiter.join();
        Handoff<String> closed = new Handoff<>();
        closed.put("value");
        closed.close();
        assertEquals("value", closed.take());
        OneShot<String> failed = new OneShot<>();
        failed.fail(failure);
        assertThrows(ExecutionException.class, failed::get);
        OneShot<String> cancelled = new OneShot<>();
        cancelled.cancel();
        assertThrows(CancellationException.class, cancelled::get);
        assertThrows(TimeoutException.class, () -> new OneShot<String>().get(SHORT));
      }
      return null;
    }
  }

  /** First uses where the stack or the heap ends, each with the classes loaded anew. */
  static final class Ends extends LibraryLoader {
    static {
      registerAsParallelCapable();
    }

    private static final int STEP = 4;
    private static final int COMPLETIONS = 4;
    private static final List<String> FAULTS = new ArrayList<>();
    private static @Nullable Object hoard;
    private static int struck;

    public static void main(String[] args) throws InterruptedException {
      Runnable all = args[0].equals("stack") ? Ends::stacks : Ends::heaps;
      StackDepth.runInSmallStack(() -> run(all));
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
        FAULTS.add("the program itself: " + thrown);
      }
    }

    private static void stacks() {
      run(-1, Use.AWAIT, false);
      int deepest = StackDepth.deepest();
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
        Object first = new Ends().newInstance(First.class, use.name(), recording);
        StackDepth.Body<RuntimeException> body = ((Runnable) first)::run; // while there is room
        Object spare = bytes == 0 ? null : new byte[bytes];
        if (spare != null) {
          fill();
        }
        spare = null;
        try {
          StackDepth.at(Math.max(depth, 0), body);
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

  /** The first use of the whole JVM, whose own classes may fail as well. */
  static final class InAJvm {
    public static void main(String[] args) throws Exception {
      int up = Integer.parseInt(args[1]);
      First first = new First(args[0], true);
      Throwable[] thrown = new Throwable[1];
      StackDepth.runInSmallStack(
          () -> {
            int depth = StackDepth.deepest() - up;
            try {
              StackDepth.at(depth, first::run);
            } catch (StackOverflowError e) {
              thrown[0] = e;
            }
          });
      first.call();
      System.out.println(thrown[0] == null ? "not struck" : "struck");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AWAIT,60",
    "AWAIT,100",
    "AWAIT,150",
    "AWAIT,250",
    "DISPLACE,100",
    "POLL,100",
    "GET,100",
    "COMPLETE,100"
  })
  void aStackThatEndsInTheFirstUseOfAJvmBreaksNoLaterOne(Use use, int up) throws Exception {
    ChildJvm.run(InAJvm.class, List.of("-Xint"), use, up);
  }
}
