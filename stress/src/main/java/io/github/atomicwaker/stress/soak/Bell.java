package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A number that goes up, and a waker. It is the condition of a wait, which takes a number by a
 * store, the last thing that it does, and allocates nothing.
 */
final class Bell implements Watched, Supplier<@Nullable Object> {

  /** No number will come any more. */
  static final long BYE = -1;

  private static final Object[] VALUES = {new Object(), new Object(), new Object(), new Object()};

  final AtomicWaker waker;

  /** The last one that was sent. */
  volatile long sent;

  /** The last one that was taken, by the condition. */
  volatile long heard;

  /** From before a number is sent until its receiver was woken: before that, it is not stranded. */
  volatile boolean ringing;

  Bell(WakerGroup group) {
    this.waker = new AtomicWaker(group);
  }

  @Override
  public @Nullable Object get() {
    long number = sent;
    if (number == heard) {
      return null;
    }
    Object value = value(number);
    heard = number;
    return value;
  }

  boolean isRinging() {
    return get() != null;
  }

  static Object value(long number) {
    return VALUES[(int) number & (VALUES.length - 1)];
  }

  @Override
  public boolean isDue(Thread waiter) {
    return !ringing && (sent != heard || waker.registered() != waiter);
  }

  @Override
  public boolean isContested() {
    return false;
  }

  @Override
  public boolean isEmpty() {
    return sent == heard && waker.registered() == null;
  }

  @Override
  public String toString() {
    return "%s, a bell with number %d sent, %d heard".formatted(waker, sent, heard);
  }
}
