package io.github.atomicwaker.samples.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.samples.common.Console;
import io.github.atomicwaker.samples.common.Failure;
import io.github.atomicwaker.samples.common.Load;
import io.github.atomicwaker.samples.common.Option;
import io.github.atomicwaker.samples.common.Reply;
import io.github.atomicwaker.samples.common.Request;
import io.github.atomicwaker.samples.common.Sample;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A line server on Netty, in which a virtual thread serves each connection by blocking reads and
 * writes. Most connections are idle, and their threads are parked; some are busy. At the end the
 * clients, which are another process, close, reset or half-close their connections, and each thread
 * has to notice.
 */
public final class NettyBridge implements AutoCloseable {
  // All clients share one address, which has some 28,000 ports.
  private static final Option IDLE =
      new Option("idle", 10_000, 1, 20_000, "connections that are idle");
  private static final Option BUSY = new Option("busy", 100, 1, 5_000, "connections that are busy");
  private static final Option SECONDS =
      new Option("seconds", 12, 1, 3_600, "seconds for which those ask");
  public static final Sample SAMPLE =
      new Sample(
          "NettyBridge",
          "a Netty server with a blocking handler for each of 10,000 connections",
          List.of(IDLE, BUSY, SECONDS),
          NettyBridge::main);

  private static final int LONGEST_LINE = 1024;

  /** The files that may be open besides the connections: classes, event loops, what is printed. */
  private static final int OTHER_FILES = 200;

  private final int idle;
  private final int connections;
  private final Duration patience;
  private final EventLoopGroup eventLoops =
      new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final NettyServer server;

  private final long heapBefore = heap();
  private volatile long heapOfIdle;

  private final AtomicInteger started = new AtomicInteger();

  /** How many handlers saw the end of their stream, and how many the loss of their connection. */
  private final AtomicInteger ended = new AtomicInteger();

  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicWaker handlerEnded = new AtomicWaker();

  /**
   * Starts the server.
   *
   * @param pipeline what a connection passes through before its handler
   */
  NettyBridge(int idle, int busy, Consumer<Channel> pipeline, Duration patience) {
    this.idle = idle;
    this.connections = idle + busy;
    this.patience = patience;
    server =
        new NettyServer(
            eventLoops,
            channel -> {
              pipeline.accept(channel);
              BlockingChannel.serve(channel, this::serve);
            });
  }

  private static void main(Console console) throws Exception {
    int busy = BUSY.value();
    int idle = fitting(IDLE.value(), busy, freeFiles(), console);
    int seconds = SECONDS.value();
    console.line(
        "A virtual thread serves each of %,d idle and %,d busy connections to a Netty server."
            .formatted(idle, busy));
    try (var bridge = new NettyBridge(idle, busy, NettyBridge::splitLines, Load.PATIENCE)) {
      NettyClients.runInOwnProcess(bridge.port(), idle, busy, seconds, console);
      console.line(bridge.verdict());
    }
  }

  static void splitLines(Channel channel) {
    channel.pipeline().addLast(new LineBasedFrameDecoder(LONGEST_LINE));
  }

  /** A handler: plain blocking code. */
  static void answer(BlockingChannel channel) throws IOException, InterruptedException {
    for (ByteBuf line; (line = channel.read()) != null; ) {
      channel.write(reply(line));
    }
  }

  private static ByteBuf reply(ByteBuf line) {
    try {
      Reply reply = Request.parse(line.toString(UTF_8)).answer();
      return ByteBufUtil.writeUtf8(line.alloc(), reply + "\n");
    } finally {
      line.release();
    }
  }

  private void serve(BlockingChannel channel) throws IOException, InterruptedException {
    if (started.incrementAndGet() == idle) {
      // The next client connects only when this handler has answered.
      heapOfIdle = heap() - heapBefore;
    }
    AtomicInteger end = lost;
    try {
      answer(channel);
      end = ended;
    } finally {
      end.incrementAndGet();
      handlerEnded.wake();
    }
  }

  /** How many files this process may still open. */
  private static long freeFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /**
   * Returns how many idle connections fit; prints it if they are fewer than wanted. As many fit
   * into the clients' process: it has the same limit.
   */
  static int fitting(int wanted, int busy, long freeFiles, Console console) throws Failure {
    long fit = freeFiles - OTHER_FILES - busy;
    if (fit >= wanted) {
      return wanted;
    }
    String why =
        "%,d connections take as many files in either process, and other things up to %,d; only %,d more may be open (ulimit -n)."
            .formatted(wanted + busy, OTHER_FILES, freeFiles);
    if (fit < 1) {
      throw new Failure(Failure.USAGE, why);
    }
    console.line("%s%nSo %,d connections are idle, not %,d.".formatted(why, fit, wanted));
    return (int) fit;
  }

  int port() {
    return server.port();
  }

  /**
   * Returns the result in words when the clients have ended; throws unless all handlers have ended.
   */
  String verdict() throws Failure {
    handlerEnded.awaitUninterruptibly(() -> ended.get() + lost.get() == connections, patience);
    int resets = NettyClients.resets(idle);
    if (lost.get() != resets || ended.get() != connections - resets) {
      throw new Failure(
          Failure.WRONG,
          "%,d of %,d connections were reset, but %,d handlers saw a loss, and %,d the end"
              .formatted(resets, connections, lost.get(), ended.get()));
    }
    return """
        One takes %,d bytes of the server's heap, with its thread.
        All %,d handlers ended: %,d by a reset, the others at the end of their stream."""
        .formatted(heapOfIdle / idle, connections, resets);
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Returns when all connections are closed; first close their clients. */
  @Override
  public void close() {
    try {
      server.close();
    } finally {
      eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }
}
