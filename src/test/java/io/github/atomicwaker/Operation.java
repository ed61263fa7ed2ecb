package io.github.atomicwaker;

import io.github.atomicwaker.AwaitSteps.Await;
import io.github.atomicwaker.AwaitSteps.AwaitAnnounced;
import io.github.atomicwaker.AwaitSteps.AwaitChecked;
import io.github.atomicwaker.AwaitSteps.AwaitValue;
import io.github.atomicwaker.AwaitSteps.Deregister;
import io.github.atomicwaker.AwaitSteps.InterruptAt;
import io.github.atomicwaker.AwaitSteps.InterruptedAwait;
import io.github.atomicwaker.AwaitSteps.InterruptedAwaitUninterruptibly;
import io.github.atomicwaker.AwaitSteps.ReadyAt;
import io.github.atomicwaker.HandoffSteps.Close;
import io.github.atomicwaker.HandoffSteps.Give;
import io.github.atomicwaker.HandoffSteps.GiveUp;
import io.github.atomicwaker.HandoffSteps.GiveUpInterrupted;
import io.github.atomicwaker.HandoffSteps.OfferAlone;
import io.github.atomicwaker.HandoffSteps.PollAlone;
import io.github.atomicwaker.HandoffSteps.TakeValue;
import io.github.atomicwaker.HandoffSteps.Transfer;
import io.github.atomicwaker.HandoffSteps.TransferAlone;
import io.github.atomicwaker.OneShotSteps.CompleteAlone;
import io.github.atomicwaker.OneShotSteps.End;
import io.github.atomicwaker.OneShotSteps.GetDone;
import io.github.atomicwaker.OneShotSteps.GetIsInterrupted;
import io.github.atomicwaker.OneShotSteps.GetTimesOut;
import io.github.atomicwaker.Waiter.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every operation of the library, for an error of the virtual machine (a stack or a heap that ends)
 * to strike in it at any place. Its {@link Step} checks what must hold afterwards.
 */
enum Operation {
  WAKE(WakeSteps.Wake::new),
  TAKE(WakeSteps.Take::new),
  DISPLACE(WakeSteps.Displace::new),
  BATCH(WakeSteps.Batch::new),
  CLOSE_BATCH(WakeSteps.CloseBatch::new),

  OFFER((kind, group) -> new Give(kind, group, PutMethod.OFFER)),
  PUT((kind, group) -> new Give(kind, group, PutMethod.PUT)),
  TRANSFER(Transfer::new),
  POLL((kind, group) -> new TakeValue(kind, group, TakeMethod.POLL)),
  TAKE_VALUE((kind, group) -> new TakeValue(kind, group, TakeMethod.TAKE)),
  CLOSE_BESIDE_A_TAKE(Close::besideATake),
  CLOSE_BESIDE_A_PUT(Close::besideAPut),

  OFFER_ALONE(OfferAlone::new),
  POLL_ALONE(PollAlone::new),
  TRANSFER_ALONE(TransferAlone::new),
  POLL_TIMES_OUT(group -> new GiveUp(group, null, handoff -> handoff.poll(Step.SHORT))),
  OFFER_TIMES_OUT(
      group ->
          new GiveUp(
              group, "first", handoff -> handoff.offer("second", Step.SHORT) ? "put" : null)),
  TAKE_IS_INTERRUPTED(group -> new GiveUpInterrupted(group, null, Handoff::take)),
  PUT_IS_INTERRUPTED(
      group ->
          new GiveUpInterrupted(
              group,
              "first",
              handoff -> {
                handoff.put("second");
                return "put";
              })),

  COMPLETE(End::complete),
  FAIL(End::fail),
  CANCEL(End::cancel),
  COMPLETE_ALONE(CompleteAlone::new),
  GET_DONE(GetDone::new),
  GET_TIMES_OUT(GetTimesOut::new),
  GET_IS_INTERRUPTED(GetIsInterrupted::new),

