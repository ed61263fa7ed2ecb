package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Loading a class may park the thread, in a contended lock of a class loader, say. A wake that
 * comes meanwhile is not lost, whichever class it is.
 */
@Timeout(300)
class LateClassTest {
  private static final Duration LONG = Duration.ofHours(1);

  /** A wait of a class of its own loader, which is not in this package, to the JVM. */
  public interface Wait {
    /** Waits, and returns what was waited for. */
    @Nullable Object await() throws Exception;

    /** Makes what is waited for true, and then wakes. */
    void wake();
  }

  /** The ways to wait. */
  enum Way {
    AWAIT,
    AWAIT_TIMED,
    UNINTERRUPTIBLY,
    VALUE,
    VALUE_TIMED,
    REGISTER_PARK,
    REGISTER_PARK_NANOS,
    TAKE,
    POLL_TIMED,
    PUT,
    OFFER_TIMED
  }

  /** Who waits. */
  enum By {
    PLATFORM,
    VIRTUAL,
    POOL
  }

  /**
   * Every wait, its own condition, so that no other class of the program comes late. It is loaded
   * together with the library, by the same loader.
   */
  static final class Waits implements Wait, BooleanSupplier, Supplier<@Nullable String> {
    private final String way;
    private final AtomicWaker waker;
    private final Handoff<String> handoff;
    private volatile boolean ready;

    private Waits(String way, boolean recording) {
      WakerGroup group = WakerGroup.named("late");
      this.way = way;
      waker = new AtomicWaker(recording ? group.recordingStats() : group);
      handoff = new Handoff<>(recording ? group.recordingStats() : group);
      if (way.equals("PUT") || way.equals("OFFER_TIMED")) {
        handoff.offer("first");
      }
      new WakeBatch().close();
    }

    static Wait of(String way, boolean recording) {
      return new Waits(way, recording);
    }

    @Override
    public boolean getAsBoolean() {
      return ready;
    }

    @Override
    public @Nullable String get() {
      return ready ? "value" : null;
    }

    @Override
    public @Nullable Object await() throws InterruptedException {
      switch (way) {
        case "AWAIT" -> waker.await(this);
        case "AWAIT_TIMED" -> {
          return waker.await(this, LONG) ? "value" : null;
        }
        case "UNINTERRUPTIBLY" -> waker.awaitUninterruptibly(this);
        case "VALUE" -> {
          return waker.awaitValue(this);
        }
        case "VALUE_TIMED" -> {
          return waker.awaitValue(this, LONG);
        }
        case "REGISTER_PARK" -> {
          waker.register();
          while (!ready) {
            if (waker.registered() == Thread.currentThread()) {
              waker.park();
            }
            waker.register();
          }
          waker.deregister();
        }
        case "REGISTER_PARK_NANOS" -> {
          waker.register();
          while (!ready) {
            if (waker.registered() == Thread.currentThread()) {
              waker.parkNanos(Long.MAX_VALUE / 2);
            }
            waker.register();
          }
          waker.deregister();
        }
        case "TAKE" -> {
          return handoff.take();
        }
        case "POLL_TIMED" -> {
          return handoff.poll(LONG);
        }
        case "PUT" -> {
          handoff.put("value");
          return handoff.poll();
        }
        default -> {
          return handoff.offer("value", LONG) ? handoff.poll() : null;
        }
      }
      return "value";
    }

    @Override
    public void wake() {
      if (way.equals("TAKE") || way.equals("POLL_TIMED")) {
        handoff.offer("value");
      } else if (way.equals("PUT") || way.equals("OFFER_TIMED")) {
        handoff.poll();
      } else {
        ready = true;
        waker.wake();
      }
    }
  }

  /** Loads the library anew, and tells what classes it is asked for, all others included. */
  static class Loader extends ClassLoader {
    static {
      registerAsParallelCapable(); // each class of its own, or it holds a lock while it is late
    }

    private static final String OURS = "io.github.atomicwaker.";
    private static final Map<String, byte[]> FILES = new ConcurrentHashMap<>();

    Loader() {
      super(LateClassTest.class.getClassLoader());
    }

