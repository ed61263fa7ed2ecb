/*
 * The wait, as a model for Spin: two waiters wait on one slot for a value each, two wakers add one
 * each and wake. Each step is atomic, as under sequential consistency: the litmus files next door
 * have the fences. The comments name the methods that a step stands for.
 *
 * The order of steps is any, and up to DISTURBANCES times a waiter is interrupted, runs out of time,
 * or returns from a park without a reason. What runs within a wait may park, and so consume a
 * permit: conditions, the pool, events, statistics. Of each run:
 *
 *   a wait that ends has left the slot, keeps its value, and loses no interrupt;
 *   a wait that is told that it was displaced is the only one of the two;
 *   a wait whose time is up has looked after any wake that took it;
 *   both waits end, if every thread that can go on does so at some time (weak fairness).
 *
 * With POOL, waiter 1 is a worker of a pool with one thread, and waker 2 a task behind it. With
 * QUIET there are neither wakers nor disturbances: one of the two is told.
 *
 * Not here: spins, withdrawn announcements, conditions that throw or wait on this slot, waits that
 * go on when they are interrupted, threads that register another one, an unpark that throws, a pool
 * that refuses.
 *
 * The other symbols are mistakes. With each of them Spin has to find a run that breaks a rule.
 */

mtype = { WAITS, VALUE, TIMEOUT, INTERRUPTED, TOLD };

#ifdef QUIET
#define DISTURBANCES 0
#endif
#ifndef DISTURBANCES
#define DISTURBANCES 1
#endif

byte slot;           /* the waiter that is registered; 0 if none is */
byte values;         /* what the condition polls */
byte told;
bool owesLook[3];    /* a wake has taken it since its last check */
#ifdef POOL
bool compensated;    /* the pool runs another thread in place of waiter 1 */
#endif

bool permit[3];
bool interrupted[3]; /* the status */
bool wasInterrupted[3];
bool timeIsUp[3];
bool spurious[3];
mtype state[3] = WAITS;

/* Whatever parks in between consumes a permit, if there is one. */
inline mayPark(me) {
  if
  :: permit[me] = false
  :: skip
  fi
}

/* Check.on: polls, and may park after that */
inline check(me) {
  atomic {
    owesLook[me] = false;
    if
    :: values > 0 -> values--; found = true
    :: else
    fi
  };
  mayPark(me)
}

/* AtomicWaker.register, AtomicWaker.displace */
inline register(me) {
  if
  :: slot == me
  :: else ->
    atomic { before = slot; slot = me };
    if
    :: before != 0 && before != me ->
#ifdef THE_LATER_IS_TOLD_TOO
      displaces = true;
#endif
#ifndef NO_UNPARK_OF_THE_DISPLACED
      permit[before] = true
#else
      skip
#endif
    :: else
    fi
  fi;
  before = 0
}

/* AtomicWaker.deregister */
inline deregister(me) {
  if
  :: slot == me ->
    atomic {
      if
      :: slot == me -> slot = 0; wasRegistered = true
      :: else -> wasRegistered = false
      fi
    }
  :: else -> wasRegistered = false
  fi
}

/* LockSupport.park, Thread.interrupt ends it as well */
inline parkNow(me) {
  atomic {
    permit[me] || interrupted[me] || timeIsUp[me] || spurious[me] ->
    permit[me] = false;
    spurious[me] = false
  }
}

/* ParkingSlot.parkIfRegistered, ParkingSlot.parkNow */
inline parkIfRegistered(me) {
  if
#ifndef NO_LAST_LOOK
  :: slot == me ->
#else
  :: true ->
#endif
#ifdef PARKS_AFTER_THE_LAST_LOOK
    mayPark(me);
#endif
    parkNow(me)
#ifndef NO_LAST_LOOK
  :: else
#endif
  fi
}

/* ParkingSlot.parkOnce, ForkJoinPool.managedBlock */
inline parkOnce(me) {
#ifdef POOL
  if
  :: me == 1 && slot == me -> /* ManagedPark.isReleasable */
    mayPark(me);              /* the pool starts a thread */
#ifndef NO_COMPENSATION
    compensated = true;
#endif
    parkIfRegistered(me);     /* ManagedPark.block */
    compensated = false
  :: me == 1 && slot != me
  :: me != 1 ->
#endif
    mayPark(me);              /* ObservedPark.begin */
    parkIfRegistered(me)
#ifdef POOL
  fi
#endif
}

