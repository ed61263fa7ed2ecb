package io.github.atomicwaker.micrometer;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.atomicwaker.WakeLatency;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.WakerStats;
import io.github.atomicwaker.WakerStats.Races;
import io.github.atomicwaker.WakerStats.Wakes;
import io.github.atomicwaker.WakerStats.Wakeups;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
 * <table>
 * <caption>More meters, if the group {@linkplain WakerGroup#trackingWaits tracks waits}</caption>
 * <tr><th>meter<th>type<th>what it measures
 * <tr><td>{@code atomicwaker.waiting.longest}<td>time gauge<td>the age of the oldest wait that
 *     lasts now
 * <tr><td>{@code atomicwaker.latency}<td>function timer<td>threads that ran after their wake, and
 *     the time from the wakes until they ran
 * <tr><td>{@code atomicwaker.latency.max}<td>time gauge<td>the longest of these times, of the last
 *     one to two minutes
 * <tr><td>{@code atomicwaker.latency.percentile}<td>time gauge<td>their percentiles, of the last
 *     one to two minutes, by {@code phi}: 0.5, 0.99, 0.999
 * </table>
 *
 * <p>{@link WakerStats} and {@link WakeLatency} define each number. A maximum since the group was
 * made would hide that latencies have changed. So the maximum and the percentiles are those of an
 * interval, which begins with the last reading that is at least a minute old, or with the binding.
 * If the registry reads at least once a minute, that is one to two minutes ago. If it reads less
 * often, the interval is the one since its last reading, and no latency is left out. They are zero
 * if no thread was woken meanwhile. The clock is the registry's.
 *
 * <p>A registry identifies a meter by its name and tags. Binding the same group again changes
 * nothing. Of two groups of one name it shows the first, unless further tags distinguish them. A
 * registry does not keep a group alive. Once the group is garbage, its counters stay as they were,
 * and its gauges are not a number, until another group with the same name and tags is bound: that
 * one takes their place, and its counters begin with what it has counted.
 *
 * {@snippet class="io.github.atomicwaker.SnippetsTest" region=meters :
 * WakerGroup orders = WakerGroup.named("orders").recordingStats();
 * AtomicWakerMetrics.monitor(registry, orders, "region", "north");
 * }
 *
 * <p>A registry refers to the class loader of the library until the meters are removed. If an
 * application ends before its registry does, it has to close its binder:
 *
 * {@snippet class="io.github.atomicwaker.SnippetsTest" region=close-meters :
 * AtomicWakerMetrics metrics = new AtomicWakerMetrics(orders, Tags.of("region", "north"));
 * metrics.bindTo(registry);
 * // ... when the application ends
 * metrics.close();
 * }
 *
 * @since 0.1.0
 */
public final class AtomicWakerMetrics implements MeterBinder, AutoCloseable {

  /** The keys of the meters' own tags: Micrometer would overwrite a user's without an error. */
  private static final Set<String> OWN_TAGS = Set.of("waker", "result", "cause", "kind", "phi");

  private final WakerGroup group;
  private final Tags tags;
  private final Set<Binding> bindings = ConcurrentHashMap.newKeySet();

  /**
   * Creates a binder.
   *
   * @param group the group whose statistics become meters
   * @param tags further tags, for all of its meters
   * @throws IllegalArgumentException if the group does not record statistics, or the meters have a
   *     tag of their own with one of the keys: {@code waker}, {@code result}, {@code cause}, {@code
   *     kind} or {@code phi}
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
   * Binds the statistics of a group to a registry, for as long as that has the meters. To remove
   * them before, create a binder instead, {@linkplain #bindTo bind} it, and {@linkplain #close
   * close} it.
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
   * Binds the statistics of a group to a registry, for as long as that has the meters. To remove
   * them before, create a binder instead, {@linkplain #bindTo bind} it, and {@linkplain #close
   * close} it.
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
   * Binds the statistics to a registry. Never waits for a waker's threads. If the registry throws,
   * what it has registered is removed again.
   *
   * @param registry where the meters go
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    List<Function<MeterRegistry, Meter>> meters = new ArrayList<>(recorded());
    if (group.tracksWaits()) {
      meters.addAll(tracked(new RecentLatency(group, registry.config().clock())));
    }
    Binding binding = new Binding(registry, tags, group);
    if (binding.registers(registry, meters)) {
      bindings.add(binding);
    }
  }

  /**
   * Removes the meters that this binder has created from all registries. It leaves the meters that
   * were there before, and those that have taken the place of its own. After that, nothing in the
   * registries refers to this library. The binder can be bound again. Throws nothing, and never
   * waits for a waker's threads; a call without a binding does nothing.
   */
  @Override
  public void close() {
    for (Binding binding : List.copyOf(bindings)) {
      binding.end();
      bindings.remove(binding);
    }
  }

  private List<Function<MeterRegistry, Meter>> recorded() {
    return List.of(
        wakes("delivered", Wakes::delivered),
        wakes("taken", Wakes::taken),
        wakes("idle", Wakes::idle),
        wakeups("woken", Wakeups::woken),
        wakeups("spurious", Wakeups::spurious),
        wakeups("timeout", Wakeups::timeout),
        wakeups("interrupted", Wakeups::interrupted),
        wakeups("displaced", Wakeups::displaced),
        races("early", Races::early),
        races("contended", Races::contended),
        races("displaced", Races::displaced),
        timer(
            "park",
            "Waits that parked, and the time that parks took",
            WakerStats::parkedWaits,
            WakerStats::parkedTime),
        counter(
            "spins",
            "waits",
            "Waits that ended without a park after spinning or yielding",
            WakerStats::spunWaits),
        counter(
            "lost",
            BaseUnits.EVENTS,
            "Counts that failed, since memory or the stack had ended",
            WakerStats::lost),
        Gauge.builder("atomicwaker.waiting", group, of -> of.stats().waiting())
                .description("Threads that are parked now")
                .baseUnit(BaseUnits.THREADS)
                .tags(tags)
            ::register);
  }

  private List<Function<MeterRegistry, Meter>> tracked(RecentLatency recent) {
    return List.of(
        timeGauge(
            "waiting.longest",
            "The age of the oldest wait that lasts now",
            of -> requireNonNull(of.stats().longestWait())),
        timer(
            "latency",
            "Threads that ran after a wake, and the time from the wakes until they ran",
            stats -> requireNonNull(stats.latency()).count(),
            stats -> requireNonNull(stats.latency()).total()),
        timeGauge(
            "latency.max",
            "The longest time from a wake until its thread ran, in the last one to two minutes",
            of -> recent.of(of).max()),
        percentile(recent, 0.5),
        percentile(recent, 0.99),
        percentile(recent, 0.999));
  }

  private Function<MeterRegistry, Meter> wakes(String result, ToLongFunction<Wakes> count) {
    return counter(
        "wakes",
        "wakes",
        "Calls of wake and take",
        stats -> count.applyAsLong(stats.wakes()),
        Tag.of("result", result));
  }

  private Function<MeterRegistry, Meter> wakeups(String cause, ToLongFunction<Wakeups> count) {
    return counter(
        "wakeups",
        "wakeups",
        "Parks that ended",
        stats -> count.applyAsLong(stats.wakeups()),
        Tag.of("cause", cause));
  }

  private Function<MeterRegistry, Meter> races(String kind, ToLongFunction<Races> count) {
    return counter(
        "races",
        "races",
        "Threads that met in one slot",
        stats -> count.applyAsLong(stats.races()),
        Tag.of("kind", kind));
  }

  private Function<MeterRegistry, Meter> percentile(RecentLatency recent, double phi) {
    return timeGauge(
        "latency.percentile",
        "A percentile of the time from a wake until its thread ran, in the last one to two minutes",
        of -> recent.of(of).percentile(phi),
        Tag.of("phi", Double.toString(phi)));
  }

  private Function<MeterRegistry, Meter> counter(
      String name, String unit, String description, ToLongFunction<WakerStats> count, Tag... own) {
    return FunctionCounter.builder(
                "atomicwaker." + name, group, of -> count.applyAsLong(of.stats()))
            .description(description)
            .baseUnit(unit)
            .tags(tags.and(own))
        ::register;
  }

  private Function<MeterRegistry, Meter> timer(
      String name,
      String description,
      ToLongFunction<WakerStats> count,
      Function<WakerStats, Duration> total) {
    return FunctionTimer.builder(
                "atomicwaker." + name,
                group,
                of -> count.applyAsLong(of.stats()),
                of -> seconds(total.apply(of.stats())),
                SECONDS)
            .description(description)
            .tags(tags)
        ::register;
  }

  private Function<MeterRegistry, Meter> timeGauge(
      String name, String description, Function<WakerGroup, Duration> time, Tag... own) {
    return TimeGauge.builder("atomicwaker." + name, group, SECONDS, of -> seconds(time.apply(of)))
            .description(description)
            .tags(tags.and(own))
        ::register;
  }

  /** The nanoseconds of many threads may overflow a long. */
  private static double seconds(Duration time) {
    return time.toSeconds() + time.toNanosPart() / 1e9;
  }
}
