package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.Waiter.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is known of a thread, on each JDK. */
@Timeout(60)
class NewerThreadsTest {

  @Test
  void areThereSinceTheJdkHasThem() {
    assertEquals(Runtime.version().feature() >= 19, NewerThreads.PRESENT);
  }

  @ParameterizedTest
  @EnumSource
  void haveTheirKind(Kind kind) {
    boolean virtual = kind == Kind.VIRTUAL && Waiter.VIRTUAL_THREADS;
    assertEquals(virtual, NewerThreads.isVirtual(kind.unstarted(() -> {})));
    assertEquals(
        virtual, Waiter.start(kind, () -> NewerThreads.isVirtual(Thread.currentThread())).result());
  }

  @Test
  void areVirtualOnAnyScheduler() {
    assertTrue(NewerThreads.isVirtual(new SteppedScheduler().unstarted(() -> {})));
  }

  /** It inherits the thread group of virtual threads. */
  @Test
  void areNotVirtualIfAVirtualThreadMadeThem() {
    Thread made = Waiter.start(Kind.VIRTUAL, () -> new Thread()).result();
    assertFalse(NewerThreads.isVirtual(made));
  }
}
