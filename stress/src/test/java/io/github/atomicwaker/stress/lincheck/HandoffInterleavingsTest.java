package io.github.atomicwaker.stress.lincheck;

import static io.github.atomicwaker.stress.lincheck.ModelChecker.DEADLOCK;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.INTERLEAVINGS_WITH_INTERRUPT;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.NOT_LINEARIZABLE;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.VIOLATED;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkCaught;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkOperations;
import static io.github.atomicwaker.stress.lincheck.ModelChecker.checkRace;

import io.github.atomicwaker.Handoff;
import io.github.atomicwaker.HandoffClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * The hand-off: what its immediate operations return is what a place for one value returns to one
 * caller at a time; and those that wait, with real parks, lose nothing, duplicate nothing, and end.
 */
class HandoffInterleavingsTest {

  @Test
  void theHandoffIsAPlaceForOneValue() {
    checkOperations(RealOperations.class, Specification.class);
  }

  @Test
  void aCloseBesideThePlaceIsCaught() {
    checkCaught(NOT_LINEARIZABLE, CloseBesideThePlace.class, Specification.class);
  }

  @Test
  void oneProducerOneConsumerOneCloses() {
    checkRace(OneProducerOneConsumer.class);
  }

  @Test
  void twoProducersOneConsumer() {
    checkRace(TwoProducersOneConsumer.class);
  }

  @Test
  void twoProducersOneCloses() {
    checkRace(TwoProducersOneCloses.class);
  }

  @Test
  void oneProducerTwoWhoPoll() {
    checkRace(OneProducerTwoWhoPoll.class);
  }

  @Test
  void twoConsumersOneCloses() {
    checkRace(TwoConsumersOneCloses.class);
  }

  @Test
  void oneConsumerOneOffersOneCloses() {
    checkRace(OneOffersOneCloses.class);
  }

  @Test
  void oneConsumerTwoWhoOffer() {
    checkRace(OneConsumerTwoWhoOffer.class);
  }

  @Test
  void oneProducerTwoConsumers() {
    checkRace(OneProducerTwoConsumers.class);
  }

  @Test
  void oneProducerOneConsumerOneInterrupt() {
    checkRace(InterruptedTake.class, INTERLEAVINGS_WITH_INTERRUPT);
    checkRace(InterruptedPut.class, INTERLEAVINGS_WITH_INTERRUPT);
  }

  @Test
  void oneConsumerOneTransfersOneOffers() {
    checkRace(OneTransfersOneOffers.class);
  }

  @Test
  void oneConsumerOneTransfersOneCloses() {
    checkRace(OneTransfersOneCloses.class);
  }

  @Test
  void aHandoffThatNobodyClosesIsCaught() {
    checkCaught(DEADLOCK, NobodyCloses.class);
  }

  @Test
  void aLastValueInPlaceOfACloseIsCaught() {
    checkCaught(VIOLATED, LastValueInPlaceOfClose.class);
  }

  /** A place for at most one value, and whether it is closed, for one caller at a time. */
  public static class Specification {

    private Integer value;
    private boolean closed;

    public Object offer(int value) {
      if (closed) {
        return CLOSED;
      }
      if (this.value != null) {
        return false;
      }
      this.value = value;
      return true;
    }

    public Object poll() {
      Object taken = value == null && closed ? CLOSED : value;
      value = null;
      return taken;
    }

    public void close() {
      closed = true;
    }

    public boolean isClosed() {
      return closed;
    }
  }

  /** Stands for the exception. */
  private static final String CLOSED = "closed";

  /** The operations, of which none waits. */
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class RealOperations {

    final Handoff<Integer> handoff = new Handoff<>(SlotOperations.PARKING);

    @Operation(params = "value")
    public Object offer(int value) {
      try {
        return handoff.offer(value);
      } catch (HandoffClosedException e) {
        return CLOSED;
      }
    }

    @Operation
    public Object poll() {
      try {
        return handoff.poll();
      } catch (HandoffClosedException e) {
        return CLOSED;
      }
    }

    @Operation
    public void close() {
      handoff.close();
    }

    @Operation
    public boolean isClosed() {
      return handoff.isClosed();
    }
  }

  /** Lacks the one step that decides between an offer and a close: a value may slip in behind. */
  public static class CloseBesideThePlace extends RealOperations {

    private volatile boolean closed;

    @Override
    public Object offer(int value) {
      return closed ? CLOSED : super.offer(value);
    }

    @Override
    public Object poll() {
      Object value = super.poll();
      return value == null && closed ? CLOSED : value;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public boolean isClosed() {
      return closed;
    }
  }

  /** What the races share. A put or take that is displaced or finds it closed gives false, null. */
  public abstract static class Race {

    final Handoff<Integer> handoff = new Handoff<>(SlotOperations.PARKING);

    final boolean put(int value) throws InterruptedException {
      try {
        handoff.put(value);
        return true;
      } catch (IllegalStateException | HandoffClosedException e) {
        return false;
      }
    }

    final Integer take() throws InterruptedException {
      try {
        return handoff.take();
      } catch (IllegalStateException | HandoffClosedException e) {
        return null;
      }
    }

