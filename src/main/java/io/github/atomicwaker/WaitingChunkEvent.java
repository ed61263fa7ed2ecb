package io.github.atomicwaker;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;

/**
 * Never recorded. An event has one period; through this one a {@link WaitingEvent} is recorded in
 * every chunk as well.
 */
@Name("io.github.atomicwaker.WaitingChunk")
@Label("Waker Waiting in Every Chunk")
@Description("If enabled, the event Waiting is recorded at the begin and the end of every chunk")
@Category("AtomicWaker")
@Period("everyChunk")
final class WaitingChunkEvent extends Event {
  private WaitingChunkEvent() {}
}
