package io.github.atomicwaker.stress.soak;

/** The ways to wait on a waker. */
enum Way {
  AWAIT_VALUE("awaitValue", true, false),
  AWAIT_VALUE_TIMED("awaitValue, timed", true, true),
  AWAIT("await", true, false),
  AWAIT_TIMED("await, timed", true, true),
  UNINTERRUPTIBLY("awaitUninterruptibly", false, false),
  UNINTERRUPTIBLY_TIMED("awaitUninterruptibly, timed", false, true),
  /**
   * The loop in the documentation of {@code register}. Two of these at once would never end. Stands
   * last: see {@link Actor#receive(Box)}.
   */
  BY_HAND("register and park", true, false);

  /** What came of a wait. */
  enum Outcome {
    VALUE("value"),
    TIMED_OUT("timed out"),
    INTERRUPTED("interrupted"),
    THREW("threw"),
    DISPLACED("displaced");

    final String text;

    Outcome(String text) {
      this.text = text;
    }
  }

  final String text;
  final boolean interruptible;
  final boolean timed;

  Way(String text, boolean interruptible, boolean timed) {
    this.text = text;
    this.interruptible = interruptible;
    this.timed = timed;
  }
}
