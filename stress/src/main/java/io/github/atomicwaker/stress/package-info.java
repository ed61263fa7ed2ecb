/** What the checks of the library share. */
@NullMarked
package io.github.atomicwaker.stress;

import org.jspecify.annotations.NullMarked;
