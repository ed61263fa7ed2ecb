/**
 * The bounded buffer of {@link java.util.concurrent.locks.Condition}, and the same on two wakers.
 */
@NullMarked
package io.github.atomicwaker.samples.buffer;

import org.jspecify.annotations.NullMarked;
