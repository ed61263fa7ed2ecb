package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.WakerStats;
import io.github.atomicwaker.stress.soak.Tally.Count;
import io.github.atomicwaker.stress.soak.Workload.Kind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs all kinds of workloads at once, for a while, and then ends them and compares what was sent
 * and received. Exits with 0 if nothing was wrong, 1 if something was, and 2 if the arguments make
 * no sense.
 */
public final class Soak {

  /** The first one takes any number of threads: those that are left. */
  static final List<Kind> KINDS =
      List.of(
          RequestReply.KIND,
          MigratingWaiter.KIND,
          HandoffTeams.KIND,
          OneShotReplies.KIND,
          BatchUnpark.KIND,
          ContendingWaiters.KIND);

  /**
   * What the user may choose.
   *
   * @param patience how long a thread must have been stranded to be reported
   */
  record Settings(int seconds, int threads, long seed, Duration patience) {
    Settings withSeconds(int other) {
      return new Settings(other, threads, seed, patience);
    }
  }

  /** More than any workload has. */
  private static final int FEW = 40;

  private static final int MAX_PLATFORM_THREADS = 500;
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** After the end of the run, all else having failed, the JVM is halted. */
  private static final Duration PATIENCE_AT_THE_END = Duration.ofMinutes(5);

  final Tally tally = new Tally();

  /** Shared by half of the workloads: each of these groups has counters of its own. */
  private final List<WakerGroup> tracking =
      List.of(
          WakerGroup.named("tracking").trackingWaits(),
          WakerGroup.named("tracking").parkingOnly().trackingWaits());

  private final Settings settings;
  private final Console console;
  private final List<Workload> workloads = new ArrayList<>();
  private final List<Participant> participants = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicReference<@Nullable String> fault = new AtomicReference<>();
  private volatile boolean stopping;

  Soak(Settings settings, List<Kind> kinds, Console console) {
    this.settings = settings;
    this.console = console;
    SplittableRandom random = new SplittableRandom(settings.seed);
    int left = settings.threads;
    while (left > 0) {
      boolean last = left <= FEW;
      Kind kind = kinds.get(last ? 0 : random.nextInt(kinds.size()));
      int size = last ? left : random.nextInt(kind.minThreads(), kind.maxThreads() + 1);
      boolean disturbed = !last && random.nextBoolean();
      workloads.add(kind.factory().create(this, random.split(), disturbed, size));
      left -= disturbed ? size + 1 : size;
    }
    workloads.forEach(workload -> participants.addAll(workload.participants()));
    running.set(participants.size());
  }

