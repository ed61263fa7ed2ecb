package io.github.atomicwaker.stress.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What this JVM's compiler emits for the operations of a waker: the files for x86 rest on it. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class X86MappingTest {

  private static final String FENCE = "f0 83 44 24 .. 00"; // lock addl $0,..(%rsp)
  private static final String SWAP =
      "(?<!0f )87 [0-9ab]"; // xchg with memory; with 0f before it is a jump
  private static final String COMPARE_AND_SET = "f0 (4. )?0f b1 "; // lock cmpxchg

  /** Each operation by itself, run until it is compiled. */
  static final class Operations {
    private static final AtomicReferenceFieldUpdater<Operations, Object> SLOT =
        AtomicReferenceFieldUpdater.newUpdater(Operations.class, Object.class, "slot");

    private volatile Object slot = "";

    private Operations() {}

    static void fence() {
      VarHandle.fullFence();
    }

    static Object swap(Operations operations, Object value) {
      return SLOT.getAndSet(operations, value);
    }

    static boolean compareAndSet(Operations operations, Object before, Object after) {
      return SLOT.compareAndSet(operations, before, after);
    }

    static Object read(Operations operations) {
      return operations.slot;
    }

    /** Prints what the last one returned, so that none can be left out. */
    public static void main(String[] args) {
      Operations operations = new Operations();
      boolean last = false;
      for (int i = 0; i < 200_000; i++) {
        fence();
        last = compareAndSet(operations, swap(operations, args), read(operations));
      }
      System.out.println(last);
    }
  }

  /** The machine code of a method, as bytes with a space after each. */
  private static String compiled(String method) throws IOException, InterruptedException {
    String name = Operations.class.getName() + "::" + method;
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-TieredCompilation",
                "-XX:+UseSerialGC",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=dontinline," + Operations.class.getName() + "::*",
                "-XX:CompileCommand=print," + name,
                "-cp",
                System.getProperty("java.class.path"),
                Operations.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, jvm.waitFor(), printed);
    int begin = printed.indexOf("[Verified Entry Point]");
    int end = printed.indexOf("\n[", begin);
    assertTrue(begin >= 0 && end > begin, printed);
    StringBuilder bytes = new StringBuilder();
    printed
        .substring(begin, end)
        .lines()
        .filter(line -> line.matches(" *0x[0-9a-f]+: [0-9a-f].*"))
        .map(line -> line.replaceFirst(" *0x[0-9a-f]+: ", "").replaceAll("[ |]", ""))
        .forEach(hex -> bytes.append(hex.replaceAll("..", "$0 ")));
    return bytes.toString();
  }

  private static boolean has(String bytes, String pattern) {
    return Pattern.compile(pattern).matcher(bytes).find();
  }

  @Test
  void aFullFenceIsALockedAdd() throws Exception {
    String fence = compiled("fence");
    assertTrue(has(fence, FENCE), fence);
  }

  @Test
  void aSwapIsAnExchange() throws Exception {
    String swap = compiled("swap");
    assertTrue(has(swap, SWAP), swap);
  }

  @Test
  void aCompareAndSetIsALockedOne() throws Exception {
    String compareAndSet = compiled("compareAndSet");
    assertTrue(has(compareAndSet, COMPARE_AND_SET), compareAndSet);
  }

  @Test
  void aVolatileReadIsAMoveAlone() throws Exception {
    String read = compiled("read");
    assertTrue(has(read, "8b "), read);
    assertFalse(has(read, FENCE) || has(read, SWAP) || has(read, COMPARE_AND_SET), read);
  }
}
