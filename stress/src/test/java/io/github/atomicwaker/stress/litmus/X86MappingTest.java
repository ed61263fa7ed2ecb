package io.github.atomicwaker.stress.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.AtomicWaker;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this JVM's compiler emits for the operations of a waker: the files for x86 rest on it. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class X86MappingTest {

  private static final String FENCE = "f0 83 44 24 .. 00"; // lock addl $0,..(%rsp)
  private static final String SWAP =
      "(?<!0f )87 [0-9ab]"; // xchg with memory; with 0f before it is a jump
  private static final String LOAD = "(8b|0f b[67]) ";
  private static final String STORE = "88 ";
  private static final String COMPARE_AND_SET = "f0 (4. )?0f b1 "; // lock cmpxchg

  /** Each operation by itself, run until it is compiled. */
  static final class Operations {
    private static final AtomicReferenceFieldUpdater<Operations, Object> SLOT =
        AtomicReferenceFieldUpdater.newUpdater(Operations.class, Object.class, "slot");

    private static final VarHandle CONDITION;

    static {
      try {
        CONDITION =
            MethodHandles.lookup().findVarHandle(Operations.class, "condition", boolean.class);
      } catch (ReflectiveOperationException impossible) {
        throw new LinkageError("", impossible);
      }
    }

    private volatile Object slot = "";
    private boolean condition;

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

    static boolean readPlain(Operations operations) {
      return operations.condition;
    }

    static void writePlain(Operations operations, boolean value) {
      operations.condition = value;
    }

    static boolean getAcquire(Operations operations) {
      return (boolean) CONDITION.getAcquire(operations);
    }

    static void setRelease(Operations operations, boolean value) {
      CONDITION.setRelease(operations, value);
    }

    /** Prints something that depends on what each returns, so that none can be left out. */
    public static void main(String[] args) {
      Operations operations = new Operations();
      AtomicWaker waker = new AtomicWaker();
      boolean last = false;
      for (int i = 0; i < 200_000; i++) {
        fence();
        last ^= compareAndSet(operations, swap(operations, args), read(operations));
        writePlain(operations, last);
        last ^= readPlain(operations);
        setRelease(operations, last);
        last ^= getAcquire(operations);
        waker.register(Thread.currentThread());
        last ^= waker.deregister(Thread.currentThread());
        last ^= waker.wake();
      }
      System.out.println(last);
    }
  }

  private static String compiled(String operation) throws IOException, InterruptedException {
    return compiled(Operations.class, operation);
  }

  /** The machine code of a method, as bytes with a space after each. */
  private static String compiled(Class<?> type, String method)
      throws IOException, InterruptedException {
    String name = type.getName() + "::" + method;
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xbatch", // otherwise it may end before the compiler has
                "-XX:-TieredCompilation",
                "-XX:+UseSerialGC",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=dontinline," + Operations.class.getName() + "::*",
                "-XX:CompileCommand=dontinline," + name,
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

  @ParameterizedTest
  @ValueSource(strings = {"read", "readPlain", "writePlain", "getAcquire", "setRelease"})
  void otherReadsAndWritesAreMovesAlone(String operation) throws Exception {
    String code = compiled(operation);
    assertTrue(has(code, operation.matches("(read|get).*") ? LOAD : STORE), code);
    assertFalse(has(code, FENCE) || has(code, SWAP) || has(code, COMPARE_AND_SET), code);
  }

  /** Here nothing follows that is a fence as well, and for whose sake one might be left out. */
  @Test
  void aWakeHasItsFenceAndARegisterASwapAndAFence() throws Exception {
    String isVacant = compiled(AtomicWaker.class, "isVacant");
    String[] atTheFence = isVacant.split(FENCE, 2);
    assertEquals(2, atTheFence.length, isVacant);
    assertFalse(has(atTheFence[0], LOAD), isVacant);
    assertTrue(has(atTheFence[1], LOAD), isVacant);
    String register = compiled(AtomicWaker.class, "register");
    assertTrue(has(register, SWAP + ".*" + FENCE), register);
  }
}
