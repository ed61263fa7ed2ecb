/**
 * The statistics of wakers, and of their waits if a group tracks them, as meters: {@link
 * io.github.atomicwaker.micrometer.AtomicWakerMetrics}. The one package that needs {@code
 * micrometer-core} at run time.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.atomicwaker.micrometer;

import org.jspecify.annotations.NullMarked;
