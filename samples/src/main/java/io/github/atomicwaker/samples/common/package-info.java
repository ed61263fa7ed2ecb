/** What the samples share: options, output, threads that are watched, comparisons in rounds. */
@NullMarked
package io.github.atomicwaker.samples.common;

import org.jspecify.annotations.NullMarked;
