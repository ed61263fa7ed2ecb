/** The counters of groups of wakers, shown live in a browser and scraped by Prometheus. */
@NullMarked
package io.github.atomicwaker.samples.metrics;

import org.jspecify.annotations.NullMarked;
