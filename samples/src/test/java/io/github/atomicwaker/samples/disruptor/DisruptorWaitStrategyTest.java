package io.github.atomicwaker.samples.disruptor;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample's own checks, with strategies that are good and strategies that are not. */
@Timeout(60)
class DisruptorWaitStrategyTest {
  private static final Map<String, String> OPTIONS = Map.of("seconds", "1", "seed", "7");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void clear() {
    OPTIONS.keySet().forEach(System::clearProperty);
    System.clearProperty("threads");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void theSampleRuns(String producers) throws Exception {
    OPTIONS.forEach(System::setProperty);
    System.setProperty("threads", producers);
    DisruptorWaitStrategy.SAMPLE.body().run(new Console(new PrintStream(printed, true), false));
    String text = printed.toString();
    assertTrue(text.contains("none is missing, all are in order"), text);
  }

  @Test
  void aConsumerThatIsNotWokenIsFound() {
    assertFails(stuckFrom(500), "events were published, but only");
  }

  @Test
  void soItIsWhenTheRingIsNotFull() {
    Traffic traffic = new Traffic(stuckFrom(0), 1, 1, Duration.ofMillis(500));
    Failure failure =
        assertThrows(Failure.class, () -> traffic.run(Duration.ofMillis(1), true, () -> {}));
    assertTrue(
        requireNonNull(failure.getMessage()).contains("but only 0 handled"), failure.getMessage());
  }

  @Test
  void aConsumerThatIsNotWokenByAHaltIsFound() {
    assertFails(
        new Wrapped() {
          @Override
          public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier b)
              throws AlertException, InterruptedException, TimeoutException {
            try {
              return super.waitFor(sequence, cursor, dependent, b);
            } catch (AlertException halted) {
              awaitInterrupt();
              throw halted;
            }
          }
        },
        "1 threads have not ended");
  }

  @Test
  void anEventThatIsHandledTooEarlyIsFound() {
    assertFails(
        new Wrapped() {
          @Override
          public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier b)
              throws AlertException, InterruptedException, TimeoutException {
            long available = super.waitFor(sequence, cursor, dependent, b);
            return sequence > 500 ? available + 1 : available;
          }
        },
        "was due");
  }

  @Test
  void aConsumerThatBreaksDownIsFound() {
    assertFails(
        new Wrapped() {
          @Override
          public long waitFor(
              long sequence, Sequence cursor, Sequence dependent, SequenceBarrier b) {
            throw new IllegalStateException("broken");
          }
        },
        "a thread failed");
  }

  /** And ends the consumer then as an alert does: it would take the interrupt for its handler's. */
  private static void awaitInterrupt() throws AlertException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException ended) {
      throw AlertException.INSTANCE;
    }
  }

  private static WaitStrategy stuckFrom(long first) {
    return new Wrapped() {
      @Override
      public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier b)
          throws AlertException, InterruptedException, TimeoutException {
        if (sequence >= first) {
          awaitInterrupt();
        }
        return super.waitFor(sequence, cursor, dependent, b);
      }
    };
  }

  private void assertFails(WaitStrategy strategy, String part) {
    DisruptorWaitStrategy sample =
        new DisruptorWaitStrategy(
            1,
            1,
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            new Console(new PrintStream(printed, true), false));
    Failure failure =
        assertThrows(
            Failure.class,
            () ->
                sample.run(
                    0, 1, List.of(new DisruptorWaitStrategy.Contestant("broken", () -> strategy))));
    assertEquals(Failure.WRONG, failure.status);
    assertTrue(requireNonNull(failure.getMessage()).contains(part), failure.getMessage());
  }

  private static class Wrapped implements WaitStrategy {
    private final WaitStrategy strategy = new WakerWaitStrategy();

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier b)
        throws AlertException, InterruptedException, TimeoutException {
      return strategy.waitFor(sequence, cursor, dependent, b);
    }

    @Override
    public void signalAllWhenBlocking() {
      strategy.signalAllWhenBlocking();
    }
  }
}
