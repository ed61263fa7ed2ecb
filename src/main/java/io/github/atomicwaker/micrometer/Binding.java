package io.github.atomicwaker.micrometer;

import static java.util.Objects.requireNonNull;

import io.github.atomicwaker.WakerGroup;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The meters of one group in one registry. A registry has one binding for the same tags: of two
 * groups that are bound at once, one has all of the meters, and the other none.
 *
 * <p>No lock is held while a registry runs, since its listeners and filters are the user's code.
 * All references are weak: a meter refers to its registry, and neither a registry nor a group may
 * stay because it was bound.
 */
final class Binding {

  private static final Map<MeterRegistry, ConcurrentMap<Tags, Binding>> BOUND =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final WeakReference<MeterRegistry> registry;
  private final ConcurrentMap<Tags, Binding> bound;
  private final Tags tags;
  private final WeakReference<WakerGroup> group;
  private final Queue<WeakReference<Meter>> created = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean complete;

  Binding(MeterRegistry registry, Tags tags, WakerGroup group) {
    this.registry = new WeakReference<>(requireNonNull(registry, "registry"));
    bound = BOUND.computeIfAbsent(registry, any -> new ConcurrentHashMap<>());
    this.tags = tags;
    this.group = new WeakReference<>(group);
  }

  /**
   * Registers all of the meters, or none if the registry throws. Returns false if the registry
   * shows another group with these tags. Takes the place of a group that is garbage, and of one
   * whose meters somebody else has removed.
   */
  boolean registers(MeterRegistry in, List<Function<MeterRegistry, Meter>> meters) {
    Binding before = bound.get(tags);
    if (before != null && !before.isShown(in)) {
      before.end();
    }
    if (bound.putIfAbsent(tags, this) != null) {
      return false;
    }
    try {
      // A registry returns the meter that it has, which may be of another copy of this library.
      Set<Meter> others = Collections.newSetFromMap(new IdentityHashMap<>());
      others.addAll(in.getMeters());
      for (Function<MeterRegistry, Meter> register : meters) {
        Meter meter = register.apply(in);
        if (!others.contains(meter)) {
          created.add(new WeakReference<>(meter));
        }
      }
      complete = true;
      return true;
    } catch (RuntimeException | Error failed) {
      end();
      throw failed;
    }
  }

  /** A meter does not show whether its group is garbage: that is why bindings are kept. */
  private boolean isShown(MeterRegistry in) {
    return !group.refersTo(null)
        && (!complete || in.getMeters().stream().anyMatch(this::hasCreated));
  }

  private boolean hasCreated(Meter meter) {
    return created.stream().anyMatch(reference -> reference.refersTo(meter));
  }

  /**
   * Removes those meters that this has created. Never throws. Once only: a registry removes by name
   * and tags, and these may be the next binding's by now.
   */
  void end() {
    MeterRegistry in = registry.get();
    if (in == null || !ended.compareAndSet(false, true)) {
      return;
    }
    for (Meter meter : in.getMeters()) {
      if (hasCreated(meter)) {
        try {
          in.remove(meter);
        } catch (RuntimeException | Error thrownByListener) {
          // A registry calls its listeners once it has removed the meter.
        }
      }
    }
    bound.remove(tags, this);
  }
}
