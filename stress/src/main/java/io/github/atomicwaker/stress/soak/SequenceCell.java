package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.CheckedSupplier;
import io.github.atomicwaker.WakerGroup;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cell for a sequence of numbers, one at a time, and a waker. It is the condition of a wait. It
 * takes a number by a store, which is the last thing that it does, and allocates nothing.
 */
final class SequenceCell
    implements WaitTarget,
        Supplier<@Nullable Object>,
        CheckedSupplier<@Nullable Object, RuntimeException> {

  /** No number will come any more. */
  static final long BYE = -1;

  private static final Object[] VALUES = {new Object(), new Object(), new Object(), new Object()};

  final AtomicWaker waker;

  /** The last one that was sent. */
  volatile long sent;

  /** The last one that was taken, by the condition. */
  volatile long received;

  /** From before a number is sent until its receiver was woken: before that, it is not stranded. */
  volatile boolean sending;

  SequenceCell(WakerGroup group) {
    this.waker = new AtomicWaker(group);
  }

  @Override
  public @Nullable Object get() {
    long number = sent;
    if (number == received) {
      return null;
    }
    Object value = value(number);
    received = number;
    return value;
  }

  boolean isTrue() {
    return get() != null;
  }

  static Object value(long number) {
    return VALUES[(int) number & (VALUES.length - 1)];
  }

  @Override
  public boolean isDue(Thread waiter) {
    return !sending && (sent != received || waker.registered() != waiter);
  }

  @Override
  public boolean isContested() {
    return false;
  }

  @Override
  public boolean isEmpty() {
    return sent == received && waker.registered() == null;
  }

  @Override
  public String toString() {
    return "%s, of a cell with number %d sent, %d received".formatted(waker, sent, received);
  }
}
