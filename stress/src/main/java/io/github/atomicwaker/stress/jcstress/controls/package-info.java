/**
 * Negative controls: each lacks one part of the protocol, after which it is named, and runs the
 * race that this part decides. The forbidden outcome must be found; only then does its absence in
 * the tests mean something.
 */
@NullMarked
package io.github.atomicwaker.stress.jcstress.controls;

import org.jspecify.annotations.NullMarked;
