/** An agent of Agrona that parks while it has no work. */
@NullMarked
package io.github.atomicwaker.samples.agrona;

import org.jspecify.annotations.NullMarked;
