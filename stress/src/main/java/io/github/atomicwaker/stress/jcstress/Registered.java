package io.github.atomicwaker.stress.jcstress;

/** A race in which a thread is registered from the beginning. */
public abstract class Registered extends Race {

  /** Never started, so that neither actor is the one who waits, and an unpark does nothing. */
  protected static final Thread REGISTRANT = Thread.ofPlatform().unstarted(() -> {});

  {
    waker.register(REGISTRANT);
  }
}
