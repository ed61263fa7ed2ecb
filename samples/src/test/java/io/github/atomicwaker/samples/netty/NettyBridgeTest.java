package io.github.atomicwaker.samples.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.samples.Samples;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Load;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample and its checks, with servers that are good and servers that are not. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // of Netty: the tests look at what comes back
class NettyBridgeTest {
  private static final Map<String, String> OPTIONS =
      Map.of("idle", "20", "busy", "5", "seconds", "1");

  private static final Spoiler WRONG_REPLIES =
      new Spoiler() {
        @Override
        void write(ChannelHandlerContext context, ByteBuf reply, ChannelPromise sent) {
          context.write(reply.setByte(reply.writerIndex() - 2, '?'), sent);
        }
      };

  /** Of clients that wait for a reply that does not come; no other has to come within it. */
  private static final Duration SHORT = Duration.ofMillis(500);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Console console = new Console(new PrintStream(printed, true), false);

  @AfterEach
  void clear() {
    OPTIONS.keySet().forEach(System::clearProperty);
  }

  @Test
  void theSampleChecksEveryReplyAndEveryEnd() throws Exception {
    OPTIONS.forEach(System::setProperty);
    NettyBridge.SAMPLE.body().run(new Console(new PrintStream(printed, true), false));
    String text = printed.toString();
    assertTrue(text.contains("each of 20 idle and 5 busy connections"), text);
    assertTrue(text.contains("none is missing, none is wrong"), text);
    assertTrue(text.contains("All 25 handlers ended: 7 by a reset"), text);
  }

  @Test
  void whatTheClientsFindInTheirOwnProcessIsFound() throws Exception {
    try (NettyBridge bridge = bridge(2, WRONG_REPLIES)) {
      Failure failure =
          assertThrows(
              Failure.class, () -> NettyClients.runInOwnProcess(bridge.port(), 2, 1, 1, console));
      assertEquals(Failure.WRONG, failure.status);
    }
    String text = printed.toString();
    assertTrue(text.contains("\"1 first request\" got the wrong reply"), text);
  }

  @Test
  void theClientsEndWithTheProcessThatStartedThem() throws Exception {
    Process sample =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "-Didle=20",
                "-Dseconds=3600",
                Samples.class.getName(),
                "NettyBridge")
            .start();
    List<ProcessHandle> clients = List.of();
    // Another thread reads, since an interrupt ends no read from a process.
    FutureTask<@Nullable Void> busy =
        new FutureTask<>(
            () -> {
              try (BufferedReader output = sample.inputReader()) {
                while (!output.readLine().startsWith("busy ")) {}
              }
              return null;
            });
    Thread reader = Thread.ofPlatform().daemon().start(busy);
    try {
      busy.get();
      clients = sample.children().toList();
      sample.destroyForcibly();
      assertEquals(1, clients.size());
      clients.get(0).onExit().get(10, SECONDS);
    } finally {
      sample.destroyForcibly();
      clients.forEach(ProcessHandle::destroyForcibly);
      reader.join();
    }
  }

  @Test
  void aReplyThatIsMissingIsMissed() {
    assertFails("no reply came to \"", 20, SHORT, dropping(reply -> reply.contains(" sksa ")));
  }

  @Test
  void anIdleConnectionThatDoesNotAnswerIsFound() {
    assertFails(
        "no reply came to \"1 first request\"",
        20,
        SHORT,
        dropping(reply -> reply.startsWith("1 tseuqer tsrif")));
  }

  @Test
  void anIdleConnectionThatIsLostIsFound() {
    assertFails(
        "no reply came to \"7 last request\"",
        new Spoiler() {
          @Override
          void write(ChannelHandlerContext context, ByteBuf reply, ChannelPromise sent) {
            if (reply.toString(UTF_8).startsWith("7 tseuqer tsrif")) {
              sent.addListener(ChannelFutureListener.CLOSE);
            }
            context.write(reply, sent);
          }
        });
  }

  @Test
  void aWrongReplyIsFound() {
    assertFails("\"1 first request\" got the wrong reply", WRONG_REPLIES);
  }

  @Test
  void aReplyAfterTheLastIsFound() {
    assertFails(
        "\"3 last request\"",
        new Spoiler() {
          @Override
          void write(ChannelHandlerContext context, ByteBuf reply, ChannelPromise sent) {
            if (reply.toString(UTF_8).startsWith("3 tseuqer tsal")) {
              context.write(reply.retainedDuplicate());
            }
            context.write(reply, sent);
          }
        });
  }

  @Test
  void aHandlerThatIsNotToldOfTheEndIsFound() {
    assertFails(
        "1 of 3 connections were reset, but 3 handlers saw a loss, and 0 the end",
        2,
        Load.PATIENCE,
        new Spoiler() {
          @Override
          public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
              context.close();
            }
          }
        });
  }

  @Test
  void thereAreAsManyIdleConnectionsAsFilesAllow() throws Exception {
    assertEquals(10_000, NettyBridge.fitting(10_000, 100, 1_000_000, console));
    assertEquals("", printed.toString());
    assertEquals(9_700, NettyBridge.fitting(10_000, 100, 10_000, console));
    String text = printed.toString();
    assertTrue(text.contains("10,100 connections take as many files in either process"), text);
    assertTrue(text.contains("only 10,000 more may be open"), text);
    assertTrue(text.contains("So 9,700 connections are idle"), text);
    Failure failure =
        assertThrows(Failure.class, () -> NettyBridge.fitting(10_000, 100, 300, console));
    assertEquals(Failure.USAGE, failure.status);
  }

  private static class Spoiler extends ChannelDuplexHandler {
    void write(ChannelHandlerContext context, ByteBuf reply, ChannelPromise sent) {
      context.write(reply, sent);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise sent) {
      if (message instanceof ByteBuf reply && reply.isReadable()) {
        write(context, reply, sent);
      } else {
        context.write(message, sent);
      }
    }

    @Override
    public boolean isSharable() {
      return true;
    }
  }

  private static Spoiler dropping(Predicate<String> replies) {
    return new Spoiler() {
      @Override
      void write(ChannelHandlerContext context, ByteBuf reply, ChannelPromise sent) {
        if (replies.test(reply.toString(UTF_8))) {
          reply.release();
          sent.setSuccess();
        } else {
          context.write(reply, sent);
        }
      }
    };
  }

  private void assertFails(String message, Spoiler spoiler) {
    assertFails(message, 20, Load.PATIENCE, spoiler);
  }

  private void assertFails(String message, int idle, Duration patience, Spoiler spoiler) {
    Exception failure =
        assertThrows(
            Exception.class,
            () -> {
              try (NettyBridge bridge = bridge(idle, spoiler);
                  var clients = new NettyClients(bridge.port(), patience, console)) {
                clients.run(idle, 1, Duration.ofMillis(100));
                bridge.verdict();
              }
            });
    String messages = failure.getMessage() + " " + failure.getCause();
    assertTrue(messages.contains(message), messages);
  }

  private static NettyBridge bridge(int idle, Spoiler spoiler) {
    return new NettyBridge(
        idle,
        1,
        channel -> {
          NettyBridge.splitLines(channel);
          channel.pipeline().addLast(spoiler);
        },
        Load.PATIENCE);
  }
}