  /**
   * Runs the soak.
   *
   * @param args none: see the system properties below
   * @throws InterruptedException never
   */
  public static void main(String[] args) throws InterruptedException {
    Locale.setDefault(Locale.ENGLISH);
    Settings settings;
    try {
      settings =
          new Settings(
              (int) number("soak.seconds", 1, 86_400),
              (int) number("soak.threads", 100, 1_000_000),
              System.getProperty("soak.seed", "").isBlank()
                  ? System.nanoTime() & Integer.MAX_VALUE
                  : number("soak.seed", Long.MIN_VALUE, Long.MAX_VALUE),
              PATIENCE);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    int exhaustion = Exhaustion.seconds(settings.seconds);
    if (!Exhaustion.runApart(exhaustion, settings.seed, System.out)) {
      System.out.printf("%nsoak FAILED: exhaustion of stacks and heap, seed %d%n", settings.seed);
      System.exit(1);
    }
    Settings left = settings.withSeconds(Math.max(1, settings.seconds - exhaustion));
    Duration bound = Duration.ofSeconds(left.seconds).plus(PATIENCE_AT_THE_END);
    daemon("guard", () -> haltAfter(bound));
    Soak soak = new Soak(left, KINDS, new Console(System.out, isTerminal()));
    System.exit(soak.run() ? 0 : 1);
  }

  static long number(String name, long min, long max) {
    String text = System.getProperty(name, "").strip();
    try {
      long value = Long.parseLong(text);
      if (min <= value && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // The message is the same.
    }
    throw new IllegalArgumentException(
        "-D%s=%s: it takes a whole number from %,d to %,d".formatted(name, text, min, max));
  }

  /** With {@code -Djdk.console=java.base}, as the pom sets it, this holds on any JDK. */
  @SuppressWarnings("SystemConsoleNull") // Console.isTerminal is newer than 21
  private static boolean isTerminal() {
    return System.console() != null;
  }

  static Thread daemon(String name, Runnable body) {
    return Thread.ofPlatform().daemon().name(name).start(body);
  }

  private static void haltAfter(Duration bound) {
    try {
      Thread.sleep(bound);
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
    System.out.printf("%nsoak FAILED: still running after %d s%n", bound.toSeconds());
    System.out.flush();
    Runtime.getRuntime().halt(1);
  }

  /** Runs to the end, or to the first fault. Returns whether nothing was wrong. */
  boolean run() throws InterruptedException {
    long start = System.nanoTime();
    console.line(header());
    Watchdog watchdog =
        new Watchdog(participants.stream().map(participant -> participant.watched).toList());
    workloads.forEach(Workload::start);
    daemon("allocator", new Allocator());
    long interval = settings.patience.dividedBy(Watchdog.LOOKS).toNanos();
    long end = System.nanoTime() + Duration.ofSeconds(settings.seconds).toNanos();
    long nextLook = System.nanoTime() + interval;
    while (running.get() > 0 && fault.get() == null) {
      Thread.sleep(TICK);
      long now = System.nanoTime();
      if (!stopping && now - end >= 0) {
        stopping = true;
        participants.forEach(Participant::endPause);
      }
      if (now - nextLook >= 0) {
        String complaint =
            watchdog.look(tally.get(Count.RECEIVED) + settings.threads - running.get());
        if (complaint != null) {
          fault.compareAndSet(null, complaint);
        }
        nextLook = System.nanoTime() + interval;
      }
      console.live(progress(now - start));
    }
    String wrong = fault.get();
    if (wrong == null) {
      wrong = imbalance();
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    console.line("");
    console.line(tally.table());
    console.line(footer(elapsed));
    if (wrong != null) {
      console.line("%n%s".formatted(wrong));
    }
    console.line(
        "soak %s: %d threads, %d messages sent, %d received, %d s, seed %d"
            .formatted(
                wrong == null ? "passed" : "FAILED",
                settings.threads,
                tally.get(Count.SENT),
                tally.get(Count.RECEIVED),
                elapsed.toSeconds(),
                settings.seed));
    return wrong == null;
  }

  /** Draws the group of a workload. */
  WakerGroup drawGroup(SplittableRandom random, String name) {
    WakerGroup adaptive = WakerGroup.named(name);
    return random.nextBoolean()
        ? tracking.get(random.nextInt(tracking.size()))
        : random.nextBoolean() ? adaptive : adaptive.parkingOnly();
  }

  /** What is wrong when all have ended; null if nothing. */
  private @Nullable String imbalance() {
    List<String> wrong = new ArrayList<>();
    for (Workload workload : workloads) {
      workload
          .targets()
          .filter(target -> !target.isEmpty())
          .forEach(target -> wrong.add("not empty at the end: " + target));
    }
    for (Participant participant : participants) {
      if (!participant.isClean()) {
        wrong.add("not ended well: " + participant.watched.report());
      }
    }
    for (WakerGroup group : tracking) {
      group.waits().forEach(wait -> wrong.add("tracked after its end: " + wait));
      WakerStats stats = group.stats();
      if (stats.waiting() != 0 || stats.lost() != 0) {
        wrong.add("the statistics are wrong at the end: " + stats);
      }
    }
    balance(wrong, "messages", tally.get(Count.SENT), tally.get(Count.RECEIVED));
    balance(
        wrong,
        "interrupts",
        tally.get(Count.INTERRUPTS),
        tally.get(Count.INTERRUPTS_THROWN) + tally.get(Count.INTERRUPTS_SET));
    return wrong.isEmpty() ? null : wrong.stream().limit(10).collect(Collectors.joining("\n"));
  }

  private static void balance(List<String> wrong, String what, long sent, long received) {
    if (sent != received) {
      wrong.add("%,d %s sent, but %,d received".formatted(sent, what, received));
    }
  }

  // What is printed.

  private String header() {
    long platform =
        participants.stream().filter(participant -> !participant.thread.isVirtual()).count();
    return """
        soak: %,d threads (%,d virtual, %,d platform) at %,d workloads, %d s, seed %d
        JDK %s, %s, %s carriers, heap %,d MB, options %s
        """
        .formatted(
            participants.size(),
            participants.size() - platform,
            platform,
            workloads.size(),
            settings.seconds,
            settings.seed,
            Runtime.version(),
            collectors().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(" + ")),
            System.getProperty(
                "jdk.virtualThreadScheduler.parallelism",
                "" + Runtime.getRuntime().availableProcessors()),
            Runtime.getRuntime().maxMemory() >> 20,
            ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  private String progress(long nanos) {
    long received = tally.get(Count.RECEIVED);
    return "%4d s %,14d messages %,10.0f per second %,7d collections  %s%,d threads"
        .formatted(
            Duration.ofNanos(nanos).toSeconds(),
            received,
            received * 1e9 / nanos,
            collections(),
            stopping ? "ending, " : "",
            running.get());
  }

  private String footer(Duration elapsed) {
    return "%-50s%,16d%n%-50s%,16d%n%-50s%16.1f"
        .formatted(
            "garbage collections",
            collections(),
            "threads ended",
            participants.size() - running.get(),
            "seconds",
            elapsed.toMillis() / 1e3);
  }

  private static List<GarbageCollectorMXBean> collectors() {
    return ManagementFactory.getGarbageCollectorMXBeans();
  }

  private static long collections() {
    return collectors().stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
  }

  // For the participants.

  boolean isStopping() {
    return stopping;
  }

  /** The more workloads there are, the longer. */
  Duration longestPause() {
    Duration pause = Duration.ofMillis(workloads.size());
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** Draws whether the next thread is a platform thread: up to a quarter of them are. */
  boolean drawsPlatform(SplittableRandom random) {
    return random.nextInt(Math.max(settings.threads, 4 * MAX_PLATFORM_THREADS))
        < MAX_PLATFORM_THREADS;
  }

  List<String> roles() {
    return participants.stream()
        .map(participant -> participant.watched.role + participant.thread.isVirtual())
        .toList();
  }

  void failed(WatchedThread thread, Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace, true));
    fault.compareAndSet(null, "%s failed, %s:%n%s".formatted(thread.role, thread.thread, trace));
  }

  void ended() {
    running.decrementAndGet();
  }
}
