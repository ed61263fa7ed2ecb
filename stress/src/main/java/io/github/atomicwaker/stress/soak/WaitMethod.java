package io.github.atomicwaker.stress.soak;

import java.util.EnumSet;
import java.util.List;

/**
 * The methods that wait, of a waker, a hand-off and a one-shot reply, and what the contract of each
 * promises.
 */
enum WaitMethod {
  AWAIT_VALUE("awaitValue", true, false),
  AWAIT_VALUE_TIMED("awaitValue, timed", true, true),
  AWAIT_CHECKED("awaitChecked", true, false),
  AWAIT_CHECKED_TIMED("awaitChecked, timed", true, true),
  AWAIT("await", true, false),
  AWAIT_TIMED("await, timed", true, true),
  UNINTERRUPTIBLY("awaitUninterruptibly", false, false),
  UNINTERRUPTIBLY_TIMED("awaitUninterruptibly, timed", false, true),
  /** The loop in the documentation of {@code register}. Two of these at once would never end. */
  REGISTER_AND_PARK("register and park", true, false),
  ANNOUNCED("announced awaitValue", true, false),
  ANNOUNCED_TIMED("the same, timed", true, true),
  PUT("put", true, false),
  OFFER_TIMED("offer, timed", true, true),
  OFFER("offer", false, true),
  TRY_TRANSFER("tryTransfer", false, true),
  TAKE("take", true, false),
  POLL_TIMED("poll, timed", true, true),
  POLL("poll", false, true),
  GET("get", true, false),
  GET_TIMED("get, timed", true, true);

  static final List<WaitMethod> ON_A_WAKER = range(AWAIT_VALUE, REGISTER_AND_PARK);
  static final List<WaitMethod> ON_A_CONTESTED_WAKER = range(AWAIT_VALUE, UNINTERRUPTIBLY_TIMED);
  static final List<WaitMethod> ANNOUNCING = range(ANNOUNCED, ANNOUNCED_TIMED);
  static final List<WaitMethod> TO_PUT = range(PUT, TRY_TRANSFER);
  static final List<WaitMethod> TO_TAKE = range(TAKE, POLL);
  static final List<WaitMethod> TO_GET = range(GET, GET_TIMED);

  private static List<WaitMethod> range(WaitMethod first, WaitMethod last) {
    return List.copyOf(EnumSet.range(first, last));
  }

  /** The result of a wait. */
  enum Outcome {
    VALUE("value"),
    TIMED_OUT("timed out"),
    INTERRUPTED("interrupted"),
    THREW("threw"),
    DISPLACED("displaced"),
    CLOSED("closed");

    final String text;

    Outcome(String text) {
      this.text = text;
    }
  }

  final String text;
  final boolean interruptible;
  final boolean timed;

  WaitMethod(String text, boolean interruptible, boolean timed) {
    this.text = text;
    this.interruptible = interruptible;
    this.timed = timed;
  }
}
