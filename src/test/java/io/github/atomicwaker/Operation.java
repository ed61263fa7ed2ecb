package io.github.atomicwaker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every operation of the library, for an error of the virtual machine (a stack or a heap that ends)
 * to strike in it at any place, and what must hold afterwards.
 */
enum Operation {
  WAKE {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Waking(kind, group) {
        private boolean woke;

        @Override
        void strike() {
          woke = waker.wake();
        }

        @Override
        void check(@Nullable Throwable thrown) {
          assertWoken(thrown, woke);
        }
      };
    }
  },

  TAKE {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Waking(kind, group) {
        private @Nullable Thread taken;

        @Override
        void strike() {
          taken = waker.take();
        }

        @Override
        void check(@Nullable Throwable thrown) {
          if (thrown == null) {
            LockSupport.unpark(requireNonNull(taken, "found nobody"));
          }
          assertWoken(thrown, true);
        }
      };
    }
  },

  DISPLACE {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Waking(kind, group) {
        private final Thread other = new Thread();

        {
          ready.set(false);
        }

        @Override
        void strike() {
          waker.register(other);
        }

        @Override
        void check(@Nullable Throwable thrown) {
          if (thrown == null) {
            assertSame(other, waker.registered());
          }
          // It was told, or it is still in the slot, or it finds that empty and registers again.
          if (!endsOrJdkLostIt(parked, this::isBack)) {
            fail("neither told nor in the slot: " + waker);
          }
          if (isBack()) {
            ready.set(true);
            waker.wake();
            assertEnds(parked, "a wake");
          } else if (parked.waiter.isDone()) {
            assertFailed(parked.waiter, IllegalStateException.class);
          }
        }

        private boolean isBack() {
          return waker.registered() == parked.waiter.thread;
        }
      };
    }
  },

  BATCH {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Batch(kind, group) {
        @Override
        void strike() {
          takeAll();
          batch.close();
        }
      };
    }
  },

  CLOSE_BATCH {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      Batch step =
          new Batch(kind, group) {
            @Override
            void strike() {
              batch.close();
            }

            // A block that it ends closes it once.
            @Override
            void check(@Nullable Throwable thrown) throws Exception {
              assertFalse(thrown instanceof OutOfMemoryError, "allocates before all are unparked");
              super.check(thrown);
            }
          };
      step.takeAll();
      return step;
    }
  },

  OFFER {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Giving(kind, group) {
        @Override
        void strike() {
          given = handoff.offer("value");
        }
      };
    }
  },

  PUT {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Giving(kind, group) {
        @Override
        void strike() throws InterruptedException {
          handoff.put("value");
          given = true;
        }
      };
    }
  },

  POLL {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Taking(kind, group) {
        @Override
        @Nullable String take() {
          return handoff.poll();
        }
      };
    }
  },

  TAKE_VALUE {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Taking(kind, group) {
        @Override
        String take() throws InterruptedException {
          return handoff.take();
        }
      };
    }
  },

  CLOSE_BESIDE_A_TAKE {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      Handoff<String> handoff = new Handoff<>(group);
      return new Closing(handoff, Parked.start(kind, handoff::take));
    }
  },

  CLOSE_BESIDE_A_PUT {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      Handoff<String> handoff = new Handoff<>(group);
      handoff.offer("first");
      return new Closing(handoff, Parked.start(kind, () -> put(handoff, "second")));
    }
  },

  OFFER_ALONE(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      Handoff<String> handoff = new Handoff<>(group);
      return new Step() {
        private boolean put;

        @Override
        void strike() {
          put = handoff.offer("value");
        }

        @Override
        void check(@Nullable Throwable thrown) {
          assertEquals(thrown == null, put);
          assertEquals(put ? "value" : null, handoff.poll());
          assertWorks(handoff);
        }
      };
    }
  },

  POLL_ALONE(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      Handoff<String> handoff = new Handoff<>(group);
      handoff.offer("value");
      return new Step() {
        private @Nullable String taken;

        @Override
        void strike() {
          taken = handoff.poll();
        }

        @Override
        void check(@Nullable Throwable thrown) {
          assertEquals("value", thrown == null ? taken : handoff.poll());
          assertWorks(handoff);
        }
      };
    }
  },

  /** It may leave the slot as it was, but nothing in between. */
  DEREGISTER(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      AtomicWaker waker = new AtomicWaker(group);
      waker.register();
      return new Step() {
        private boolean left;

        @Override
        void strike() {
          left = waker.deregister();
        }

        @Override
        void check(@Nullable Throwable thrown) {
          if (thrown != null) {
            waker.deregister();
          }
          assertEquals(thrown == null, left);
          assertNull(waker.registered());
        }
      };
    }
  },

  /** In each of these the condition is true at another look. */
  AWAIT_FIRST_LOOK(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Awaiting(group, Look.FIRST);
    }
  },
  AWAIT_SECOND_LOOK(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Awaiting(group, Look.SECOND);
    }
  },
  AWAIT_REGISTERED(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Awaiting(group, Look.REGISTERED);
    }
  },
  AWAIT_PARKED(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Awaiting(group, Look.AFTER_PARKS);
    }
  },

  AWAIT_TIMES_OUT(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Awaiting(group, Look.NEVER) {
        @Override
        void strike() throws InterruptedException {
          waker.await(this::look, SHORT);
        }
      };
    }
  },

  VALUE_FIRST_LOOK(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new AwaitingValue(group, Look.FIRST);
    }
  },
  VALUE_SECOND_LOOK(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new AwaitingValue(group, Look.SECOND);
    }
  },
  VALUE_REGISTERED(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new AwaitingValue(group, Look.REGISTERED);
    }
  },
  VALUE_PARKED(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new AwaitingValue(group, Look.AFTER_PARKS);
    }
  },
  VALUE_TIMED(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new AwaitingValue(group, Look.AFTER_PARKS) {
        @Override
        void strike() throws InterruptedException {
          value = waker.awaitValue(this, LONG);
        }
      };
    }
  },

  UNINTERRUPTIBLY_INTERRUPTED_BEFORE(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Interrupted(group, Look.REGISTERED) {
        @Override
        void before() {
          interrupt();
        }

        @Override
        void strike() {
          waker.awaitUninterruptibly(this::look);
        }
      };
    }
  },
  UNINTERRUPTIBLY_INTERRUPTED_MEANWHILE(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Interrupted(group, Look.AFTER_PARKS) {
        @Override
        void strike() {
          waker.awaitUninterruptibly(this::interruptedLook);
        }
      };
    }
  },
  INTERRUPTED_BEFORE(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Interrupted(group, Look.NEVER) {
        @Override
        void before() {
          interrupt();
        }

        @Override
        void strike() throws InterruptedException {
          waker.await(this::look);
        }
      };
    }
  },
  INTERRUPTED_MEANWHILE(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new Interrupted(group, Look.NEVER) {
        @Override
        void strike() throws InterruptedException {
          waker.await(this::interruptedLook);
        }
      };
    }
  },

  POLL_TIMES_OUT(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new GivingUp(group) {
        @Override
        void strike() throws InterruptedException {
          result = handoff.poll(SHORT);
        }
      };
    }
  },
  OFFER_TIMES_OUT(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new GivingUp(group, "first") {
        @Override
        void strike() throws InterruptedException {
          result = handoff.offer("second", SHORT) ? "put" : null;
        }
      };
    }
  },
  TAKE_IS_INTERRUPTED(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new GivingUp(group) {
        private final Interrupter interrupter = new Interrupter();

        @Override
        void before() {
          interrupter.begin();
        }

        @Override
        void strike() throws InterruptedException {
          result = handoff.take();
        }

        @Override
        void after() {
          interrupter.end();
        }
      };
    }
  },
  PUT_IS_INTERRUPTED(false) {
    @Override
    Step begin(Kind kind, WakerGroup group) {
      return new GivingUp(group, "first") {
        private final Interrupter interrupter = new Interrupter();

        @Override
        void before() {
          interrupter.begin();
        }

        @Override
        void strike() throws InterruptedException {
          handoff.put("second");
          result = "put";
        }

        @Override
        void after() {
          interrupter.end();
        }
      };
    }
  };

  private static final Duration SHORT = Duration.ofNanos(50_000);
  private static final Duration LONG = Duration.ofHours(1);

  /** Whether another thread waits when it begins. */
  final boolean wakes;

  Operation() {
    this(true);
  }

  Operation(boolean wakes) {
    this.wakes = wakes;
  }

  /** Prepares one run of it, whose waiter, if it has one, is of that kind, and parked. */
  abstract Step begin(Kind kind, WakerGroup group);

  /** The ways to wait that a run may differ by. */
  enum Grouping {
    ADAPTIVE,
    PARKING_ONLY,
    RECORDING,
    ADAPTIVE_RECORDING;

    WakerGroup group() {
      WakerGroup named = WakerGroup.named("struck");
      return switch (this) {
        case ADAPTIVE -> named;
        case PARKING_ONLY -> named.parkingOnly();
        case RECORDING -> named.parkingOnly().recordingStats();
        case ADAPTIVE_RECORDING -> named.recordingStats();
      };
    }
  }

  /** One operation in one of its variants. */
  record Variant(Operation operation, Kind kind, Grouping grouping) {

    /** How a waiter lingers is of no concern to the operation that wakes it. */
    static List<Variant> all() {
      List<Variant> all = new ArrayList<>();
      for (Operation operation : Operation.values()) {
        for (Grouping grouping : Grouping.values()) {
          if (!operation.wakes) {
            all.add(new Variant(operation, Kind.PLATFORM, grouping));
          } else if (grouping == Grouping.PARKING_ONLY || grouping == Grouping.RECORDING) {
            all.add(new Variant(operation, Kind.VIRTUAL, grouping));
            all.add(new Variant(operation, Kind.PLATFORM, grouping));
          }
        }
      }
      return all;
    }

    Step begin() {
      WakerGroup group = grouping.group();
      Step step = operation.begin(kind, group);
      step.group = group;
      return step;
    }

    @Override
    public String toString() {
      return operation + " " + (operation.wakes ? kind + " " : "") + grouping;
    }
  }

  /** One run. */
  abstract static class Step {

    private @Nullable WakerGroup group;

    /** Waiters whom not even a plain {@link LockSupport#unpark} revives. */
    int lostByJdk;

    /** Comes right before it, where there is enough of the stack. Allocates nothing. */
    void before() {}

    /** What the error may strike in. */
    abstract void strike() throws Exception;

    /** Comes right after it, as {@link #before} does. */
    void after() {}

    /**
     * Fails if something was lost.
     *
     * @param thrown what ended the operation, null if it returned
     */
    abstract void check(@Nullable Throwable thrown) throws Exception;

    /** Checks all, once there is room again. */
    final void checkAll(@Nullable Throwable thrown) throws Exception {
      if (thrown instanceof AssertionError failure) {
        throw failure;
      }
      check(thrown);
      WakerGroup counting = requireNonNull(group);
      if (counting.recordsStats()) {
        assertEquals(lostByJdk, counting.stats().waiting(), "still waiting, say the statistics");
      }
    }

    /** Returns when the waiter has ended; fails if it only does when it is unparked once more. */
    final void assertEnds(Parked<?> parked, String after) {
      if (!endsOrJdkLostIt(parked, () -> false)) {
        fail("lost after " + after + ": an unpark revived it");
      }
    }

    /**
     * Returns true when the waiter has ended or something else has come, or if the JDK has lost the
     * waiter. Returns false if it parks for ever, but for an unpark.
     */
    final boolean endsOrJdkLostIt(Parked<?> parked, BooleanSupplier other) {
      BooleanSupplier comes = () -> parked.waiter.hasEnded() || other.getAsBoolean();
      if (parked.comes(comes)) {
        return true;
      }
      LockSupport.unpark(parked.waiter.thread);
      if (parked.comes(comes)) {
        return false;
      }
      if (parked.scheduler == null) {
        fail("hangs, and no unpark revives it");
      }
      lostByJdk++;
      return true;
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // whoever is waited for may need this processor
  private static void pause() {
    Thread.yield();
  }

  /**
   * A thread that is parked. If it is virtual, it runs when this asks it to: what it does not do
   * then, it never does, and a stack that ends can't break the scheduler of all.
   */
  record Parked<T>(Waiter<T> waiter, @Nullable SteppedScheduler scheduler) {

    /** For hangs of platform threads alone. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    static <T> Parked<T> start(Kind kind, Callable<T> body) {
      Parked<T> parked;
      if (kind == Kind.VIRTUAL) {
        SteppedScheduler scheduler = new SteppedScheduler();
        parked = new Parked<>(Waiter.start(scheduler::unstarted, body), scheduler);
      } else {
        parked = new Parked<>(Waiter.start(kind, body), null);
      }
      assertTrue(parked.comes(() -> Waiter.isParked(parked.waiter.thread)), "parked");
      return parked;
    }

    /** Returns true once it has come; false if the thread does not bring it about. */
    boolean comes(BooleanSupplier state) {
      if (scheduler != null) {
        scheduler.run();
        return state.getAsBoolean();
      }
      long begin = System.nanoTime();
      while (!state.getAsBoolean()) {
        if (System.nanoTime() - begin > PATIENCE) {
          return false;
        }
        pause();
      }
      return true;
    }
  }

  private static String put(Handoff<String> handoff, String value) throws InterruptedException {
    handoff.put(value);
    return value;
  }

  private static void assertFailed(Waiter<?> waiter, Class<? extends Throwable> expected) {
    Throwable thrown = waiter.thrown();
    if (!(thrown instanceof OutOfMemoryError)) { // to make the expected one fails on a full heap
      assertInstanceOf(expected, thrown);
    }
  }

  private static void assertWorks(Handoff<String> handoff) {
    assertNull(handoff.poll());
    assertTrue(handoff.offer("again"));
    assertEquals("again", handoff.poll());
  }

  /** A waiter whose condition is true already. */
  private abstract static class Waking extends Step {
    final AtomicBoolean ready = new AtomicBoolean();
    final AtomicWaker waker;
    final Parked<Boolean> parked;

    Waking(Kind kind, WakerGroup group) {
      waker = new AtomicWaker(group);
      parked =
          Parked.start(
              kind,
              () -> {
                waker.awaitUninterruptibly(ready::get);
                return true;
              });
      ready.set(true);
    }

    final void assertWoken(@Nullable Throwable thrown, boolean woke) {
      if (thrown == null) {
        assertTrue(woke);
        assertEnds(parked, "a wake");
      } else {
        waker.wake();
        assertEnds(parked, thrown + " and a second wake");
      }
      assertNull(waker.registered());
    }
  }

  /** Three waiters, whom one batch wakes. */
  private abstract static class Batch extends Step {
    final WakeBatch batch = new WakeBatch();
    private final List<Waking> all = new ArrayList<>();

    Batch(Kind kind, WakerGroup group) {
      for (int i = 0; i < 3; i++) {
        all.add(
            new Waking(kind, group) {
              @Override
              void strike() {}

              @Override
              void check(@Nullable Throwable thrown) {
                assertWoken(thrown, true);
              }
            });
      }
    }

    final void takeAll() {
      for (int i = 0; i < all.size(); i++) {
        assertTrue(batch.wake(all.get(i).waker));
      }
    }

    @Override
    void check(@Nullable Throwable thrown) throws Exception {
      if (thrown != null) {
        try {
          batch.close();
        } catch (StackOverflowError | OutOfMemoryError again) {
          fail("closed with room, and it throws", again);
        }
      }
      for (Waking waiting : all) {
        waiting.check(thrown);
        lostByJdk += waiting.lostByJdk;
      }
      batch.close();
    }
  }

  /** A value is given to a take that is parked. */
  private abstract static class Giving extends Step {
    final Handoff<String> handoff;
    boolean given;
    private final Parked<String> consumer;

    Giving(Kind kind, WakerGroup group) {
      handoff = new Handoff<>(group);
      consumer = Parked.start(kind, handoff::take);
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown == null) {
        assertTrue(given);
        assertEnds(consumer, "the value was given");
      } else {
        assertTrue(handoff.offer("second"), "no room for a second value");
        assertEnds(consumer, thrown + " and a second value");
      }
      if (lostByJdk == 0) {
        assertEquals(thrown == null ? "value" : "second", consumer.waiter.result());
        assertWorks(handoff);
      }
    }
  }

  /** A value is taken before a put that is parked. */
  private abstract static class Taking extends Step {
    final Handoff<String> handoff;
    private final Parked<String> producer;
    private @Nullable String taken;

    Taking(Kind kind, WakerGroup group) {
      handoff = new Handoff<>(group);
      handoff.offer("first");
      producer = Parked.start(kind, () -> put(handoff, "second"));
    }

    abstract @Nullable String take() throws InterruptedException;

    @Override
    final void strike() throws InterruptedException {
      taken = take();
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown != null) {
        taken = handoff.poll();
      }
      assertEquals("first", taken);
      assertEnds(producer, thrown == null ? "the value was taken" : thrown + " and a second take");
      assertEquals("second", handoff.poll());
      assertWorks(handoff);
      if (lostByJdk == 0) {
        assertEquals("second", producer.waiter.result());
      }
    }
  }

  /** A hand-off is closed on which a thread is parked. */
  private static final class Closing extends Step {
    private final Handoff<String> handoff;
    private final Parked<String> parked;

    Closing(Handoff<String> handoff, Parked<String> parked) {
      this.handoff = handoff;
      this.parked = parked;
    }

    @Override
    void strike() {
      handoff.close();
    }

    @Override
    void check(@Nullable Throwable thrown) {
      if (thrown == null) {
        assertTrue(handoff.isClosed());
        assertEnds(parked, "a close");
      } else {
        handoff.close();
        assertEnds(parked, thrown + " and a second close");
      }
      if (parked.waiter.isDone()) {
        assertFailed(parked.waiter, HandoffClosedException.class);
      }
    }
  }

  /** When a condition is true. */
  private enum Look {
    FIRST,
    SECOND,
    REGISTERED,
    AFTER_PARKS,
    NEVER
  }

  /** A wait of the current thread. */
  private static class Awaiting extends Step implements Supplier<@Nullable Integer> {
    private static final int PARKS = 3;

    final AtomicWaker waker;
    private final Look when;
    private final Thread self = Thread.currentThread();
    private int looks;
    private int registeredLooks;

    Awaiting(WakerGroup group, Look when) {
      this.waker = new AtomicWaker(group);
      this.when = when;
    }

    /** Its parks end at once: it leaves permits, and is always registered then. */
    final boolean look() {
      looks++;
      if (waker.registered() == self) {
        registeredLooks++;
        if (when == Look.AFTER_PARKS) {
          LockSupport.unpark(self);
        }
      }
      return switch (when) {
        case FIRST -> true;
        case SECOND -> looks == 2;
        case REGISTERED -> registeredLooks == 1;
        case AFTER_PARKS -> registeredLooks == 1 + PARKS;
        case NEVER -> false;
      };
    }

    @Override
    public @Nullable Integer get() {
      throw new UnsupportedOperationException();
    }

    @Override
    void strike() throws InterruptedException {
      waker.await(this::look);
    }

    @Override
    void check(@Nullable Throwable thrown) {
      LockSupport.unpark(self); // for the next step, whose parks must not last
      LockSupport.park(this);
      assertNull(waker.registered());
    }
  }

  /** A wait for an element of a queue that removes it by its last step but the return. */
  private static class AwaitingValue extends Awaiting {
    @Nullable Integer value;
    private final Integer[] elements = {7, 8};
    private int head;

    AwaitingValue(WakerGroup group, Look when) {
      super(group, when);
    }

    @Override
    public final @Nullable Integer get() {
      if (!look()) {
        return null;
      }
      Integer element = elements[0];
      head = 1;
      return element;
    }

    @Override
    void strike() throws InterruptedException {
      value = waker.awaitValue(this);
    }

    @Override
    final void check(@Nullable Throwable thrown) {
      super.check(thrown);
      if (thrown == null) {
        assertEquals(7, value);
        assertEquals(1, head);
      } else {
        assertEquals(0, head, () -> thrown + " lost an element");
      }
    }
  }

  /** A wait whose thread is interrupted: the status is not lost. */
  private abstract static class Interrupted extends Awaiting {

    /** Set once it is certain that it was interrupted. */
    private boolean expected;

    private boolean interrupted;

    private int interruptedLooks;

    Interrupted(WakerGroup group, Look when) {
      super(group, when);
    }

    final boolean interruptedLook() {
      if (++interruptedLooks == 2) {
        interrupt();
      }
      return look();
    }

    final void interrupt() {
      Thread.currentThread().interrupt();
      expected = true;
    }

    @Override
    abstract void strike() throws InterruptedException;

    @Override
    final void after() {
      interrupted = Thread.interrupted();
    }

    @Override
    final void check(@Nullable Throwable thrown) {
      super.check(thrown);
      if (thrown instanceof InterruptedException) {
        assertFalse(interrupted, "both thrown and set");
      } else if (expected) {
        assertTrue(interrupted, () -> "the interrupt is lost after " + thrown);
      }
    }
  }

  /** A put or take that ends without success. */
  private abstract static class GivingUp extends Step {
    final Handoff<String> handoff;
    @Nullable String result;
    private final @Nullable String before;

    GivingUp(WakerGroup group) {
      handoff = new Handoff<>(group);
      before = null;
    }

    GivingUp(WakerGroup group, String before) {
      handoff = new Handoff<>(group);
      handoff.offer(before);
      this.before = before;
    }

    @Override
    void check(@Nullable Throwable thrown) {
      assertNull(result);
      if (before == null) {
        assertTrue(handoff.offer("next"), "no room for a value");
        assertEquals("next", handoff.poll(), "nobody has the value");
      } else {
        assertEquals(before, handoff.poll());
      }
      assertWorks(handoff);
    }
  }

  /** Interrupts the thread that makes it, once that is parked. */
  private static final class Interrupter implements Runnable {
    private final Thread target = Thread.currentThread();
    private final Thread thread = Thread.ofPlatform().daemon().start(this);
    private volatile boolean begun;
    private volatile boolean over;

    @Override
    public void run() {
      while (!begun) {
        LockSupport.park(this);
      }
      while (!over) {
        if (Waiter.isParked(target)) {
          target.interrupt();
          return;
        }
        pause();
      }
    }

    void begin() {
      begun = true;
      LockSupport.unpark(thread);
    }

    /** Without a wait of its own, which might be taken for the operation's. */
    void end() {
      over = true;
      while (thread.isAlive()) {
        pause();
      }
      Thread.interrupted();
    }
  }
}
