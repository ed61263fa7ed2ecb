/** Many virtual threads share one TCP connection, with a one-shot reply for each call. */
@NullMarked
package io.github.atomicwaker.samples.multiplexer;

import org.jspecify.annotations.NullMarked;
