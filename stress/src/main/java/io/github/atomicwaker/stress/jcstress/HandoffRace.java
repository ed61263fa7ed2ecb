package io.github.atomicwaker.stress.jcstress;

import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.HandoffClosedException;
import io.github.atomicwaker.WakerGroup;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A race for a hand-off. The result of an operation is a word. The result of a take is the content
 * of the parcel. A wait that ends well, but only when its time is up, is "stranded".
 */
public abstract class HandoffRace extends Interrupting {

  /** A parcel that is in the place from the beginning, in some races. */
  protected static final int OLD = 7;

  /** The hand-off that is raced for. */
  protected final Handoff<Parcel> handoff;

  /** With waits that park at once. */
  protected HandoffRace() {
    this(PARKING);
  }

  protected HandoffRace(WakerGroup group) {
    handoff = new Handoff<>(group);
  }

  /** What is handed over: with a plain field, which nothing but the hand-off publishes. */
  protected static final class Parcel {
    private int content;

    public static Parcel of(int content) {
      Parcel parcel = new Parcel();
      parcel.content = content;
      return parcel;
    }
  }

  /** An operation of the hand-off: returns its result. */
  private interface Operation {
    String run() throws InterruptedException;
  }

  private static String run(Operation operation) {
    long start = System.nanoTime();
    String word;
    try {
      word = operation.run();
    } catch (HandoffClosedException e) {
      word = "closed";
    } catch (IllegalStateException e) {
      word = "displaced";
    } catch (InterruptedException e) {
      word = "interrupted";
    }
    return inTime(start) ? word : "stranded";
  }

  private static String put(boolean done) {
    return done ? "put" : "full";
  }

  private static String taken(@Nullable Parcel parcel) {
    return parcel == null ? "nothing" : Integer.toString(parcel.content);
  }

  /** Meets an interrupter; returns the result, and whether an interrupt is pending. */
  protected final String underInterrupt(Supplier<String> operation) {
    meetInterrupter();
    return withInterrupt(operation.get());
  }

  protected final String put(int content) {
    return offer(content, PATIENCE);
  }

  protected final String offer(int content, Duration timeout) {
    return run(() -> put(handoff.offer(Parcel.of(content), timeout)));
  }

  protected final String offer(int content) {
    return run(() -> put(handoff.offer(Parcel.of(content))));
  }

  protected final String transfer(int content) {
    return run(() -> put(handoff.tryTransfer(Parcel.of(content))));
  }

  protected final String take() {
    return poll(PATIENCE);
  }

  protected final String poll(Duration timeout) {
    return run(() -> taken(handoff.poll(timeout)));
  }

  protected final String poll() {
    return run(() -> taken(handoff.poll()));
  }
}
