/**
 * What is measured: one class per row of the report, which says at its top what it measures and
 * against what.
 *
 * <p>{@link io.github.atomicwaker.bench.Links} makes the contestants: {@link
 * io.github.atomicwaker.bench.Signals}, {@link io.github.atomicwaker.bench.OneShotSignals}, {@link
 * io.github.atomicwaker.bench.Channels} and {@link io.github.atomicwaker.bench.Slots}. {@link
 * io.github.atomicwaker.bench.Crew} runs threads that are not JMH's own. A {@link
 * io.github.atomicwaker.bench.Point} is one thing to measure. The package {@code report} runs the
 * rows and makes a page of the results; nothing here depends on it.
 */
@NullMarked
package io.github.atomicwaker.bench;

import org.jspecify.annotations.NullMarked;
