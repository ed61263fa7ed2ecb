/**
 * Runs the benchmarks, and reports what they measured.
 *
 * <p>A {@link io.github.atomicwaker.bench.report.Row} names what is measured together. {@link
 * io.github.atomicwaker.bench.report.BenchRunner} runs rows and writes JMH's results as JSON.
 * {@link io.github.atomicwaker.bench.report.Measured} reads them back, a {@link
 * io.github.atomicwaker.bench.report.Goal} is checked against them, and {@link
 * io.github.atomicwaker.bench.report.Charts} writes the page and the charts. {@link
 * io.github.atomicwaker.bench.report.BeforeAfter} compares two builds of the library.
 */
@NullMarked
package io.github.atomicwaker.bench.report;

import org.jspecify.annotations.NullMarked;
