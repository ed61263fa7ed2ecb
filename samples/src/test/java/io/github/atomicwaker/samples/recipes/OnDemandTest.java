package io.github.atomicwaker.samples.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.samples.common.ParkedThread;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OnDemandTest {

  @Test
  void anItemIsWantedWhileItsConsumerWaits() throws Exception {
    OnDemand<String> items = new OnDemand<>();
    assertFalse(items.give("too early"));
    ParkedThread<String> consumer = ParkedThread.in(items::take);
    assertTrue(items.isWanted());
    assertTrue(items.give("one"));
    assertFalse(items.give("too many"));
    assertEquals("one", consumer.result());
    assertFalse(items.isWanted());
  }

  @Test
  void anItemIsNotWantedAnyMoreWhenTheTimeIsUp() throws Exception {
    OnDemand<String> items = new OnDemand<>();
    assertNull(items.take(1, TimeUnit.MILLISECONDS));
    assertFalse(items.isWanted());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, items::take);
    assertFalse(items.isWanted());
  }
}