    /** Called before a class is loaded, by the thread that needs it. */
    void asked(String name) throws ClassNotFoundException {}

    @Override
    protected final Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      asked(name);
      if (!name.startsWith(OURS) || name.equals(Wait.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null) {
          byte[] file = FILES.computeIfAbsent(name, this::read);
          loaded = defineClass(name, file, 0, file.length);
        }
        return loaded;
      }
    }

    private byte[] read(String name) {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        return requireNonNull(in, name).readAllBytes();
      } catch (IOException e) {
        throw new IllegalStateException(name, e);
      }
    }

    /** Makes a wait; whatever the library initialises then is loaded afterwards. */
    Wait newWait(String way, boolean recording) throws ReflectiveOperationException {
      Method of =
          loadClass(Waits.class.getName()).getDeclaredMethod("of", String.class, boolean.class);
      of.setAccessible(true);
      return (Wait) of.invoke(null, way, recording);
    }
  }

  /** Lets each class in turn, which the thread that waits asks for, be the one that is late. */
  static final class LateLoads {

    /** For hangs alone. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private static final ForkJoinPool POOL = new ForkJoinPool(1);

    private final List<String> faults = new ArrayList<>();

    public static void main(String[] args) throws Exception {
      LateLoads all = new LateLoads();
      if (args[0].equals("recorded")) {
        try (Recording recording = new Recording()) {
          recording.enable("io.github.atomicwaker.Park").withoutThreshold();
          recording.enable("io.github.atomicwaker.Race").withoutThreshold();
          recording.start();
          all.run();
        }
      } else {
        all.run();
      }
      ChildJvm.exit(all.faults);
    }

    private void run() throws Exception {
      for (Way way : Way.values()) {
        for (By by : By.values()) {
          for (boolean recording : new boolean[] {false, true}) {
            String description = way + " " + by + (recording ? " RECORDING" : "");
            Set<String> names = new LinkedHashSet<>();
            if (isWoken(description, way, recording, by, names, null)) {
              for (String late : names) {
                if (!isWoken(description, way, recording, by, new LinkedHashSet<>(), late)) {
                  break;
                }
              }
            }
          }
        }
      }
    }

    /**
     * Runs one wait.
     *
     * @param names what the thread that waits asks for
     * @param late the class at which the wake comes, and whose loading eats the permit; null if it
     *     comes once the thread is parked
     */
    private boolean isWoken(
        String description,
        Way way,
        boolean recording,
        By by,
        Collection<String> names,
        @Nullable String late)
        throws Exception {
      One one = new One(names, late);
      one.wait = one.newWait(way.name(), recording);
      switch (by) {
        case PLATFORM -> Thread.ofPlatform().daemon().start(one);
        case VIRTUAL -> Thread.ofVirtual().start(one);
        case POOL -> POOL.execute(one);
      }
      boolean lost = false;
      long begin = System.nanoTime();
      while (one.outcome == null && !lost) {
        pause();
        if (one.isParked()) {
          if (!one.isLate) {
            one.wakeOnce();
          }
          // Nobody unparks it any more.
          lost = one.hasEatenThePermit;
        }
        lost |= System.nanoTime() - begin > PATIENCE;
      }
      if (lost) {
        faults.add(description + ", " + late + " is late: hangs: " + List.of(one.trace()));
        LockSupport.unpark(one.waiter);
        return false;
      }
      if (!"value".equals(one.outcome)) {
        faults.add(description + ", " + late + " is late: " + one.outcome);
        return false;
      }
      return true;
    }

    @SuppressWarnings("ThreadPriorityCheck") // the other thread may need this processor
    private static void pause() {
      Thread.yield();
    }
  }

  /** One wait, and the loader of its classes. */
  private static final class One extends Loader implements Runnable {
    static {
      registerAsParallelCapable();
    }

    private final Collection<String> names;
    private final @Nullable String late;
    @Nullable Wait wait;
    volatile @Nullable Thread waiter;
    volatile @Nullable Object outcome;
    volatile boolean isLate;
    volatile boolean hasEatenThePermit;
    private volatile boolean woken;

    One(Collection<String> names, @Nullable String late) {
      this.names = names;
      this.late = late;
    }

    @Override
    public void run() {
      try {
        waiter = Thread.currentThread();
        Object value = requireNonNull(wait).await();
        waiter = null;
        outcome = value == null ? "nothing" : value;
      } catch (Throwable thrown) {
        outcome = thrown;
      }
    }

    /** As a contended lock of a class loader would, while another thread wakes. */
    @Override
    void asked(String name) {
      Thread self = Thread.currentThread();
      if (self != waiter) {
        return;
      }
      names.add(name);
      if (name.equals(late) && !woken && !isLate) {
        isLate = true;
        Thread other =
            Thread.ofPlatform()
                .start(
                    () -> {
                      requireNonNull(wait).wake();
                      LockSupport.unpark(self); // also if it was not registered yet
                    });
        while (other.isAlive()) {
          LateLoads.pause();
        }
        LockSupport.park();
        hasEatenThePermit = true;
      }
    }

    void wakeOnce() {
      if (!woken) {
        woken = true;
        requireNonNull(wait).wake();
      }
    }

    boolean isParked() {
      Thread thread = waiter;
      if (thread == null || !Waiter.isParked(thread)) {
        return false;
      }
      Object blocker = LockSupport.getBlocker(thread);
      return blocker != null && blocker.getClass().getName().equals(AtomicWaker.class.getName());
    }

    StackTraceElement[] trace() {
      Thread thread = waiter;
      return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
    }
  }

  @Test
  void aWakeIsNotLostWhicheverClassIsLate() throws Exception {
    ChildJvm.run(LateLoads.class, List.of(), "unrecorded");
  }

  @Test
  void aWakeIsNotLostWhicheverClassIsLateUnderARecording() throws Exception {
    ChildJvm.run(LateLoads.class, List.of(), "recorded");
  }

  /** Uses everything for the first time, once the public classes have been initialised. */
  static final class FirstUses implements Runnable, BooleanSupplier {
    private final WakerGroup group;
    private volatile boolean ready;

    private FirstUses(boolean recording) {
      WakerGroup named = WakerGroup.named("first").parkingOnly();
      group = recording ? named.recordingStats() : named;
      new AtomicWaker(group);
      new Handoff<String>(group);
      new WakeBatch();
    }

    static Runnable of(boolean recording) {
      return new FirstUses(recording);
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
        LateLoads.pause();
      }
      return thread;
    }
  }

  /** Tells the names of the library's classes that are asked for in first uses. */
  static final class FirstLoads extends Loader {
    static {
      registerAsParallelCapable();
    }

    private static final String LIBRARY = Loader.OURS;
    private final boolean withJfr;
    private final Collection<String> names = new ConcurrentLinkedQueue<>();

    private FirstLoads(boolean withJfr) {
      this.withJfr = withJfr;
    }

    public static void main(String[] args) throws Exception {
      List<String> faults = new ArrayList<>();
      boolean withJfr = args[0].equals("visible");
      for (boolean recording : new boolean[] {false, true}) {
        FirstLoads loader = new FirstLoads(withJfr);
        Method of =
            loader.loadClass(FirstUses.class.getName()).getDeclaredMethod("of", boolean.class);
        of.setAccessible(true);
        Runnable uses = (Runnable) of.invoke(null, recording);
        loader.names.clear();
        uses.run();
        if (withJfr && !loader.names.isEmpty()) {
          faults.add((recording ? "recording: " : "") + loader.names);
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
          && !name.startsWith(LateClassTest.class.getName())
          && !name.equals(Waiter.class.getName())) {
        names.add(name);
      }
    }
  }

  /** The strong form: there is nothing left to load that could be late. */
  @Test
  void firstUsesLoadNoClassOfTheLibrary() throws Exception {
    ChildJvm.run(FirstLoads.class, List.of(), "visible");
  }

  @Test
  void allWorksWhereTheLoaderHidesJfrThoughTheJvmHasIt() throws Exception {
    ChildJvm.run(FirstLoads.class, List.of(), "hidden");
  }
}