    static void check(List<Integer> put, List<Integer> taken) {
      if (!put.equals(taken)) {
        throw new IllegalStateException("put %s, taken %s".formatted(put, taken));
      }
    }

    /** What is there, in order. */
    static List<Integer> sorted(Integer... values) {
      return Stream.of(values).filter(Objects::nonNull).sorted().toList();
    }
  }

  /** Both see the close, and the consumer by then has everything that was put. */
  public static class OneProducerOneConsumer extends Race {

    private final List<Integer> put = new ArrayList<>();
    private final List<Integer> taken = new ArrayList<>();

    @Operation(runOnce = true)
    public void producer() throws InterruptedException {
      while (put.size() < 2 && send(put.size())) {
        put.add(put.size());
      }
    }

    @Operation(runOnce = true)
    public void consumer() throws InterruptedException {
      Integer value;
      while ((value = take()) != null && value != LastValueInPlaceOfClose.END) {
        taken.add(value);
      }
    }

    @Operation(runOnce = true)
    public void closer() throws InterruptedException {
      close();
    }

    @Validate
    public void nothingIsLost() {
      check(put, taken);
    }

    boolean send(int value) throws InterruptedException {
      return put(value);
    }

    void close() throws InterruptedException {
      handoff.close();
    }
  }

  /** Waits for ever if waits are real: this control shows that they are. */
  public static class NobodyCloses extends OneProducerOneConsumer {
    @Override
    void close() {}
  }

  /**
   * Sets a flag that it is closed, and then puts a last value: another one may slip in behind it.
   */
  public static class LastValueInPlaceOfClose extends OneProducerOneConsumer {

    static final int END = -1;

    private boolean closed;

    @Override
    boolean send(int value) throws InterruptedException {
      return !closed && put(value);
    }

    @Override
    void close() throws InterruptedException {
      closed = true;
      put(END);
    }
  }

  /** Both producers may wait for the place; one whose wait ends by displacement has not put. */
  public static class TwoProducersOneConsumer extends Race {

    private boolean onePut;
    private boolean otherPut;
    private Integer firstTaken;
    private Integer nextTaken;

    public TwoProducersOneConsumer() throws InterruptedException {
      put(0);
    }

    @Operation(runOnce = true)
    public void oneProducer() throws InterruptedException {
      onePut = put(1);
    }

    @Operation(runOnce = true)
    public void otherProducer() throws InterruptedException {
      otherPut = put(2);
    }

    @Operation(runOnce = true)
    public void consumer() throws InterruptedException {
      firstTaken = take();
      nextTaken = take();
    }

    @Validate
    public void nothingIsLost() {
      check(
          sorted(0, onePut ? 1 : null, otherPut ? 2 : null),
          sorted(firstTaken, nextTaken, handoff.poll()));
    }
  }

  /** Both producers may wait; there is never space, so that neither puts, and both waits end. */
  public static class TwoProducersOneCloses extends Race {

    private boolean onePut;
    private boolean otherPut;

    public TwoProducersOneCloses() throws InterruptedException {
      put(0);
    }

    @Operation(runOnce = true)
    public void oneProducer() throws InterruptedException {
      onePut = put(1);
    }

    @Operation(runOnce = true)
    public void otherProducer() throws InterruptedException {
      otherPut = put(2);
    }

    @Operation(runOnce = true)
    public void closer() {
      handoff.close();
    }

    @Validate
    public void nothingIsLost() throws InterruptedException {
      check(sorted(0, onePut ? 1 : null, otherPut ? 2 : null), sorted(take(), take()));
    }
  }

  /** The poll that takes the first value wakes the producer, which has then put the second one. */
  public static class OneProducerTwoWhoPoll extends Race {

    private boolean put;
    private Integer onePolled;
    private Integer otherPolled;

    public OneProducerTwoWhoPoll() throws InterruptedException {
      put(0);
    }

    @Operation(runOnce = true)
    public void producer() throws InterruptedException {
      put = put(1);
    }

    @Operation(runOnce = true)
    public void onePolls() {
      onePolled = handoff.poll();
    }

    @Operation(runOnce = true)
    public void otherPolls() {
      otherPolled = handoff.poll();
    }

    @Validate
    public void nothingIsLost() {
      check(sorted(0, put ? 1 : null), sorted(onePolled, otherPolled, handoff.poll()));
    }
  }

  /** Both consumers may wait for a value; one whose wait ends by displacement took nothing. */
  public static class OneProducerTwoConsumers extends Race {

    private Integer oneTook;
    private Integer otherTook;

    @Operation(runOnce = true)
    public void oneConsumer() throws InterruptedException {
      oneTook = take();
    }

    @Operation(runOnce = true)
    public void otherConsumer() throws InterruptedException {
      otherTook = take();
    }

    @Operation(runOnce = true)
    public void producer() throws InterruptedException {
      put(1);
      put(2);
    }

    @Validate
    public void nothingIsLost() {
      check(sorted(1, 2), sorted(oneTook, otherTook, handoff.poll()));
    }
  }

  /**
   * Both consumers may wait, one of them for the value; the other is displaced, or sees the close.
   */
  public static class TwoConsumersOneCloses extends Race {

