package io.github.atomicwaker.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.atomicwaker.AtomicWaker;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A line server on Netty, in which a virtual thread serves each connection by blocking reads and
 * writes. Most connections are idle, and their threads are parked; some are busy. At the end the
 * clients close, reset or half-close their connections, and each thread has to notice.
 */
final class NettyBridge implements AutoCloseable {
  // All clients share one address, which has some 28,000 ports.
  private static final Option IDLE =
      new Option("idle", 10_000, 1, 20_000, "connections that are idle");
  private static final Option BUSY = new Option("busy", 100, 1, 5_000, "connections that are busy");
  private static final Option SECONDS =
      new Option("seconds", 12, 1, 3_600, "seconds for which those ask");
  static final List<Option> OPTIONS = List.of(IDLE, BUSY, SECONDS);

  private static final int LONGEST_LINE = 1024;

  /** The files that may be open beside the connections: classes, event loops, what is printed. */
  private static final int OTHER_FILES = 200;

  private final EventLoopGroup eventLoops =
      new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final NettyServer server;
  private final Duration patience;
  private final Progress progress;
  private final List<LineClient> clients = new ArrayList<>();

  /** How many handlers saw the end of their stream, and how many the loss of their connection. */
  private final AtomicInteger ended = new AtomicInteger();

  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicWaker handlerEnded = new AtomicWaker();

  /**
   * Starts the server.
   *
   * @param pipeline what a connection passes through before its handler
   */
  NettyBridge(Consumer<Channel> pipeline, Duration patience, Progress progress) {
    this.patience = patience;
    this.progress = progress;
    server =
        new NettyServer(
            eventLoops,
            channel -> {
              pipeline.accept(channel);
              BlockingChannel.serve(channel, this::serve);
            });
  }

  static void main(Progress progress) throws Exception {
    int busy = BUSY.value();
    int idle = fitting(IDLE.value(), busy, freeFiles(), progress);
    Duration time = Duration.ofSeconds(SECONDS.value());
    try (NettyBridge bridge = new NettyBridge(NettyBridge::splitLines, Load.PATIENCE, progress)) {
      bridge.run(idle, busy, time);
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

  /** Returns how many idle connections fit; says so if they are fewer than wanted. */
  static int fitting(int wanted, int busy, long freeFiles, Progress progress) throws Failure {
    long fit = (freeFiles - OTHER_FILES) / 2 - busy;
    if (fit >= wanted) {
      return wanted;
    }
    String why =
        "Both ends of a connection are in this process: %,d connections take %,d files, and only %,d more may be open (ulimit -n)."
            .formatted(wanted + busy, 2 * (wanted + busy), freeFiles);
    if (fit < 1) {
      throw new Failure(Failure.USAGE, why);
    }
    progress.line("%s%nSo %,d connections are idle, not %,d.".formatted(why, fit, wanted));
    return (int) fit;
  }

  /** Returns only if every reply was right, no connection was lost, and all handlers ended. */
  void run(int idle, int busy, Duration time) throws Exception {
    progress.line(
        "A virtual thread serves each of %,d idle and %,d busy connections to a Netty server."
            .formatted(idle, busy));
    long heapBefore = heap();
    open(idle);
    long perIdle = (heap() - heapBefore) / idle;
    open(busy);
    Load load = new Load(request -> true, busy, patience, progress);
    double perSecond =
        load.turn(
            time,
            "busy",
            "blocking handlers",
            (thread, request) -> clients.get(idle + thread - 1).ask(request));
    String verdict = load.verdict();
    int resets = end(idle);
    progress.line(
        """

        %s
        %,.0f replies per second came over the busy connections.
        The idle ones stayed open for %d seconds; each answered before and after.
        One takes %,d bytes of heap, with both of its ends and its thread.
        All %,d handlers ended: %,d by a reset, the others at the end of their stream."""
            .formatted(verdict, perSecond, time.toSeconds(), perIdle, clients.size(), resets));
  }

  private void open(int count) throws IOException, Failure {
    for (int i = 1; i <= count; i++) {
      LineClient client = new LineClient(server.port(), patience);
      clients.add(client);
      Request first = new Request(clients.size(), "first request");
      Load.check(first, client.ask(first));
      progress.live("%-14s %,12d connections".formatted("opening", clients.size()));
    }
  }

  /** Ends all connections, the idle ones in three ways by turns. Returns how many were reset. */
  private int end(int idle) throws IOException, Failure {
    int resets = 0;
    for (int i = 1; i <= idle; i++) {
      LineClient client = clients.get(i - 1);
      Request last = new Request(i, "last request");
      if (i % 3 == 0) {
        Load.check(last, client.askLast(last));
      } else {
        Load.check(last, client.ask(last));
        if (i % 3 == 1) {
          client.reset();
          resets++;
        }
      }
      progress.live("%-14s %,12d connections".formatted("ending", i));
    }
    for (LineClient client : clients) {
      client.close();
    }
    handlerEnded.awaitUninterruptibly(() -> ended.get() + lost.get() == clients.size(), patience);
    if (lost.get() != resets || ended.get() != clients.size() - resets) {
      throw new Failure(
          Failure.WRONG,
          "%,d of %,d connections were reset, but %,d handlers saw a loss, and %,d the end"
              .formatted(resets, clients.size(), lost.get(), ended.get()));
    }
    return resets;
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Override
  public void close() throws IOException {
    try {
      for (LineClient client : clients) {
        client.close();
      }
      server.close();
    } finally {
      eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }
}
