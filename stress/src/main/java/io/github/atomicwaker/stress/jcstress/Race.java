package io.github.atomicwaker.stress.jcstress;

import io.github.atomicwaker.AtomicWaker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The state that most races share: a waker, and the condition that is waited for. */
public abstract class Race {

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
  protected final AtomicWaker waker = new AtomicWaker();

  /** Plain, for nothing but the waker may order it. */
  protected boolean condition;
}
