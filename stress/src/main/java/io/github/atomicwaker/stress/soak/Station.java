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
 * A small closed workload: a few threads, and the boxes through which they send each other
 * messages. Its leaders begin the rounds, as long as {@link Actor#goesOn} says so, and then tell
 * the others that it is over. To add a station, extend this class (each thread is one call of
 * {@link #leader} or {@link #follower}, each waker one of {@link #box}, each hand-off one of {@link
 * #line}) and add it to {@link Soak#KINDS}. What waits on a primitive that hides its waker is a
 * {@link Watched}.
 *
 * <p>A wild station has a rogue, which interrupts, unparks and wakes the others as it likes. In the
 * others nobody does: such a nudge heals a lost wake-up before the watchdog can see it.
 */
abstract class Station {

  interface Factory {
    Station create(Soak soak, SplittableRandom random, boolean wild, int threads);
  }

  /** A kind of station, and how many threads it can have. */
  record Kind(Factory factory, int minThreads, int maxThreads) {}

  private static final int MOST_POKES = 64;

  final Soak soak;

  /** Of all waits at this station: adaptive or parking only. */
  final WakerGroup group;

  /** Started first. Once it has ended, nobody is interrupted any longer. */
  final @Nullable Actor rogue;

  private final SplittableRandom random;
  private final List<Actor> actors = new ArrayList<>();
  private final List<Box> boxes = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private final @Nullable Box calls;
  private int leaders;

  Station(Soak soak, SplittableRandom random, boolean wild) {
    this.soak = soak;
    this.random = random;
    WakerGroup adaptive = WakerGroup.named(getClass().getSimpleName());
    this.group = random.nextBoolean() ? adaptive : adaptive.parkingOnly();
    this.calls = wild ? box() : null;
    this.rogue = calls == null ? null : follower("rogue", me -> harass(me, calls));
  }

  List<Actor> actors() {
    return actors;
  }

  /** All that has to be empty at the end. */
  Stream<Watched> places() {
    return Stream.concat(boxes.stream(), lines.stream().map(line -> line.out));
  }

  /** Starts all threads; the rogue was the first to be made. */
  void start() {
    actors.forEach(actor -> actor.thread.start());
  }

  // For the constructors of stations.

  final Actor leader(String role, Actor.Body body) {
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

  final Actor follower(String role, Actor.Body body) {
    Actor actor = new Actor(this, role, soak.drawsPlatform(random), random.split(), body);
    actors.add(actor);
    return actor;
  }

  final Box box() {
    return box(false);
  }

  final Box box(boolean contested) {
    // The second queue has a lock: the condition may have to park for it.
    Box box =
        new Box(
            group,
            random.nextBoolean() ? new ConcurrentLinkedQueue<>() : new LinkedBlockingDeque<>(),
            contested);
    boxes.add(box);
    return box;
  }

  final Line line(boolean contested) {
    Line line = new Line(group, contested);
    lines.add(line);
    return line;
  }

  // The rogue.

  void callRogue(Actor leader) {
    if (calls != null) {
      leader.send(calls, 0, 0);
    }
  }

  private void harass(Actor me, Box calls) {
    int left = leaders;
    while (left > 0) {
      if (me.receive(calls).isBye()) {
        left--;
        continue;
      }
      for (int pokes = me.random.nextInt(MOST_POKES); pokes > 0 && !soak.isStopping(); pokes--) {
        poke(me.random);
        LockSupport.parkNanos(me.random.nextLong(1L << me.random.nextInt(18)));
      }
    }
  }

  private void poke(SplittableRandom random) {
    Actor victim = actors.get(random.nextInt(1, actors.size())); // all but the rogue
    Box box = boxes.get(random.nextInt(boxes.size()));
    switch (random.nextInt(4)) {
      case 0 -> {
        if (victim.interrupt()) {
          soak.tally.add(Count.INTERRUPTS);
        }
      }
      case 1 -> {
        LockSupport.unpark(victim.thread);
        soak.tally.add(Count.ROGUE_UNPARKS);
      }
      case 2 -> {
        box.waker.wake();
        soak.tally.add(Count.ROGUE_WAKES);
      }
      default -> {
        LockSupport.unpark(box.waker.take());
        soak.tally.add(Count.ROGUE_WAKES);
      }
    }
  }
}
