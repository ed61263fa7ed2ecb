package io.github.atomicwaker.stress.soak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.stress.soak.Soak.Settings;
import io.github.atomicwaker.stress.soak.Striker.Kind;
import io.github.atomicwaker.stress.soak.Way.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class EndsTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, UTF_8);

  @Test
  void aShortStagePassesInAJvmOfItsOwn() throws InterruptedException {
    assertTrue(Ends.runApart(1, 1, out), printed::toString);
    assertTrue(printed.toString(UTF_8).contains("ends passed: "), printed::toString);
  }

  @Test
  void itHasAQuarterOfTheTimeButSomeSecondsAtLeast() {
    assertEquals(25, Ends.seconds(100));
    assertEquals(5, Ends.seconds(1));
  }

  /** With room, which this JVM needs. */
  private String run(int threads, Pair.Factory pair) throws InterruptedException {
    Settings settings = new Settings(1, threads, 1, Duration.ofSeconds(1));
    Ends ends = new Ends(settings, List.of(pair), new Console(out, false));
    String wrong = ends.runWithRoom();
    return String.valueOf(wrong == null ? ends.bringToAnEnd() : wrong);
  }

  @Test
  void allPairsEndWell() throws InterruptedException {
    for (Pair.Factory pair : Ends.PAIRS) {
      assertEquals("null", run(8, pair));
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsAThreadThatWasNotUnparked(Kind kind) throws InterruptedException {
    String wrong =
        run(
            2,
            (ends, random) ->
                new Custom(ends, random, kind) {
                  @Override
                  boolean round(Striker me) {
                    me.attempt(bell, false, false);
                    return false;
                  }

                  @Override
                  void strike(Striker me) {
                    bell.sent = 1; // as if before that it had looked, and then been taken
                    bell.waker.register();
                    bell.waker.deregister();
                    bell.waker.park();
                    me.outcome = Outcome.VALUE;
                  }
                });
    assertTrue(wrong.startsWith("1 stuck: parked for 10 looks in a row"), wrong);
    assertEquals(kind != Kind.VIRTUAL, wrong.contains("AtomicWaker.park("), wrong);
    assertEquals(kind == Kind.VIRTUAL, wrong.contains("an unpark has revived it"), wrong);
  }

  @Test
  void findsAFault() throws InterruptedException {
    String wrong =
        run(
            2,
            (ends, random) ->
                new Custom(ends, random, Kind.PLATFORM) {
                  @Override
                  boolean round(Striker me) {
                    me.check(false, "the next number", 7, 8);
                    return false;
                  }
                });
    assertTrue(wrong.startsWith("striker () failed"), wrong);
    assertTrue(wrong.contains("the next number: 7 expected, but it was 8"), wrong);
  }

  @Test
  void findsALostInterrupt() throws InterruptedException {
    String wrong =
        run(
            2,
            (ends, random) ->
                new Custom(ends, random, Kind.PLATFORM) {
                  @Override
                  boolean round(Striker me) {
                    me.attempt(null, false, true);
                    return true;
                  }

                  @Override
                  void strike(Striker me) {
                    Thread.interrupted();
                  }
                });
    assertTrue(wrong.contains("an interrupt was lost"), wrong);
  }

  @Test
  void findsWhatIsNotEmptyAtTheEnd() throws InterruptedException {
    String wrong =
        run(
            2,
            (ends, random) ->
                new Custom(ends, random, Kind.PLATFORM) {
                  @Override
                  boolean round(Striker me) {
                    return false;
                  }

                  @Override
                  @Nullable String wrong() {
                    return "not empty at the end: " + bell;
                  }
                });
    assertTrue(wrong.startsWith("not empty at the end: "), wrong);
  }

  /** One thread alone. */
  private abstract static class Custom extends Pair {
    final Bell bell = new Bell(group);
    private final Striker striker;

    Custom(Ends ends, SplittableRandom random, Kind kind) {
      super(ends, random);
      striker =
          new Striker(this, "striker", kind, random) {
            @Override
            boolean round() {
              return Custom.this.round(this);
            }

            @Override
            void strike() {
              begun = true;
              Custom.this.strike(this);
            }
          };
    }

    abstract boolean round(Striker me);

    void strike(Striker me) {
      me.outcome = Outcome.VALUE;
    }

    @Override
    List<Striker> strikers() {
      return List.of(striker);
    }

    @Override
    void abandon() {}

    @Override
    @Nullable String wrong() {
      return null;
    }
  }
}
