package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Loading a class may park the thread, for example in a contended lock of a class loader. A wake
 * that comes meanwhile is not lost, whichever class it is.
 */
@Tag("not-on-17") // takes too long
@Timeout(300)
class LateClassTest {
  private static final Duration LONG = Duration.ofHours(1);

  /** The ways to wait. */
  enum Way {
    AWAIT,
    AWAIT_TIMED,
    UNINTERRUPTIBLY,
    VALUE,
    VALUE_TIMED,
    VALUE_WITHDRAWN,
    CHECKED,
    REGISTER_PARK,
    REGISTER_PARK_NANOS,
    TAKE,
    POLL_TIMED,
    PUT,
    OFFER_TIMED,
    GET,
    GET_TIMED
  }

  /** The kinds of threads that wait. */
  enum By {
    PLATFORM,
    VIRTUAL,
    POOL
  }

  /**
   * Every wait: a call waits, and returns what it waited for; a run makes that true, and then
   * wakes. It is its own condition, so that no other class of the program comes late. A loader of
   * its own loads it together with the library.
   */
  static final class Waits
      implements Callable<@Nullable String>,
          Runnable,
          BooleanSupplier,
          Supplier<@Nullable String>,
          CheckedSupplier<@Nullable String, RuntimeException> {
    private final String way;
    private final AtomicWaker waker;
    private final Handoff<String> handoff;
    private final OneShot<String> reply;
    private volatile boolean ready;

    Waits(String way, boolean tracking) {
      WakerGroup group = WakerGroup.named("late");
      this.way = way;
      waker = new AtomicWaker(tracking ? group.trackingWaits() : group);
      handoff = new Handoff<>(tracking ? group.trackingWaits() : group);
      reply = new OneShot<>(tracking ? group.trackingWaits() : group);
      if (way.equals("PUT") || way.equals("OFFER_TIMED")) {
        handoff.offer("first");
      }
      new WakeBatch().close();
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
    public @Nullable String call()
        throws InterruptedException, ExecutionException, TimeoutException {
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
        case "VALUE_WITHDRAWN" -> {
          return waker.awaitValue(this, this);
        }
        case "CHECKED" -> {
          return waker.<String, RuntimeException>awaitChecked(this);
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
        case "OFFER_TIMED" -> {
          return handoff.offer("value", LONG) ? handoff.poll() : null;
        }
        case "GET" -> {
          return reply.get();
        }
        default -> {
          return reply.get(LONG);
        }
      }
      return "value";
    }

    @Override
    public void run() {
      if (way.equals("TAKE") || way.equals("POLL_TIMED")) {
        handoff.offer("value");
      } else if (way.equals("PUT") || way.equals("OFFER_TIMED")) {
        handoff.poll();
      } else if (way.equals("GET") || way.equals("GET_TIMED")) {
        reply.complete("value");
      } else {
        ready = true;
        waker.wake();
      }
    }
  }

  /** Lets each class that the waiting thread asks for be late, one after the other. */
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
          for (boolean tracking : new boolean[] {false, true}) {
            String description = way + " " + by + (tracking ? " TRACKING" : "");
            Set<String> names = new LinkedHashSet<>();
            if (isWoken(description, way, tracking, by, names, null)) {
              for (String late : names) {
                if (!isWoken(description, way, tracking, by, new LinkedHashSet<>(), late)) {
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
     * @param names gathers what the waiting thread asks for
     * @param late the class at which the wake comes, and whose loading consumes the permit; null if
     *     the wake comes once the thread is parked
     */
    private boolean isWoken(
        String description,
        Way way,
        boolean tracking,
        By by,
        Collection<String> names,
        @Nullable String late)
        throws Exception {
      LateWait wait = new LateWait(names, late);
      wait.waits = wait.newInstance(Waits.class, way.name(), tracking);
      switch (by) {
        case PLATFORM -> Thread.ofPlatform().daemon().start(wait);
        case VIRTUAL -> Thread.ofVirtual().start(wait);
        case POOL -> POOL.execute(wait);
      }
      boolean lost = false;
      long begin = System.nanoTime();
      while (wait.outcome == null && !lost) {
        Waiter.giveWay();
        if (wait.isParked()) {
          if (!wait.isLate) {
            wait.wakeOnce();
          }
          // No other thread unparks it any more.
          lost = wait.hasEatenThePermit;
        }
        lost |= System.nanoTime() - begin > PATIENCE;
      }
      if (lost) {
        faults.add(description + ", " + late + " is late: hangs: " + List.of(wait.trace()));
        LockSupport.unpark(wait.waiter);
        return false;
      }
      if (!"value".equals(wait.outcome)) {
        faults.add(description + ", " + late + " is late: " + wait.outcome);
        return false;
      }
      return true;
    }
  }

  /** One wait, and the loader of its classes. */
  private static final class LateWait extends LibraryLoader implements Runnable {
    static {
      registerAsParallelCapable();
    }

    private final Collection<String> names;
    private final @Nullable String late;
    @Nullable Object waits;
    volatile @Nullable Thread waiter;
    volatile @Nullable Object outcome;
    volatile boolean isLate;
    volatile boolean hasEatenThePermit;
    private volatile boolean woken;

    LateWait(Collection<String> names, @Nullable String late) {
      this.names = names;
      this.late = late;
    }

    @Override
    public void run() {
      try {
        waiter = Thread.currentThread();
        Object value = ((Callable<?>) requireNonNull(waits)).call();
        waiter = null;
        outcome = value == null ? "nothing" : value;
      } catch (Throwable thrown) {
        outcome = thrown;
      }
    }

    private void wake() {
      ((Runnable) requireNonNull(waits)).run();
    }

    /** Parks as a contended lock of a class loader would, while another thread wakes. */
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
                      wake();
                      LockSupport.unpark(self); // also if it was not registered yet
                    });
        while (other.isAlive()) {
          Waiter.giveWay();
        }
        LockSupport.park();
        hasEatenThePermit = true;
      }
    }

    void wakeOnce() {
      if (!woken) {
        woken = true;
        wake();
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
}
