package io.github.atomicwaker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.atomicwaker.AtomicWaker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long the first wait and the first wake of a JVM take. Each measurement has a JVM of its own;
 * those of all contestants take turns. JMH measures what is warm, so this is not one of its rows.
 */
public final class FirstUse {

  private static final int JVMS = 11;
  private static final long TIMEOUT_NANOS = MILLISECONDS.toNanos(100);

  /** What is measured, in nanoseconds: of a wait, how much longer than its time-out it takes. */
  private enum Contestant {
    CONDITION("wait: Condition"),
    WAKER("wait: AtomicWaker that exists"),
    WAKER_CLASSES("wait: AtomicWaker, its classes included"),
    WAKE("wake");

    final String label;

    Contestant(String label) {
      this.label = label;
    }

    long measure() throws InterruptedException {
      return switch (this) {
        case CONDITION -> conditionOvershoot();
        case WAKER -> wakerOvershoot(new AtomicWaker());
        case WAKER_CLASSES -> wakerOvershoot(null);
        case WAKE -> wakeNanos();
      };
    }
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

  private record Series(Contestant contestant, List<Long> nanos) {
    Series(Contestant contestant) {
      this(contestant, new ArrayList<>());
    }

    long median() {
      return nanos.stream().sorted().skip(JVMS / 2).findFirst().orElseThrow();
    }
  }

  private FirstUse() {}

  /** Measures the one contestant that is named, or prints the medians of all of them. */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      System.out.println(Contestant.valueOf(args[0]).measure());
      return;
    }
    List<Series> all = Arrays.stream(Contestant.values()).map(Series::new).toList();
    for (int jvm = 1; jvm <= JVMS; jvm++) {
      for (Series series : all) {
        series.nanos.add(inJvmOfItsOwn(series.contestant));
      }
    }
    System.out.printf("First use in a JVM, medians of %d, ms%n", JVMS);
    for (Series series : all) {
      System.out.printf("%8.2f  %s%n", series.median() / 1e6, series.contestant.label);
    }
  }

  private static long inJvmOfItsOwn(Contestant contestant)
      throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                FirstUse.class.getName(),
                contestant.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(jvm.getInputStream().readAllBytes(), UTF_8).strip();
    if (jvm.waitFor() != 0) {
      throw new IllegalStateException(contestant + " ended with " + jvm.exitValue());
    }
    return Long.parseLong(printed);
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
