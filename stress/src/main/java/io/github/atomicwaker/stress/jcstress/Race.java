package io.github.atomicwaker.stress.jcstress;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The state that most races share: a waker, and the condition that is waited for. */
public abstract class Race {

  /** For waits that park at once: a wait that spins usually ends before it registers. */
  protected static final WakerGroup PARKING = WakerGroup.named("parking").parkingOnly();

  /** For waits that spin, where that adds a race. */
  protected static final WakerGroup ADAPTIVE = WakerGroup.named("adaptive");

  /** For access to {@link #condition} in another mode than plain. */
  protected static final VarHandle CONDITION;

  static {
    try {
      CONDITION = MethodHandles.lookup().findVarHandle(Race.class, "condition", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The waker that is raced for. */
  protected final AtomicWaker waker;

  /** Plain, since nothing but the waker may order it. */
  protected boolean condition;

  protected Race() {
    this(PARKING);
  }

  protected Race(WakerGroup group) {
    waker = new AtomicWaker(group);
  }
}
