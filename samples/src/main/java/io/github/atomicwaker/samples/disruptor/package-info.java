/** A wait strategy of the LMAX Disruptor whose consumer waits on a waker. */
@NullMarked
package io.github.atomicwaker.samples.disruptor;

import org.jspecify.annotations.NullMarked;
