/**
 * The one-slot park/unpark signal for virtual threads.
 *
 * <p>Needs nothing else at run time: where the library's class loader sees no {@code jdk.jfr} there
 * are no events, and without Micrometer all but {@link io.github.atomicwaker.micrometer} works.
 *
 * @since 0.1.0
 */
module io.github.atomicwaker {
  requires static com.google.errorprone.annotations;
  requires static jdk.jfr;
  requires static micrometer.core;
  requires static org.jspecify;

  exports io.github.atomicwaker;
  exports io.github.atomicwaker.micrometer;
}
