/** Actors whose mailboxes are JCTools queues with a waker each. */
@NullMarked
package io.github.atomicwaker.samples.mailbox;

import org.jspecify.annotations.NullMarked;
