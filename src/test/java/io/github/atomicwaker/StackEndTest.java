package io.github.atomicwaker;

import io.github.atomicwaker.Operation.Variant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stack that ends at any depth of any operation: nothing is lost. */
@Tag("not-on-17") // takes too long
@Timeout(300)
class StackEndTest {

  /** Lets the stack end in every operation, frame by frame. */
  static final class Diver implements Runnable {
    /** Enough in a row for the operation to have left the end of the stack behind. */
    private static final int COMPLETIONS = 12;

    private final int warmUps;
    private final String only;
    private final List<String> faults = new ArrayList<>();
    private int runs;
    private int lostByJdk;

    private Diver(int warmUps, String only) {
      this.warmUps = warmUps;
      this.only = only;
    }

    public static void main(String[] args) throws InterruptedException {
      Diver diver = new Diver(Integer.parseInt(args[0]), args.length > 1 ? args[1] : "");
      StackDepth.runInSmallStack(diver);
      System.out.println(diver.lostByJdk + " of " + diver.runs + " lost by the JDK itself");
      ChildJvm.exit(diver.faults);
    }

    @Override
    public void run() {
      try {
        for (Variant variant : Variant.all()) {
          if (variant.toString().startsWith(only)) {
            dive(variant);
          }
        }
      } catch (Throwable thrown) {
        faults.add("the program itself: " + thrown);
      }
    }

    private void dive(Variant variant) {
      for (int i = 0; i < warmUps; i++) {
        if (isStruck(variant, 0)) {
          faults.add(variant + " throws with room as well");
          return;
        }
      }
      int completions = 0;
      int before = faults.size();
      for (int depth = StackDepth.deepest(); completions < COMPLETIONS; depth--) {
        completions = isStruck(variant, depth) ? 0 : completions + 1;
        if (faults.size() > before) {
          return;
        }
      }
    }

    /** Runs it once, and returns true if the stack ended in it. */
    private boolean isStruck(Variant variant, int depth) {
      Step step = variant.begin();
      Throwable thrown = null;
      step.before();
      try {
        StackDepth.at(depth, step);
      } catch (Throwable e) {
        thrown = e;
      }
      step.after();
      try {
        step.checkAll(thrown);
      } catch (Throwable e) {
        faults.add(variant + ", at depth " + depth + ": " + e);
      }
      runs++;
      lostByJdk += step.lostByJdk;
      return thrown instanceof StackOverflowError || step.lostByJdk > 0;
    }
  }

  private static void dive(int warmUps, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    all.add("-XX:MaxJavaStackTraceDepth=8");
    System.out.println(ChildJvm.run(Diver.class, all, warmUps));
  }

  @Test
  void inInterpretedCode() throws Exception {
    dive(2, "-Xint");
  }

  /** Only the first compiler runs, which is done after some calls and inlines less. */
  @Test
  void inCompiledCode() throws Exception {
    dive(30, "-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=0.1");
  }
}
