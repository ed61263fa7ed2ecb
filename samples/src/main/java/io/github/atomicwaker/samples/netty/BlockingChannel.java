package io.github.atomicwaker.samples.netty;

import io.github.atomicwaker.AtomicWaker;
import io.github.atomicwaker.WakerGroup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A Netty channel for plain blocking code. {@link #read} parks its thread until the event loop
 * brings a buffer, {@link #write} while the peer is too slow for what was written before; the event
 * loop only wakes them, and never waits. One thread at a time may read, and one may write; any may
 * close.
 *
 * <p>Neither direction buffers without bound: the socket is read, once, only when a reader finds
 * nothing, and so the peer's writes stop while the reader lags; while the peer lags, the writer
 * parks. How much may wait to be written is the channel's {@link
 * ChannelOption#WRITE_BUFFER_WATER_MARK}.
 */
final class BlockingChannel implements AutoCloseable {

  /** How long a close waits for a peer that does not take what was written. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private static final WakerGroup READS = WakerGroup.named("netty-reads");
  private static final WakerGroup WRITES = WakerGroup.named("netty-writes");

  private final Channel channel;
  private final Duration linger;

  private final AtomicWaker readable = new AtomicWaker(READS);
  private final Queue<ByteBuf> inbox = new ConcurrentLinkedQueue<>();
  private volatile boolean ended;

  private final AtomicWaker writable = new AtomicWaker(WRITES);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** What serves a connection, in a virtual thread of its own. */
  @FunctionalInterface
  interface Handler {
    void serve(BlockingChannel channel) throws IOException, InterruptedException;
  }

  /**
   * Lets a handler serve a channel, which is closed when the handler ends. Call it from a {@link
   * io.netty.channel.ChannelInitializer}, when all decoders are in the pipeline.
   */
  static void serve(Channel channel, Handler handler) {
    BlockingChannel blocking = new BlockingChannel(channel, LINGER);
    Thread.ofVirtual()
        .name("netty-handler")
        .start(
            () -> {
              try (blocking) {
                handler.serve(blocking);
              } catch (IOException | InterruptedException ended) {
                // The connection is closed, and so the peer knows.
              }
            });
  }

  BlockingChannel(Channel channel, Duration linger) {
    this.channel = channel;
    this.linger = linger;
    channel.config().setAutoRead(false);
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.pipeline().addLast(new Events());
  }

  /**
   * Blocks until the peer has sent something.
   *
   * @return a buffer, to be released by the caller; null if the peer has ended its stream; writes
   *     then still work
   * @throws IOException if the connection is lost or closed
   */
  @Nullable ByteBuf read() throws IOException, InterruptedException {
    if (!isReadable()) {
      channel.read();
      readable.await(this::isReadable);
    }
    ByteBuf buffer = inbox.poll();
    if (buffer == null && failure.get() != null) {
      throw lost();
    }
    return buffer;
  }

  private boolean isReadable() {
    return !inbox.isEmpty() || ended || failure.get() != null;
  }

  /**
   * Writes a buffer, and releases it in any case. Blocks before that while too much is still to go
   * out. That the write fails is thrown by a later call.
   *
   * @throws IOException if the connection is lost or closed
   */
  void write(ByteBuf buffer) throws IOException, InterruptedException {
    try {
      writable.await(() -> channel.isWritable() || failure.get() != null);
      if (failure.get() != null) {
        throw lost();
      }
    } catch (Throwable notWritten) {
      buffer.release();
      throw notWritten;
    }
    channel
        .writeAndFlush(buffer)
        .addListener(
            write -> {
              if (!write.isSuccess()) {
                fail(write.cause());
              }
            });
  }

  /**
   * Ends reads and writes, waits until what was written before has gone out, and closes. This waits
   * only a few seconds for a peer that does not take it; so don't call this in the event loop. What
   * was not read is dropped.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // it is closed, or about to be
  @Override
  public void close() {
    fail(new ClosedChannelException());
    AtomicWaker closed = new AtomicWaker();
    channel.closeFuture().addListener(future -> closed.wake());
    // Netty's own close drops what has not gone out; this write comes after all others.
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    if (!closed.awaitUninterruptibly(() -> !channel.isOpen(), linger)) {
      channel.close();
    }
  }

  /** Ends reads and writes; the first cause is kept. */
  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
    readable.wake();
    writable.wake();
  }

  private IOException lost() {
    return new IOException("the connection is lost: " + failure.get(), failure.get());
  }

  /** The events of the event loop: each first changes the state, then wakes. */
  private final class Events extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      inbox.add((ByteBuf) message);
      readable.wake();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        ended = true;
        readable.wake();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      writable.wake();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(cause);
    }

    /** Nothing is added to the inbox after this. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
      fail(new ClosedChannelException());
      for (ByteBuf buffer; (buffer = inbox.poll()) != null; ) {
        buffer.release();
      }
    }
  }
}
