package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.stress.soak.Soak.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The exhaustion stage of the soak: {@link Pair}s of threads work while some of them use up their
 * stacks, and the heap is filled up again and again. It runs in a JVM of its own, with a small
 * heap, which does not exit when that is full.
 */
public final class Exhaustion {

  static final List<Pair.Factory> PAIRS = List.of(WakerPair::new, HandoffPair::new);

  /** Of threads; few, so that each of them has its turn often. */
  private static final int THREADS = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** A share of the soak's time, and the least that it takes. */
  private static final int SHARE = 4;

  private static final int LEAST_SECONDS = 5;

  /** For the JVM to start, and for all that has begun to end. */
  private static final int GRACE_SECONDS = 180;

  /** What fills the heap, in bytes, and how many of each at most. */
  private static final int[] FILLER_SIZES = {512 << 10, 4 << 10, 128, 16};

  private static final int MOST_FILLERS = 256;

  /** How much longer it takes at most until all has happened that is to be seen. */
  private static final long MOST_LATE = TimeUnit.SECONDS.toNanos(60);

  /** The longest that the heap is held full, in nanoseconds. */
  private static final int LONGEST_HOLD = 200_000_000;

  /** In looks; the watchdog needs fewer, and knows more. */
  private static final int STANDSTILL = 2 * Watchdog.LOOKS;

  private static final int MOST_STANDSTILLS = 4;

  private final Settings settings;
  private final Console console;
  private final SplittableRandom random;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<PairMember> members = new ArrayList<>();
  private final List<RevivableThread> threads = new ArrayList<>();
  private final Watchdog watchdog = new Watchdog(threads);
  private final @Nullable Object[] filler =
      new @Nullable Object[FILLER_SIZES.length * MOST_FILLERS];
  private int fills;
  private int standstills;
  private long nextLook = System.nanoTime();
  private volatile boolean exhausting;
  private volatile boolean stopping;

  Exhaustion(Settings settings, List<Pair.Factory> kinds, Console console) {
    this.settings = settings;
    this.console = console;
    this.random = new SplittableRandom(settings.seed());
    for (int i = 0; i < settings.threads() / 2; i++) {
      pairs.add(kinds.get(i % kinds.size()).create(this, random.split()));
    }
    pairs.forEach(pair -> members.addAll(pair.members()));
    members.forEach(member -> threads.add(member.watched));
  }

  // The JVM of its own.

  /** How much of the soak's time is for this stage. */
  static int seconds(int ofSeconds) {
    return Math.max(LEAST_SECONDS, ofSeconds / SHARE);
  }

