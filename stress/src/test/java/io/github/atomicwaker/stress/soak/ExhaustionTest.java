package io.github.atomicwaker.stress.soak;

import static io.github.atomicwaker.stress.soak.ShortRun.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.stress.soak.PairMember.Kind;
import io.github.atomicwaker.stress.soak.WaitMethod.Outcome;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class ExhaustionTest {
  private final ShortRun run = new ShortRun();

  @Test
  void aShortStagePassesInAJvmOfItsOwn() throws InterruptedException {
    assertTrue(Exhaustion.runApart(1, 1, run.out), run::text);
    run.assertPrinted("exhaustion passed: ");
  }

  @Test
  void itHasAQuarterOfTheTimeButSomeSecondsAtLeast() {
    assertEquals(25, Exhaustion.seconds(100));
    assertEquals(5, Exhaustion.seconds(1));
  }

  /** With room, which this JVM needs. Returns what is wrong, or "null". */
  private String run(int threads, Pair.Factory pair) throws InterruptedException {
    Exhaustion stage = new Exhaustion(ShortRun.settings(threads), List.of(pair), run.console);
    String wrong = stage.runWithRoom();
    return String.valueOf(wrong == null ? stage.bringToAnEnd() : wrong);
  }

  private String runAlone(Kind kind, Round round, Operation operation) throws InterruptedException {
    return run(2, (stage, random) -> new Alone(stage, random, kind, round, operation));
  }

  @Test
  void allPairsEndWell() throws InterruptedException {
    for (Pair.Factory pair : Exhaustion.PAIRS) {
      assertEquals("null", run(8, pair));
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsAThreadThatWasNotUnparked(Kind kind) throws InterruptedException {
    String wrong =
        runAlone(
            kind,
            (me, cell) -> {
              me.attempt(cell, false, false);
              return false;
            },
            cell -> {
              cell.sent = 1; // as if before that it had looked, and then been taken
              cell.waker.register();
              cell.waker.deregister();
              cell.waker.park();
            });
    assertTrue(wrong.startsWith("1 stuck: parked for 10 looks in a row"), wrong);
    assertEquals(kind != Kind.VIRTUAL, wrong.contains("AtomicWaker.park("), wrong);
    assertEquals(kind == Kind.VIRTUAL, wrong.contains("an unpark has revived it"), wrong);
  }

  @Test
  void findsAFault() throws InterruptedException {
    String wrong =
        runAlone(
            Kind.PLATFORM,
            (me, cell) -> {
              me.check(false, "the next number", 7, 8);
              return false;
            },
            cell -> {});
    assertTrue(wrong.startsWith("member (Alone) failed"), wrong);
    assertContains(wrong, "the next number: 7 expected, but it was 8");
  }

  @Test
  void findsALostInterrupt() throws InterruptedException {
    String wrong =
        runAlone(
            Kind.PLATFORM,
            (me, cell) -> {
              me.attempt(null, false, true);
              return true;
            },
            cell -> Thread.interrupted());
    assertContains(wrong, "an interrupt was lost");
  }

  @Test
  void findsWhatIsNotEmptyAtTheEnd() throws InterruptedException {
    String wrong =
        runAlone(
            Kind.PLATFORM,
            (me, cell) -> {
              cell.sent = 1;
              return false;
            },
            cell -> {});
    assertTrue(wrong.startsWith("not empty at the end: "), wrong);
  }

  private interface Round {
    boolean run(PairMember me, SequenceCell cell);
  }

  private interface Operation {
    void run(SequenceCell cell);
  }

  /** One thread alone. */
  private static final class Alone extends Pair {
    private final SequenceCell cell = new SequenceCell(group);
    private final PairMember member;

    Alone(Exhaustion stage, SplittableRandom random, Kind kind, Round round, Operation operation) {
      super(stage, random);
      member =
          new PairMember(this, "member", kind, random) {
            @Override
            boolean round() {
              return round.run(this, cell);
            }

            @Override
            void operate() {
              begun = true;
              operation.run(cell);
              outcome = Outcome.VALUE;
            }
          };
    }

    @Override
    List<PairMember> members() {
      return List.of(member);
    }

    @Override
    void abandon() {}

    @Override
    @Nullable String wrong() {
      return cell.isEmpty() ? null : "not empty at the end: " + cell;
    }
  }
}
