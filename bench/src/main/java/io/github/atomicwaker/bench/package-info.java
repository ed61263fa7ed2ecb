/**
 * The benchmarks: one class per row, which says at its top what it measures and against what.
 *
 * <p>{@link io.github.atomicwaker.bench.Links} has the contestants, {@link
 * io.github.atomicwaker.bench.Crew} the way threads are measured that are not JMH's own, {@link
 * io.github.atomicwaker.bench.BenchRunner} runs the rows, and {@link
 * io.github.atomicwaker.bench.Charts} makes a page of the results.
 */
@NullMarked
package io.github.atomicwaker.bench;

import org.jspecify.annotations.NullMarked;
