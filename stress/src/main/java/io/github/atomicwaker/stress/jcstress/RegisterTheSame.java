package io.github.atomicwaker.stress.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/** Two registrants of one thread, which does not displace itself. */
@JCStressTest
@Description("Two register the same thread at the same time: it is in the slot, displaced by none.")
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "Registered, and nobody displaced.")
@Outcome(expect = FORBIDDEN, desc = "Not registered, or displaced by itself.")
@State
public class RegisterTheSame {

  private static final Thread SOMEBODY = Thread.ofVirtual().unstarted(() -> {});

  private final WakerGroup group = WakerGroup.named("the same").recordingStats();
  private final AtomicWaker waker = new AtomicWaker(group);

  @Actor
  public void one() {
    waker.register(SOMEBODY);
  }

  @Actor
  public void other() {
    waker.register(SOMEBODY);
  }

  @Arbiter
  public void arbiter(ZJ_Result r) {
    r.r1 = waker.registered() == SOMEBODY;
    r.r2 = group.stats().races().displaced();
  }
}
