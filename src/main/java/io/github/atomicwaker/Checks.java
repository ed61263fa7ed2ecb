package io.github.atomicwaker;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The checks of the {@code await} methods. Not lambdas: the JVM links a lambda at its first use,
 * here in a wait, where that may fail.
 */
final class Checks {

  static final Check<BooleanSupplier, Boolean> IS_TRUE = new IsTrue();
  private static final Check<Supplier<?>, Object> POLL = new Poll();
  private static final Check<CheckedSupplier<?, ?>, Object> POLL_CHECKED = new PollChecked();
  private static final Check<Announced<?>, Object> POLL_ANNOUNCED = new PollAnnounced();

  static {
    Initialized.ensure(Announced.class);
  }

  private Checks() {}

  @SuppressWarnings("unchecked") // it returns what the supplier does
  static <T> Check<Supplier<? extends @Nullable T>, T> poll() {
    return (Check<Supplier<? extends @Nullable T>, T>) (Check<?, ?>) POLL;
  }

  @SuppressWarnings("unchecked") // it returns what the supplier does
  static <T> Check<CheckedSupplier<? extends @Nullable T, ?>, T> pollChecked() {
    return (Check<CheckedSupplier<? extends @Nullable T, ?>, T>) (Check<?, ?>) POLL_CHECKED;
  }

  @SuppressWarnings("unchecked") // it returns what the supplier does
  static <T> Check<Announced<T>, T> pollAnnounced() {
    return (Check<Announced<T>, T>) (Check<?, ?>) POLL_ANNOUNCED;
  }

  /** The state of a wait that can take its announcement back. */
  static final class Announced<T> {
    private final Supplier<? extends @Nullable T> poll;
    private final BooleanSupplier withdraw;

    Announced(Supplier<? extends @Nullable T> poll, BooleanSupplier withdraw) {
      this.poll = poll;
      this.withdraw = withdraw;
    }
  }

  private static final class IsTrue implements Check<BooleanSupplier, Boolean> {
    @Override
    public @Nullable Boolean on(BooleanSupplier condition) {
      return Check.trueOrNull(condition.getAsBoolean());
    }
  }

  private static final class Poll implements Check<Supplier<?>, Object> {
    @Override
    public @Nullable Object on(Supplier<?> poll) {
      return poll.get();
    }
  }

  private static final class PollChecked implements Check<CheckedSupplier<?, ?>, Object> {
    @Override
    @SuppressWarnings("unchecked") // the method that waits declares what the supplier throws
    public @Nullable Object on(CheckedSupplier<?, ?> poll) {
      return ((CheckedSupplier<?, RuntimeException>) poll).get();
    }
  }

  private static final class PollAnnounced implements Check<Announced<?>, Object> {
    @Override
    public @Nullable Object on(Announced<?> announced) {
      return announced.poll.get();
    }

    @Override
    public boolean withdraw(Announced<?> announced) {
      return announced.withdraw.getAsBoolean();
    }
  }
}
