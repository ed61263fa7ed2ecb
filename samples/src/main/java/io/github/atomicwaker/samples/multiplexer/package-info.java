/** Many virtual threads share one TCP connection, with a waker for each call. */
@NullMarked
package io.github.atomicwaker.samples.multiplexer;

import org.jspecify.annotations.NullMarked;