  DEREGISTER(Deregister::new),
  AWAIT_FIRST_CHECK(group -> new Await(group, ReadyAt.FIRST_CHECK)),
  AWAIT_SECOND_CHECK(group -> new Await(group, ReadyAt.SECOND_CHECK)),
  AWAIT_REGISTERED(group -> new Await(group, ReadyAt.ONCE_REGISTERED)),
  AWAIT_PARKED(group -> new Await(group, ReadyAt.AFTER_PARKS)),
  AWAIT_TIMES_OUT(group -> new Await(group, ReadyAt.NEVER, Step.SHORT)),
  VALUE_FIRST_CHECK(group -> new AwaitValue(group, ReadyAt.FIRST_CHECK)),
  VALUE_SECOND_CHECK(group -> new AwaitValue(group, ReadyAt.SECOND_CHECK)),
  VALUE_REGISTERED(group -> new AwaitValue(group, ReadyAt.ONCE_REGISTERED)),
  VALUE_PARKED(group -> new AwaitValue(group, ReadyAt.AFTER_PARKS)),
  VALUE_TIMED(group -> new AwaitValue(group, ReadyAt.AFTER_PARKS, Duration.ofHours(1))),
  CHECKED_PARKED(AwaitChecked::new),
  ANNOUNCED_PARKED(group -> new AwaitAnnounced(group, null)),
  ANNOUNCED_TIMES_OUT(group -> new AwaitAnnounced(group, Step.SHORT)),
  UNINTERRUPTIBLY_INTERRUPTED_BEFORE(
      group ->
          new InterruptedAwaitUninterruptibly(group, InterruptAt.ENTRY, ReadyAt.ONCE_REGISTERED)),
  UNINTERRUPTIBLY_INTERRUPTED_MEANWHILE(
      group ->
          new InterruptedAwaitUninterruptibly(
              group, InterruptAt.SECOND_CHECK, ReadyAt.AFTER_PARKS)),
  INTERRUPTED_BEFORE(group -> new InterruptedAwait(group, InterruptAt.ENTRY, ReadyAt.NEVER)),
  INTERRUPTED_MEANWHILE(
      group -> new InterruptedAwait(group, InterruptAt.SECOND_CHECK, ReadyAt.NEVER));

  /** Prepares a run of an operation beside a waiter of that kind, which is parked. */
  private interface BesideAWaiter {
    Step begin(Kind kind, WakerGroup group);
  }

  /** Prepares a run of an operation beside which no other thread waits. */
  private interface Alone {
    Step begin(WakerGroup group);
  }

  private final boolean besideAWaiter;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final BesideAWaiter run;

  Operation(BesideAWaiter run) {
    this.besideAWaiter = true;
    this.run = run;
  }

  Operation(Alone run) {
    this.besideAWaiter = false;
    this.run = (kind, group) -> run.begin(group);
  }

  /** The ways to wait that a run may differ by. */
  enum Grouping {
    ADAPTIVE,
    PARKING_ONLY,
    TRACKING,
    ADAPTIVE_TRACKING;

    WakerGroup group() {
      WakerGroup named = WakerGroup.named("struck");
      return switch (this) {
        case ADAPTIVE -> named;
        case PARKING_ONLY -> named.parkingOnly();
        case TRACKING -> named.parkingOnly().trackingWaits();
        case ADAPTIVE_TRACKING -> named.trackingWaits();
      };
    }
  }

  /** One operation in one of its variants. */
  record Variant(Operation operation, Kind kind, Grouping grouping) {

    /** To an operation that wakes, it makes no difference what its waiter did before its park. */
    static List<Variant> all() {
      List<Variant> all = new ArrayList<>();
      for (Operation operation : Operation.values()) {
        for (Grouping grouping : Grouping.values()) {
          if (!operation.besideAWaiter) {
            all.add(new Variant(operation, Kind.PLATFORM, grouping));
          } else if (grouping == Grouping.PARKING_ONLY || grouping == Grouping.TRACKING) {
            all.add(new Variant(operation, Kind.VIRTUAL, grouping));
            all.add(new Variant(operation, Kind.PLATFORM, grouping));
          }
        }
      }
      return all;
    }

    Step begin() {
      return operation.run.begin(kind, grouping.group());
    }

    @Override
    public String toString() {
      return operation + " " + (operation.besideAWaiter ? kind + " " : "") + grouping;
    }
  }
}