  /** Runs the stage in a JVM of its own, and returns whether nothing was wrong. */
  static boolean runApart(int seconds, long seed, PrintStream out) throws InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command(seconds, seed)).redirectErrorStream(true).start();
    } catch (IOException e) {
      out.println("cannot start a JVM: " + e);
      return false;
    }
    Thread destroyer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(destroyer);
    try {
      Thread copier = Soak.daemon("copier", () -> copy(process.getInputStream(), out));
      boolean ended = process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        out.println("exhaustion FAILED: the JVM did not end");
      }
      process.destroyForcibly().waitFor();
      copier.join();
      return ended && process.exitValue() == 0;
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(destroyer);
    }
  }

  private static void copy(InputStream from, PrintStream to) {
    try {
      from.transferTo(to);
    } catch (IOException destroyed) {
      // then that was all
    }
    to.flush();
  }

  /** The options of this JVM, but for what it says of its heap, its collector and the soak. */
  private static List<String> command(int seconds, long seed) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Two virtual threads that wake each other keep a carrier for ever, which the JDK's scheduler
    // allows: each of the virtual threads gets one, unless the user asks for fewer.
    command.add("-Djdk.virtualThreadScheduler.parallelism=" + THREADS);
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.equals("-Xint") || option.startsWith("-Djdk.")) {
        command.add(option);
      }
    }
    command.addAll(
        List.of(
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-XX:-UseTLAB", // so that any allocation may be the one that fails
            "-XX:-ClassUnloading", // a full collection is shorter
            "-XX:MaxJavaStackTraceDepth=32", // so that errors are small
            "-Dsoak.seconds=" + seconds,
            "-Dsoak.seed=" + seed,
            "-classpath",
            System.getProperty("java.class.path"),
            Exhaustion.class.getName()));
    return command;
  }

  /**
   * Runs the stage in this JVM. Exits with 0 if nothing was wrong, 1 if something was.
   *
   * @param args none: see the soak's system properties
   * @throws InterruptedException never
   */
  public static void main(String[] args) throws InterruptedException {
    Locale.setDefault(Locale.ENGLISH);
    Settings settings =
        new Settings(
            (int) Soak.number("soak.seconds", 1, 86_400),
            THREADS,
            Soak.number("soak.seed", Long.MIN_VALUE, Long.MAX_VALUE),
            PATIENCE);
    boolean passed = new Exhaustion(settings, PAIRS, new Console(System.out, false)).run();
    System.out.flush();
    Runtime.getRuntime().halt(passed ? 0 : 1); // threads may be lost
  }

  // The stage.

  /** Runs to the end, or to the first fault. Returns whether nothing was wrong. */
  boolean run() throws InterruptedException {
    long start = System.nanoTime();
    console.line(header());
    String wrong = runWithRoom();
    if (wrong == null) {
      wrong = runWithoutRoom();
    }
    if (wrong == null) {
      wrong = bringToAnEnd();
    }
    if (wrong == null && !missing().isEmpty()) {
      wrong = String.join("\n", missing());
    }
    List<RevivableThread> lost = threads.stream().filter(RevivableThread::isLostByJdk).toList();
    if (!lost.isEmpty()) {
      console.line(Watchdog.report("lost by the JDK, no unpark revives it", lost));
    }
    if (wrong != null) {
      console.line("%n%s".formatted(wrong));
    }
    console.line(summary(wrong == null, Duration.ofNanos(System.nanoTime() - start)));
    return wrong == null;
  }

  /**
   * Lets all members do everything with room, so that what they use is linked. Returns what is
   * wrong, or null.
   */
  @Nullable String runWithRoom() throws InterruptedException {
    members.forEach(member -> member.thread.start());
    String wrong = null;
    while (wrong == null && !members.stream().allMatch(PairMember::isWarm)) {
      Thread.sleep(1);
      wrong = look();
    }
    return wrong;
  }

  private @Nullable String runWithoutRoom() {
    long end = System.nanoTime() + Duration.ofSeconds(settings.seconds()).toNanos();
    String wrong = null;
    Arrays.fill(filler, null); // linked now, since it is to work where the heap is full
    exhausting = true;
    while (wrong == null && !isOver(System.nanoTime() - end)) {
      long begin = System.nanoTime();
      try {
        fill();
        LockSupport.parkNanos(random.nextInt(LONGEST_HOLD));
      } catch (OutOfMemoryError e) {
        // then it was not held
      }
      Arrays.fill(filler, null);
      long respite = random.nextLong(2 * (System.nanoTime() - begin));
      wrong = look();
      LockSupport.parkNanos(respite);
    }
    exhausting = false;
    return wrong;
  }

  /**
   * Its time is up, and both stack and heap have ended in an operation. On a busy machine that
   * takes longer.
   */
  private boolean isOver(long late) {
    return late >= 0 && (late >= MOST_LATE || missing().isEmpty());
  }

  /** Which of stack and heap did not end in any operation, so that nothing is proven. */
  private List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (sum(PairMember::overflowsInside) == 0) {
      missing.add("no stack ended in an operation");
    }
    if (sum(PairMember::exhaustionsInside) == 0) {
      missing.add("the heap did not end in an operation");
    }
    return missing;
  }

  /** Fills the heap. The garbage of others makes room for more, so that this needs a bound. */
  private void fill() {
    int filled = 0;
    for (int size : FILLER_SIZES) {
      try {
        for (int left = MOST_FILLERS; left > 0 && filled < filler.length; left--) {
          filler[filled++] = new byte[size];
        }
      } catch (OutOfMemoryError e) {
        filled--; // then smaller ones
      }
    }
    fills++;
  }

  /** Looks for what is wrong; another time if there is no memory for that. */
  private @Nullable String look() {
    try {
      for (PairMember member : members) {
        Throwable fault = member.fault();
        if (fault != null) {
          StringWriter trace = new StringWriter();
          fault.printStackTrace(new PrintWriter(trace, true));
          return "%s failed, %s:%n%s".formatted(member.watched.role, member.thread, trace);
        }
      }
      long now = System.nanoTime();
      if (now - nextLook >= 0) {
        nextLook = now + interval();
        // A stack that ends in the JDK's scheduler may leave a thread in its queue, and all
        // carriers parked: another thread wakes them.
        Thread.startVirtualThread(() -> {});
        return watchdog.look(now); // a standstill is found at the end
      }
    } catch (OutOfMemoryError e) {
      // the members may have used it up
    }
    return null;
  }

  /** Ends all, but for those that the JDK has lost. Returns what is wrong, or null. */
  @Nullable String bringToAnEnd() throws InterruptedException {
    stopping = true;
    int standstill = 0;
    long before = -1;
    while (threads.stream().anyMatch(thread -> !thread.hasEnded())) {
      Thread.sleep(Duration.ofNanos(interval()));
      String wrong = look();
      if (wrong != null) {
        return wrong;
      }
      long now =
          sum(PairMember::operations) + threads.stream().filter(WatchedThread::hasEnded).count();
      standstill = now == before ? standstill + 1 : 0;
      before = now;
      if (standstill >= STANDSTILL) {
        wrong = abandon();
        if (wrong != null) {
          return wrong;
        }
        standstill = 0;
      }
      if (threads.stream().allMatch(thread -> thread.hasEnded() || thread.isLostByJdk())) {
        break;
      }
    }
    String wrong = look();
    return wrong == null ? imbalance() : wrong;
  }

  /**
   * Ends those whose partner was lost by the JDK. All others are stuck, but for virtual threads
   * that were runnable, and that the JDK had only left behind: to look at their stacks helps, too.
   */
  private @Nullable String abandon() {
    List<? extends WatchedThread> running = watchdog.running();
    boolean helped = false;
    for (RevivableThread thread : threads) {
      if (!thread.hasEnded() && thread.thread.isVirtual() && !thread.isLostByJdk()) {
        thread.isRevived();
        helped = true;
      }
    }
    for (Pair pair : pairs) {
      if (pair.hasLostOne() && !pair.abandoned) {
        pair.abandon();
        helped = true;
      }
    }
    String report = Watchdog.report("still runs, and nothing moves", running);
    return helped && ++standstills < MOST_STANDSTILLS ? null : report;
  }

  /** What is wrong when all have ended; null if nothing. */
  private @Nullable String imbalance() {
    List<String> wrong = new ArrayList<>();
    for (Pair pair : pairs) {
      if (pair.hasLostOne()) {
        continue;
      }
      String fault = pair.wrong();
      if (fault != null) {
        wrong.add(fault);
      }
      if (pair.group.tracksWaits()) {
        pair.group.waits().forEach(wait -> wrong.add("tracked after its end: " + wait));
        if (pair.group.stats().waiting() != 0) {
          wrong.add("the statistics still count a waiter: " + pair.group.stats());
        }
      }
    }
    return wrong.isEmpty() ? null : wrong.stream().limit(10).collect(Collectors.joining("\n"));
  }

  // What is printed.

  private String header() {
    return "exhaustion: %,d threads (%,d with small stacks, %,d virtual), %d s, heap %,d MB, seed %d"
        .formatted(
            members.size(),
            members.stream().filter(PairMember::hasSmallStack).count(),
            threads.stream().filter(thread -> thread.thread.isVirtual()).count(),
            settings.seconds(),
            Runtime.getRuntime().maxMemory() >> 20,
            settings.seed());
  }

  private String summary(boolean passed, Duration elapsed) {
    return ("exhaustion %s: %,d operations, stack overflows %,d, %,d of them in an operation,"
            + " heap full %,d times, OutOfMemoryErrors %,d, %,d of them in an operation,"
            + " %d threads lost by the JDK, %d s, seed %d")
        .formatted(
            passed ? "passed" : "FAILED",
            sum(PairMember::operations),
            sum(PairMember::overflows),
            sum(PairMember::overflowsInside),
            fills,
            sum(PairMember::exhaustions),
            sum(PairMember::exhaustionsInside),
            threads.stream().filter(RevivableThread::isLostByJdk).count(),
            elapsed.toSeconds(),
            settings.seed());
  }

  private long sum(ToLongFunction<PairMember> what) {
    return members.stream().mapToLong(what).sum();
  }

  // For the members.

  /** Whether stacks and the heap are to end. */
  boolean isExhausting() {
    return exhausting;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Between two looks of the watchdog, in nanoseconds. */
  long interval() {
    return settings.patience().dividedBy(Watchdog.LOOKS).toNanos();
  }
}
