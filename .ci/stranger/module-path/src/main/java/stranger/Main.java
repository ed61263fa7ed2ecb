package stranger;

import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.micrometer.AtomicWakerMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** A hand-off with meters, on the module path. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    WakerGroup lines = WakerGroup.named("lines").recordingStats();
    AtomicWakerMetrics.monitor(registry, lines);
    Handoff<String> handoff = new Handoff<>(lines);
    Thread.startVirtualThread(() -> handoff.offer("taken"));
    System.out.printf(
        "module path: %s from %s, %d meters%n",
        handoff.take(), Handoff.class.getModule().getName(), registry.getMeters().size());
  }
}
