package io.github.atomicwaker.bench;

import io.github.atomicwaker.AtomicWaker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Waits that need not wait: what a consumer pays that is never ahead of its producer. Part of the
 * row "allocation".
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Ready {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final AtomicWaker waker = new AtomicWaker();
  private volatile boolean ready = true;
  private volatile Object value = this;

  /** What is measured. */
  public static List<Point> points() {
    return Stream.of("raw", "await", "awaitTimed", "awaitUninterruptibly", "awaitValue")
        .map(method -> Point.of(Ready.class, method, 1))
        .toList();
  }

  /** The floor. */
  @Benchmark
  public void raw() {
    while (!ready) {
      LockSupport.park(this);
    }
  }

  /** The predicate captures an object, as most do. */
  @Benchmark
  public void await() throws InterruptedException {
    waker.await(() -> ready);
  }

  /** With a time-out. */
  @Benchmark
  public boolean awaitTimed() throws InterruptedException {
    return waker.await(() -> ready, TIMEOUT);
  }

  /** With no interrupts. */
  @Benchmark
  public void awaitUninterruptibly() {
    waker.awaitUninterruptibly(() -> ready);
  }

  /** For a value. */
  @Benchmark
  public Object awaitValue() throws InterruptedException {
    return waker.awaitValue(() -> value);
  }
}
