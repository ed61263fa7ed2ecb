package io.github.atomicwaker;

import io.github.atomicwaker.micrometer.AtomicWakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that has a copy of the library ends, and its class loader becomes garbage. The
 * server that it ran in, with the registry, goes on.
 */
@Timeout(300)
class UnloadingTest {

  /** Waits, reads its meters, and ends. */
  static final class Application implements Consumer<MeterRegistry> {
    private final WakerGroup group;

    Application(String kind) {
      WakerGroup named = WakerGroup.named("orders").parkingOnly();
      group = kind.equals("tracking") ? named.trackingWaits() : named.recordingStats();
    }

    @Override
    public void accept(MeterRegistry registry) {
      try (AtomicWakerMetrics metrics = new AtomicWakerMetrics(group, Tags.empty())) {
        metrics.bindTo(registry);
        new AtomicWaker(group).awaitUninterruptibly(() -> false, Duration.ofMillis(1));
        registry.getMeters().forEach(meter -> meter.measure().iterator().next().getValue());
      }
    }
  }

  /** Before JDK 24, JFR keeps the caller of what adds a listener: see {@link RecordingListener}. */
  private static final class WithoutJfr extends LibraryLoader {
    static {
      registerAsParallelCapable();
    }

    @Override
    void asked(String name) throws ClassNotFoundException {
      if (name.startsWith("jdk.jfr.")) {
        throw new ClassNotFoundException(name);
      }
    }
  }

  /** Keeps the registries, and runs the application. */
  static final class Server {
    private Server() {}

    public static void main(String[] args) throws Exception {
      MeterRegistry registry = new SimpleMeterRegistry();
      MeterRegistry composite = new CompositeMeterRegistry().add(registry);
      WeakReference<ClassLoader> application = run(args[0], composite, registry);
      Waiter.awaitState(
          () -> {
            System.gc();
            return application.refersTo(null);
          },
          "garbage");
      ChildJvm.exit(registry.getMeters().isEmpty() ? List.of() : List.of("meters are left"));
    }

    @SuppressWarnings("unchecked")
    private static WeakReference<ClassLoader> run(String kind, MeterRegistry... registries)
        throws Exception {
      boolean kept = kind.equals("tracking") && Runtime.version().feature() < 24;
      LibraryLoader loader = kept ? new WithoutJfr() : new LibraryLoader();
      Consumer<MeterRegistry> application =
          (Consumer<MeterRegistry>) loader.newInstance(Application.class, kind);
      for (MeterRegistry registry : registries) {
        application.accept(registry);
      }
      return new WeakReference<>(loader);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"recording", "tracking"})
  void anApplicationThatHasEndedIsGarbage(String kind) throws Exception {
    ChildJvm.run(Server.class, List.of("-Xmx64m"), kind);
  }
}
