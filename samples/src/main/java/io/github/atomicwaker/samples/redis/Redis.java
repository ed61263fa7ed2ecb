package io.github.atomicwaker.samples.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.atomicwaker.OneShot;
import io.github.atomicwaker.WakerGroup;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.RedisBulkStringAggregator;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A client of Redis that any number of threads share, over one TCP connection. Each of them blocks
 * until its own reply has come. If the connection is lost, every call that waits for it fails, and
 * the client connects again after a delay, for which new calls wait: twice as long each time, up to
 * a second, until there is a reply again. So callers that just try again don't storm a server that
 * is gone. Values are text.
 *
 * <p>Callers touch the outbox only; all else happens in the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails comes to exceptionCaught
final class Redis implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final Duration FIRST_DELAY = Duration.ofMillis(1);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);

  /** The reply that there is no value. */
  private static final Object NIL = new Object();

  private final WakerGroup calls;
  private final Duration firstDelay;
  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Bootstrap bootstrap;
  private final Queue<Call> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean sending = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * What was written, in this order, and has no reply: Redis answers in order. A caller that gives
   * up leaves its call here, or its reply would go to the next one.
   */
  private final Queue<Call> unanswered = new ArrayDeque<>();

  /** Null while there is no connection. */
  private @Nullable Channel channel;

  /** How long the next connection waits before it connects. */
  private Duration delay;

  /** Redis refused a command. That concerns its caller alone: the connection stays. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Makes a client of the Redis on that port of loopback, which need not be there yet.
   *
   * @param calls the group of the wakers that callers wait on
   */
  Redis(int port, WakerGroup calls) {
    this(port, calls, FIRST_DELAY);
  }

  Redis(int port, WakerGroup calls, Duration firstDelay) {
    this.calls = calls;
    this.firstDelay = firstDelay;
    this.delay = firstDelay;
    bootstrap =
        new Bootstrap()
            .group(eventLoop)
            .channel(NioSocketChannel.class)
            .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new RedisDecoder(), new RedisBulkStringAggregator(), new Connection());
                  }
                });
    eventLoop.execute(this::connect);
  }

  /**
   * Sends a command and blocks until its reply has come.
   *
   * @return the reply as text; null if Redis has no value
   * @throws Refused if the reply is an error
   * @throws TimeoutException if there is no reply in time; Redis may still carry out the command
   * @throws IOException if the connection is lost meanwhile; Redis may have carried it out
   */
  @Nullable String call(Duration timeout, String... command)
      throws IOException, TimeoutException, InterruptedException {
    return await(begin(command), timeout);
  }

  /** Queues a command. */
  Call begin(String... command) {
    Call call = new Call(calls, command);
    outbox.add(call);
    if (sending.compareAndSet(false, true)) {
      try {
        eventLoop.execute(this::send);
      } catch (RejectedExecutionException closedBefore) {
        // No reply comes to this call: it finds that the client is closed.
      }
    }
    return call;
  }

  /** Blocks until the reply has come, as {@link #call} does. */
  @Nullable String await(Call call, Duration timeout)
      throws IOException, TimeoutException, InterruptedException {
    Object reply;
    try {
      // A close sets this, then fails the outbox: it fails this call, or this call finds it set.
      reply = call.reply.get(closed ? Duration.ZERO : timeout);
    } catch (ExecutionException lost) {
      Throwable cause = lost.getCause();
      throw new IOException("the connection to Redis is lost: " + cause, cause);
    } catch (TimeoutException e) {
      if (closed) {
        throw new IOException("the client is closed", e);
      }
      throw e;
    }
    if (reply instanceof ErrorRedisMessage error) {
      throw new Refused(error.content());
    }
    return reply == NIL ? null : reply.toString();
  }

  /** Returns whether every call fails at once from now on: a caller that tries again has to ask. */
  boolean isClosed() {
    return closed;
  }

  /** Fails all calls. Returns when the connection is closed and the event loop has ended. */
  @Override
  public synchronized void close() { // two at once would both submit, one of them too late
    closed = true;
    if (!eventLoop.isShuttingDown()) {
      eventLoop.submit(() -> lose(new IOException("closed"))).syncUninterruptibly();
      eventLoop.shutdownGracefully(0, 1, SECONDS).syncUninterruptibly();
    }
  }

  /** A command, and where its caller waits for the reply. */
  static final class Call {
    private final String[] command;
    private final OneShot<Object> reply;

    Call(WakerGroup calls, String... command) {
      this.command = command;
      this.reply = new OneShot<>(calls);
    }

    boolean isComplete() {
      return reply.isDone();
    }
  }

  private void connect() {
    bootstrap
        .connect()
        .addListener(
            connected -> {
              if (!connected.isSuccess()) { // elsewhere, if no socket could be opened
                eventLoop.execute(() -> lose(connected.cause()));
              }
            });
  }

  /** Writes all calls at once: many go out in one packet. */
  private void send() {
    sending.set(false); // before the first poll: a call that is added later sends again
    if (channel == null) {
      return; // a connection sends what is here
    }
    ByteBuf packet = channel.alloc().buffer();
    try {
      for (Call call; (call = outbox.poll()) != null; ) {
        unanswered.add(call);
        write(packet, call.command);
      }
    } catch (Throwable notWritten) { // or the next reply would go to a call that was not sent
      packet.release();
      channel.pipeline().fireExceptionCaught(notWritten);
      return;
    }
    channel.writeAndFlush(packet, channel.voidPromise());
  }

  /** A command is an array of strings; each has its length in bytes before it. */
  private static void write(ByteBuf packet, String... command) {
    ByteBufUtil.writeAscii(packet, "*" + command.length + "\r\n");
    for (String word : command) {
      ByteBufUtil.writeAscii(packet, "$" + ByteBufUtil.utf8Bytes(word) + "\r\n");
      ByteBufUtil.writeUtf8(packet, word);
      ByteBufUtil.writeAscii(packet, "\r\n");
    }
  }

  /** Ends every call, and connects again. */
  private void lose(Throwable cause) {
    channel = null;
    // First all of them are taken: a caller that fails may call again at once, for the next one.
    for (Call call; (call = outbox.poll()) != null; ) {
      unanswered.add(call);
    }
    for (Call call; (call = unanswered.poll()) != null; ) {
      call.reply.fail(cause);
    }
    if (!closed) {
      eventLoop.schedule(this::connect, delay.toNanos(), NANOSECONDS);
      Duration next = delay.multipliedBy(2);
      delay = next.compareTo(LONGEST_DELAY) < 0 ? next : LONGEST_DELAY;
    }
  }

  /** One connection, until its loss. */
  private final class Connection extends ChannelInboundHandlerAdapter {
    private @Nullable Throwable failure;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      channel = context.channel();
      send();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message)
        throws ProtocolException {
      try {
        if (failure == null) { // the replies behind nonsense are nobody's
          Object reply = reply(message);
          Call call = unanswered.poll();
          if (call == null) {
            throw new ProtocolException("no call waits for the reply " + message);
          }
          delay = firstDelay;
          call.reply.complete(reply);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private static Object reply(Object message) throws ProtocolException {
      return switch (message) {
        case SimpleStringRedisMessage text -> text.content();
        case IntegerRedisMessage number -> Long.toString(number.value());
        case FullBulkStringRedisMessage text ->
            text.isNull() ? NIL : text.content().toString(UTF_8);
        case ErrorRedisMessage error -> error;
        default -> throw new ProtocolException("no reply of this client's commands: " + message);
      };
    }

    /** The first cause is kept. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (failure == null) {
        failure = cause;
      }
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      lose(failure == null ? new EOFException("the server closed the connection") : failure);
    }
  }
}