    private Integer oneTook;
    private Integer otherTook;

    @Operation(runOnce = true)
    public void oneConsumer() throws InterruptedException {
      oneTook = take();
    }

    @Operation(runOnce = true)
    public void otherConsumer() throws InterruptedException {
      otherTook = take();
    }

    @Operation(runOnce = true)
    public void producer() {
      handoff.offer(1);
      handoff.close();
    }

    @Validate
    public void nothingIsLost() throws InterruptedException {
      check(sorted(1), sorted(oneTook, otherTook, take()));
    }
  }

  /** The consumer is given a value by one of them, and the place is then free for the other. */
  public static class OneConsumerTwoWhoOffer extends Race {

    private boolean oneOffered;
    private boolean otherOffered;
    private Integer taken;

    @Operation(runOnce = true)
    public void consumer() throws InterruptedException {
      taken = take();
    }

    @Operation(runOnce = true)
    public void oneOffers() {
      oneOffered = handoff.offer(1);
    }

    @Operation(runOnce = true)
    public void otherOffers() {
      otherOffered = handoff.offer(2);
    }

    @Validate
    public void nothingIsLost() {
      check(sorted(oneOffered ? 1 : null, otherOffered ? 2 : null), sorted(taken, handoff.poll()));
    }
  }

  /** A put that has found the take before the close may give it its value after that. */
  public static class OneOffersOneCloses extends Race {

    private boolean offered;
    private Integer taken;

    @Operation(runOnce = true)
    public void consumer() throws InterruptedException {
      taken = take();
    }

    @Operation(runOnce = true)
    public void producer() {
      try {
        offered = handoff.offer(1);
      } catch (HandoffClosedException e) {
        offered = false;
      }
    }

    @Operation(runOnce = true)
    public void closer() {
      handoff.close();
    }

    @Validate
    public void nothingIsLost() throws InterruptedException {
      check(sorted(offered ? 1 : null), sorted(taken, take()));
    }
  }

  /** The consumer has either value. A transfer that it does not get leaves nothing behind. */
  public static class OneTransfersOneOffers extends Race {

    private boolean transferred;
    private boolean offered;
    private Integer taken;

    @Operation(runOnce = true)
    public void consumer() throws InterruptedException {
      taken = take();
    }

    @Operation(runOnce = true)
    public void transferring() {
      transferred = handoff.tryTransfer(1);
    }

    @Operation(runOnce = true)
    public void offering() {
      offered = handoff.offer(2);
    }

    @Validate
    public void nothingIsLost() {
      check(sorted(transferred ? 1 : null, offered ? 2 : null), sorted(taken, handoff.poll()));
    }
  }

  /** A transfer before the close reaches the take, or nobody. */
  public static class OneTransfersOneCloses extends Race {

    private boolean transferred;
    private Integer taken;

    @Operation(runOnce = true)
    public void consumer() throws InterruptedException {
      taken = take();
    }

    @Operation(runOnce = true)
    public void transferring() {
      try {
        transferred = handoff.tryTransfer(1);
      } catch (HandoffClosedException e) {
        transferred = false;
      }
    }

    @Operation(runOnce = true)
    public void closer() {
      handoff.close();
    }

    @Validate
    public void nothingIsLost() throws InterruptedException {
      check(sorted(transferred ? 1 : null), sorted(taken, take()));
    }
  }

  /** One of the two is interrupted, if it is there yet. */
  public abstract static class Interrupted extends Race {

    private volatile Thread victim;

    @Operation(runOnce = true)
    public void interrupter() {
      Thread thread = victim;
      if (thread != null) {
        thread.interrupt();
      }
    }

    /** Calls what waits; it gives null if it was interrupted. */
    final <T> T interruptibly(Callable<T> wait) throws Exception {
      Thread.interrupted(); // by the interleaving before, which had ended
      victim = Thread.currentThread();
      try {
        return wait.call();
      } catch (InterruptedException e) {
        return null;
      } finally {
        victim = null;
      }
    }
  }

  /** The value is taken, or the consumer is interrupted and the value stays. */
  public static class InterruptedTake extends Interrupted {

    private Integer taken;

    @Operation(runOnce = true)
    public void producer() throws InterruptedException {
      put(1);
    }

    @Operation(runOnce = true)
    public void consumer() throws Exception {
      taken = interruptibly(this::take);
    }

    @Validate
    public void nothingIsLost() {
      check(sorted(1), sorted(taken, handoff.poll()));
    }
  }

  /** The value is put, or the producer is interrupted and it is not. */
  public static class InterruptedPut extends Interrupted {

    private Boolean put;
    private Integer taken;

    public InterruptedPut() throws InterruptedException {
      put(1);
    }

    @Operation(runOnce = true)
    public void producer() throws Exception {
      put = interruptibly(() -> put(2));
    }

    @Operation(runOnce = true)
    public void consumer() throws InterruptedException {
      taken = take();
    }

    @Validate
    public void nothingIsLost() {
      check(sorted(1, put == null ? null : 2), sorted(taken, handoff.poll()));
    }
  }
}
