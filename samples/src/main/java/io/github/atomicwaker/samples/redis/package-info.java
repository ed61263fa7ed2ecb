/** Many virtual threads share one pipelined connection to Redis, with a waker for each reply. */
@NullMarked
package io.github.atomicwaker.samples.redis;

import org.jspecify.annotations.NullMarked;
