package io.github.atomicwaker.micrometer;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.WakerStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The statistics of a {@link WakerGroup} as meters. They are read when the registry asks for them:
 * wakers never call the registry.
 *
 * <table>
 * <caption>The meters; each has the tag {@code waker}, the name of the group</caption>
 * <tr><th>meter<th>type<th>what it counts
 * <tr><td>{@code atomicwaker.wakes}<td>function counter<td>wakes, by {@code result}: delivered,
 *     taken, idle
 * <tr><td>{@code atomicwaker.wakeups}<td>function counter<td>parks that ended, by {@code cause}:
 *     woken, spurious, timeout, interrupted, displaced
 * <tr><td>{@code atomicwaker.races}<td>function counter<td>races in a slot, by {@code kind}: early,
 *     contended, displaced
 * <tr><td>{@code atomicwaker.park}<td>function timer<td>waits that parked, and the time that parks
 *     took
 * <tr><td>{@code atomicwaker.spins}<td>function counter<td>waits that ended without a park after
 *     spinning or yielding
 * <tr><td>{@code atomicwaker.lost}<td>function counter<td>counts that failed, since memory or the
 *     stack had ended
 * <tr><td>{@code atomicwaker.waiting}<td>gauge<td>threads that are parked now
 * </table>
 *
 * <p>{@link WakerStats} defines each number.
 *
 * <p>A registry identifies a meter by its name and tags. Binding the same group again changes
 * nothing. Of two groups of one name it shows the first, unless further tags distinguish them. A
 * registry does not keep a group alive. Once the group is garbage, its counters stay as they were,
 * and its gauge is not a number, until another group with the same name and tags is bound: that one
 * takes their place, and its counters begin with what it has counted. (Micrometer may log that it
 * ignores a registration; the binder then repeats it.)
 *
 * {@snippet class="io.github.atomicwaker.SnippetsTest" region=meters :
 * WakerGroup orders = WakerGroup.named("orders").recordingStats();
 * AtomicWakerMetrics.monitor(registry, orders, "region", "north");
 * }
 *
 * @since 0.1.0
 */
public final class AtomicWakerMetrics implements MeterBinder {

  /** The keys of the meters' own tags: Micrometer would overwrite a user's without an error. */
  private static final Set<String> OWN_TAGS = Set.of("waker", "result", "cause", "kind");

  /**
   * Which group each meter shows. A meter does not show whether its group is garbage: a filter may
   * deny the gauge, and a composite without a registry reads as zero.
   */
  private static final Map<MeterRegistry, Map<Meter.Id, Shown>> SHOWN = new WeakHashMap<>();

  private final WakerGroup group;
  private final Tags tags;

  /**
   * Creates a binder.
   *
   * @param group the group whose statistics become meters
   * @param tags further tags, for all of its meters
   * @throws IllegalArgumentException if the group does not record statistics, or the meters have a
   *     tag of their own with one of the keys: {@code waker}, {@code result}, {@code cause} or
   *     {@code kind}
   */
  public AtomicWakerMetrics(WakerGroup group, Iterable<Tag> tags) {
    try {
      group.stats();
    } catch (IllegalStateException recordsNone) {
      throw new IllegalArgumentException(recordsNone.getMessage(), recordsNone);
    }
    Tags further = Tags.of(tags);
    for (Tag tag : further) {
      if (OWN_TAGS.contains(tag.getKey())) {
        throw new IllegalArgumentException(
            "the tag '%s' is one of the meters' own: take another key".formatted(tag.getKey()));
      }
    }
    this.group = group;
    this.tags = further.and("waker", group.name());
  }

  /**
   * Binds the statistics of a group to a registry.
   *
   * @param registry where the meters go
   * @param group the group
   * @param tags further tags: keys and values in turn
   * @return the group
   * @throws IllegalArgumentException if the group does not record statistics, a key comes without a
   *     value, or the meters have a tag of their own with one of the keys
   */
  public static WakerGroup monitor(MeterRegistry registry, WakerGroup group, String... tags) {
    return monitor(registry, group, Tags.of(tags));
  }

  /**
   * Binds the statistics of a group to a registry.
   *
   * @param registry where the meters go
   * @param group the group
   * @param tags further tags
   * @return the group
   * @throws IllegalArgumentException if the group does not record statistics, or the meters have a
   *     tag of their own with one of the keys
   */
  public static WakerGroup monitor(MeterRegistry registry, WakerGroup group, Iterable<Tag> tags) {
    new AtomicWakerMetrics(group, tags).bindTo(registry);
    return group;
  }

