package io.github.atomicwaker.stress.soak;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.stress.soak.Tally.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small closed workload: a few threads, and the queues and hand-offs through which they send each
 * other messages. Its leaders begin rounds until {@link Participant#goesOn} is false, and then end
 * the others. To add one, extend this class (each thread is one call of {@link #leader} or {@link
 * #follower}, each waker one of {@link #queue}, each hand-off one of {@link #handoff}, each place
 * for announced waits one of {@link #announcedPlace}) and add it to {@link Soak#KINDS}. A primitive
 * that hides its waker is a {@link WaitTarget} of its own.
 *
 * <p>A disturbed workload has a rogue, which interrupts, unparks and wakes the others at random.
 * The others have none: such a wake hides a lost one before the watchdog can see it.
 */
abstract class Workload {

  interface Factory {
    Workload create(Soak soak, SplittableRandom random, boolean disturbed, int threads);
  }

  /** A kind of workload, and how many threads it can have. */
  record Kind(Factory factory, int minThreads, int maxThreads) {}

  private static final int MOST_DISTURBANCES = 64;

  final Soak soak;

  /** Of all waits at this workload: adaptive or parking only, tracked or not. */
  final WakerGroup group;

  /** Started first. Once it has ended, nobody is interrupted any longer. */
  private final @Nullable Participant rogue;

  private final SplittableRandom random;
  private final List<Participant> participants = new ArrayList<>();
  private final List<WakerQueue> queues = new ArrayList<>();

  /** All that has to be empty at the end. */
  private final List<WaitTarget> targets = new ArrayList<>();

  private final @Nullable WakerQueue calls;
  private int leaders;

  Workload(Soak soak, SplittableRandom random, boolean disturbed) {
    this.soak = soak;
    this.random = random;
    this.group = soak.drawGroup(random, getClass().getSimpleName());
    this.calls = disturbed ? queue() : null;
    this.rogue = calls == null ? null : follower("rogue", me -> disturb(me, calls));
  }

  List<Participant> participants() {
    return participants;
  }

  Stream<WaitTarget> targets() {
    return targets.stream();
  }

  /** The thread that interrupts a participant; null if none does. */
  final @Nullable Thread interrupter(Participant participant) {
    return rogue == null || rogue == participant ? null : rogue.thread;
  }

  /** Starts all threads; the rogue was the first to be made. */
  void start() {
    participants.forEach(participant -> participant.thread.start());
  }

  // For the constructors of workloads.

  final Participant leader(String role, Participant.Body body) {
    leaders++;
    return follower(
        role,
        me -> {
          body.run(me);
          if (calls != null) {
            me.send(calls, 0, Message.BYE);
          }
        });
  }

  final Participant follower(String role, Participant.Body body) {
    Participant participant =
        new Participant(this, role, soak.drawsPlatform(random), random.split(), body);
    participants.add(participant);
    return participant;
  }

  final WakerQueue queue() {
    return queue(false);
  }

  final WakerQueue queue(boolean contested) {
    // The second queue has a lock: the condition may have to park for it.
    WakerQueue queue =
        new WakerQueue(
            group,
            random.nextBoolean() ? new ConcurrentLinkedQueue<>() : new LinkedBlockingDeque<>(),
            contested);
    queues.add(queue);
    targets.add(queue);
    return queue;
  }

  final CountedHandoff handoff(boolean contested) {
    CountedHandoff handoff = new CountedHandoff(group, contested);
    targets.add(handoff.out);
    return handoff;
  }

  final AnnouncedPlace announcedPlace() {
    AnnouncedPlace place = new AnnouncedPlace(group);
    targets.add(place);
    return place;
  }

  // The rogue.

  void callRogue(Participant leader) {
    if (calls != null) {
      leader.send(calls, 0, 0);
    }
  }

  private void disturb(Participant me, WakerQueue calls) {
    int left = leaders;
    while (left > 0) {
      if (me.receive(calls).isBye()) {
        left--;
        continue;
      }
      for (int more = me.random.nextInt(MOST_DISTURBANCES);
          more > 0 && !soak.isStopping();
          more--) {
        disturbOnce(me.random);
        LockSupport.parkNanos(me.random.nextLong(1L << me.random.nextInt(18)));
      }
    }
  }

  private void disturbOnce(SplittableRandom random) {
    Participant victim =
        participants.get(random.nextInt(1, participants.size())); // all but the rogue
    WakerQueue queue = queues.get(random.nextInt(queues.size()));
    switch (random.nextInt(4)) {
      case 0 -> victim.interrupts.send();
      case 1 -> {
        LockSupport.unpark(victim.thread);
        soak.tally.add(Count.ROGUE_UNPARKS);
      }
      case 2 -> {
        queue.waker.wake();
        soak.tally.add(Count.ROGUE_WAKES);
      }
      default -> {
        LockSupport.unpark(queue.waker.take());
        soak.tally.add(Count.ROGUE_WAKES);
      }
    }
  }
}
