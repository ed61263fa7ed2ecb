/**
 * The design of the wait: {@link io.github.atomicwaker.stress.spin.SpinRunner} gives the model in
 * stress/spin to Spin.
 */
@NullMarked
package io.github.atomicwaker.stress.spin;

import org.jspecify.annotations.NullMarked;