  /**
   * Binds the statistics to a registry. Never waits for a waker's threads.
   *
   * @param registry where the meters go
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    TaggedCounters wakes = new TaggedCounters("wakes", "Calls of wake and take", "result");
    wakes.bind(registry, "delivered", stats -> stats.wakes().delivered());
    wakes.bind(registry, "taken", stats -> stats.wakes().taken());
    wakes.bind(registry, "idle", stats -> stats.wakes().idle());

    TaggedCounters wakeups = new TaggedCounters("wakeups", "Parks that ended", "cause");
    wakeups.bind(registry, "woken", stats -> stats.wakeups().woken());
    wakeups.bind(registry, "spurious", stats -> stats.wakeups().spurious());
    wakeups.bind(registry, "timeout", stats -> stats.wakeups().timeout());
    wakeups.bind(registry, "interrupted", stats -> stats.wakeups().interrupted());
    wakeups.bind(registry, "displaced", stats -> stats.wakeups().displaced());

    TaggedCounters races = new TaggedCounters("races", "Threads that met in one slot", "kind");
    races.bind(registry, "early", stats -> stats.races().early());
    races.bind(registry, "contended", stats -> stats.races().contended());
    races.bind(registry, "displaced", stats -> stats.races().displaced());

    show(
        registry,
        FunctionTimer.builder(
                    "atomicwaker.park",
                    group,
                    of -> of.stats().parkedWaits(),
                    of -> seconds(of.stats().parkedTime()),
                    SECONDS)
                .description("Waits that parked, and the time that parks took")
                .tags(tags)
            ::register);
    show(
        registry,
        FunctionCounter.builder("atomicwaker.spins", group, of -> of.stats().spunWaits())
                .description("Waits that ended without a park after spinning or yielding")
                .baseUnit("waits")
                .tags(tags)
            ::register);
    show(
        registry,
        FunctionCounter.builder("atomicwaker.lost", group, of -> of.stats().lost())
                .description("Counts that failed, since memory or the stack had ended")
                .baseUnit(BaseUnits.EVENTS)
                .tags(tags)
            ::register);
    show(
        registry,
        Gauge.builder("atomicwaker.waiting", group, of -> of.stats().waiting())
                .description("Threads that are parked now")
                .baseUnit(BaseUnits.THREADS)
                .tags(tags)
            ::register);
  }

  /**
   * Registers a meter of the group, in place of one whose group is garbage. The registry returns
   * the meter that it has: common tags and filters decide that as well.
   */
  private void show(MeterRegistry registry, Function<MeterRegistry, Meter> register) {
    synchronized (SHOWN) {
      Meter meter = register.apply(registry);
      Map<Meter.Id, Shown> shown = SHOWN.computeIfAbsent(registry, any -> new WeakHashMap<>());
      Shown before = shown.get(meter.getId());
      if (before != null && before.meter.refersTo(meter)) {
        if (!before.group.refersTo(null)) {
          return;
        }
        registry.remove(meter);
        meter = register.apply(registry);
      }
      // A put would keep the old key, the id of the meter before, and the entry would be garbage
      // with it.
      shown.remove(meter.getId());
      shown.put(meter.getId(), new Shown(new WeakReference<>(meter), new WeakReference<>(group)));
    }
  }

  private record Shown(WeakReference<Meter> meter, WeakReference<WakerGroup> group) {}

  /** The nanoseconds of many threads may overflow a long. */
  private static double seconds(Duration time) {
    return time.toSeconds() + time.toNanosPart() / 1e9;
  }

  /** The counters of one name, distinguished by a tag. */
  private final class TaggedCounters {
    private final String name;
    private final String description;
    private final String key;

    TaggedCounters(String name, String description, String key) {
      this.name = name;
      this.description = description;
      this.key = key;
    }

    void bind(MeterRegistry registry, String value, ToLongFunction<WakerStats> count) {
      show(
          registry,
          FunctionCounter.builder("atomicwaker." + name, group, of -> count.applyAsLong(of.stats()))
                  .description(description)
                  .baseUnit(name)
                  .tags(tags)
                  .tag(key, value)
              ::register);
    }
  }
}
