/** Blocking handlers in virtual threads over the event loop of Netty. */
@NullMarked
package io.github.atomicwaker.samples.netty;

import org.jspecify.annotations.NullMarked;
