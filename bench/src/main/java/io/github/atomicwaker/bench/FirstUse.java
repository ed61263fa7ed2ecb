package io.github.atomicwaker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.atomicwaker.AtomicWaker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The first wait and the first wake of a JVM.
 *
 * <p>One operation is a JVM that JMH's own starts, since JMH has loaded classes and waited before.
 * What counts is what that JVM prints: by how much a wait of 100 ms took longer, or how long a wake
 * took.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FirstUse {

  /** With the time that the waker's own classes take to load and to initialize. */
  private static final String WITH_CLASSES = "AtomicWaker, its classes included";

  private static final String WAIT = "first wait";
  private static final String WAKE = "first wake";

  private static final long TIMEOUT_NANOS = MILLISECONDS.toNanos(100);

  /** What is measured. */
  public static List<Point> points(boolean quick) {
    List<Point> points = new ArrayList<>();
    for (String contestant : List.of("AtomicWaker", WITH_CLASSES, "Condition")) {
      points.add(point(contestant, WAIT));
    }
    points.add(point("AtomicWaker", WAKE));
    return points;
  }

  private static Point point(String contestant, String use) {
    return Point.of(FirstUse.class, "firstUse", 1, "contestant", contestant, "use", use);
  }

  /** Who waits or wakes. */
  @Param("AtomicWaker")
  public String contestant = "";

  /** What it does. */
  @Param(WAIT)
  public String use = "";

  /** What JMH reports besides the time. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class InJvmOfItsOwn {
    /** How long the wait took too long, or the wake took. */
    public long firstUseNanos;
  }

  /** One JVM. */
  @Benchmark
  public void firstUse(InJvmOfItsOwn jvm) throws IOException, InterruptedException {
    jvm.firstUseNanos = inJvmOfItsOwn();
  }

  private long inJvmOfItsOwn() throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                FirstUse.class.getName(),
                contestant,
                use)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(jvm.getInputStream().readAllBytes(), UTF_8).strip();
    if (jvm.waitFor() != 0) {
      throw new IllegalStateException(contestant + " ended with " + jvm.exitValue());
    }
    return Long.parseLong(printed);
  }

  /** Prints the nanoseconds of a contestant's use. */
  public static void main(String[] args) throws InterruptedException {
    System.out.println(
        args[1].equals(WAKE)
            ? wakeNanos()
            : switch (args[0]) {
              case "Condition" -> conditionOvershoot();
              case WITH_CLASSES -> wakerOvershoot(null);
              default -> wakerOvershoot(new AtomicWaker());
            });
  }

  /** A class, since a lambda would be linked in the first wait. */
  private static final class Never implements BooleanSupplier {
    @Override
    public boolean getAsBoolean() {
      return false;
    }
  }

  private static final class Flag implements BooleanSupplier {
    volatile boolean set;

    @Override
    public boolean getAsBoolean() {
      return set;
    }
  }

  private static long conditionOvershoot() throws InterruptedException {
    Never condition = new Never();
    long begin = System.nanoTime();
    ReentrantLock lock = new ReentrantLock();
    Condition signal = lock.newCondition();
    lock.lock();
    try {
      long left = TIMEOUT_NANOS;
      while (!condition.getAsBoolean() && left > 0) {
        left = signal.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
    return System.nanoTime() - begin - TIMEOUT_NANOS;
  }

  private static long wakerOvershoot(@Nullable AtomicWaker existing) throws InterruptedException {
    Never condition = new Never();
    Duration timeout = Duration.ofNanos(TIMEOUT_NANOS);
    long begin = System.nanoTime();
    AtomicWaker waker = existing == null ? new AtomicWaker() : existing;
    boolean seen = waker.await(condition, timeout);
    long nanos = System.nanoTime() - begin - TIMEOUT_NANOS;
    if (seen) {
      throw new AssertionError("the condition is never true");
    }
    return nanos;
  }

  private static long wakeNanos() throws InterruptedException {
    AtomicWaker waker = new AtomicWaker();
    Flag condition = new Flag();
    Thread waiter = new Thread(() -> waker.awaitUninterruptibly(condition));
    waiter.start();
    while (waiter.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    condition.set = true;
    long begin = System.nanoTime();
    waker.wake();
    long nanos = System.nanoTime() - begin;
    waiter.join();
    return nanos;
  }
}
