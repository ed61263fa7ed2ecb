/**
 * The races of the slot on the memory models of machines: {@link
 * io.github.atomicwaker.stress.litmus.LitmusRunner} gives the files of stress/litmus to herd7.
 */
@NullMarked
package io.github.atomicwaker.stress.litmus;

import org.jspecify.annotations.NullMarked;