/* Thread.interrupted */
inline noteInterrupt(me) {
  atomic {
    pending = pending || interrupted[me];
    interrupted[me] = false
  }
}

/* WaitLoop.THROW */
inline throwIfInterrupted(me) {
  atomic {
    pending = pending || interrupted[me];
    interrupted[me] = false;
    if
    :: pending -> pending = false; result = INTERRUPTED; goto leave
    :: else
    fi
  }
}

/* WaitLoop.await, WaitLoop.awaitParked, WaitLoop.parkAndCheck */
proctype Waiter(byte me) {
  byte before, registered;
  bool found, pending, wasRegistered, displaces;
  mtype result = WAITS;

  throwIfInterrupted(me);
  check(me);
  if
  :: found -> result = VALUE; goto leave
  :: else
  fi;
  register(me);
#ifdef CHECK_ONLY_BEFORE_REGISTER
  parkOnce(me);
#endif

turn:
  noteInterrupt(me);
  check(me);
  registered = slot; /* AtomicWaker.registered */
  atomic {
#ifdef VALUE_DROPPED_ON_INTERRUPT
  if
  :: pending -> pending = false; result = INTERRUPTED; goto leave
  :: else
  fi;
#endif
  if
  :: found -> result = VALUE; goto leave
  :: else
  fi;
  if
  :: displaces || (registered != 0 && registered != me) ->
    result = TOLD; /* WaitLoop.displacement */
    goto leave
  :: else
  fi
  };
  throwIfInterrupted(me);
  if
  :: timeIsUp[me] -> /* WaitLoop.deadline */
#ifndef NO_DEREGISTER_WHEN_TIME_IS_UP
    deregister(me);
#ifndef NO_LOOK_WHEN_TAKEN
    if
    :: wasRegistered
    :: else -> check(me)
    fi;
#endif
#endif
    result = (found -> VALUE : TIMEOUT);
    goto leave
  :: else
  fi;
  if
  :: registered == 0 -> register(me)
  :: else -> parkOnce(me)
  fi;
  registered = 0;
  mayPark(me); /* WaitLoop.letOthersRun */
  goto turn;

leave: /* WaitLoop.leave */
#ifdef NO_DEREGISTER_WHEN_TIME_IS_UP
  if
  :: result == TIMEOUT
  :: else -> deregister(me)
  fi;
#else
  deregister(me);
#endif
#ifndef INTERRUPT_NOT_SET_AGAIN
  if
  :: pending -> interrupted[me] = true /* WaitLoop.interrupt */
  :: else
  fi;
#endif
  atomic { /* the claim looks at the state when the assertions have held */
    told = told + (result == TOLD -> 1 : 0);
    state[me] = result;
    assert(slot != me);
    assert(found == (result == VALUE));
    assert(result != TIMEOUT || !owesLook[me]);
    assert(!wasInterrupted[me] || interrupted[me] || result == INTERRUPTED);
    assert(told <= 1)
  }
}

/* A change of the state, then AtomicWaker.wake */
proctype Waker(byte me) {
  byte taken;
#ifdef POOL
  me == 1 || compensated || state[1] != WAITS; /* a task of the pool needs its thread */
#endif
  values++;
  if
  :: slot == 0 /* AtomicWaker.isVacant */
  :: else ->
    atomic { taken = slot; slot = 0; owesLook[taken] = (taken != 0) }; /* AtomicWaker.takeRegistered */
    if
    :: taken != 0 -> permit[taken] = true /* AtomicWaker.wakeRegistered, LockSupport.unpark */
    :: else
    fi
  fi
}

/* Disturbs any waiter in any way, as often as there is room for in the bounds, or not at all. */
active proctype Disturber() {
  byte left = DISTURBANCES;
  byte waiter;
  do
  :: left > 0 ->
    atomic {
      left--;
      select(waiter : 1 .. 2);
      if
      :: state[waiter] == WAITS -> wasInterrupted[waiter] = true; interrupted[waiter] = true
      :: spurious[waiter] = true
      :: timeIsUp[waiter] = true
      :: skip
      fi;
      waiter = 0
    }
  :: break
  od
}

init {
  atomic {
    run Waiter(1);
    run Waiter(2);
#ifndef QUIET
    run Waker(1);
    run Waker(2)
#endif
  }
}

#ifdef QUIET
ltl claim { <> (told == 1) }
#else
ltl claim { <> (state[1] != WAITS && state[2] != WAITS) }
#endif
