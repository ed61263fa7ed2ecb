package io.github.atomicwaker.samples.multiplexer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.WakerGroup;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Reply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample's own checks, with servers that are good and servers that are not. */
@Timeout(60)
class MultiplexerTest {
  private static final int THREADS = 50;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void everyReplyOfAGoodServerIsRight() throws Exception {
    run(replies -> replies);
    assertTrue(printed.toString().contains("none is missing, none is wrong"), printed.toString());
  }

  @Test
  void oneThreadAloneIsServedToo() throws Exception {
    run(1, replies -> replies);
  }

  @Test
  void aReplyThatIsDroppedIsMissed() {
    Failure failure = failure(once(replies -> replies.subList(1, replies.size())));
    assertMessage(failure, "1 of 50 threads still wait", "no reply came to");
  }

  @Test
  void aWrongReplyIsFound() {
    Failure failure =
        failure(
            once(
                replies -> {
                  replies.set(0, new Reply(replies.get(0).number(), "nonsense"));
                  return replies;
                }));
    assertMessage(failure, "got the wrong reply", "nonsense");
  }

  @Test
  void twoRepliesThatAreSwappedAreFound() {
    Failure failure =
        failure(
            once(
                replies -> {
                  Reply first = replies.get(0);
                  Reply second = replies.get(1);
                  replies.set(0, new Reply(first.number(), second.text()));
                  replies.set(1, new Reply(second.number(), first.text()));
                  return replies;
                }));
    assertMessage(failure, "got the wrong reply");
  }

  @Test
  void aReplyThatComesTwiceIsFound() {
    Failure failure =
        failure(
            once(
                replies -> {
                  List<Reply> twice = new ArrayList<>(replies);
                  twice.addAll(replies);
                  return twice;
                }));
    assertMessage(failure, "the connection is lost", "nobody waits for the reply");
  }

  @Test
  void aServerThatHangsUpFailsEveryCaller() {
    Failure failure =
        failure(
            once(
                replies -> {
                  throw new IllegalStateException("hangs up");
                }));
    assertMessage(failure, "the connection is lost");
  }

  private void run(UnaryOperator<List<Reply>> mischief) throws Exception {
    run(THREADS, mischief);
  }

  private void run(int threads, UnaryOperator<List<Reply>> mischief) throws Exception {
    Console console = new Console(new PrintStream(printed, true), false);
    Duration turn = Duration.ofMillis(50);
    Duration patience = Duration.ofSeconds(2);
    try (var server = new ShufflingServer(1, mischief);
        var connection = new Connection(server.port(), WakerGroup.named("requests"))) {
      new Multiplexer(connection, threads, turn, patience, console).run(1, 3);
    }
  }

  private Failure failure(UnaryOperator<List<Reply>> mischief) {
    Failure failure = assertThrows(Failure.class, () -> run(mischief));
    assertEquals(Failure.WRONG, failure.status);
    return failure;
  }

  /** Does it to the first replies, held back until there are two: many threads ask. */
  private static UnaryOperator<List<Reply>> once(UnaryOperator<List<Reply>> mischief) {
    List<Reply> first = new ArrayList<>(); // the server's thread alone comes here
    return replies -> {
      if (first.size() > 1) {
        return replies;
      }
      first.addAll(replies);
      return first.size() > 1 ? mischief.apply(new ArrayList<>(first)) : List.of();
    };
  }

  private static void assertMessage(Failure failure, String... parts) {
    String message = failure.getMessage() + " " + failure.getCause();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
