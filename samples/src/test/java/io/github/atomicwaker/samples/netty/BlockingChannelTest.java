package io.github.atomicwaker.samples.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.atomicwaker.samples.common.Closing;
import io.github.atomicwaker.samples.common.ParkedThread;
import io.github.atomicwaker.samples.common.Reply;
import io.github.atomicwaker.samples.common.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ResourceLeakDetector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking code over an event loop: the order, the bounds, and each way to end. None may leak. */
@Timeout(20)
@SuppressWarnings(
    "FutureReturnValueIgnored") // that of a close by Netty: the tests look at what it does
class BlockingChannelTest {

  /** The buffers of the operating system: full soon, but larger than a packet on loopback. */
  private static final int SYSTEM_BUFFER = 128 * 1024;

  private static final int SOCKET_READ = 64 * 1024;
  private static final int WATER_MARK = 64 * 1024;

  private static final int LINES = 500;
  private static final int FRAME = 1_000;
  private static final int FRAMES = 4_000;
  private static final int TOO_MUCH = FRAMES * FRAME;

  private static final Duration FOREVER = Duration.ofDays(1);

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final EventLoopGroup eventLoops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<AutoCloseable> closeables = new ArrayList<>();

  private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
  private final CompletableFuture<BlockingChannel> served = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicInteger written = new AtomicInteger();
  private volatile @Nullable Thread handlerThread;

  @BeforeAll
  static void logWhereLeaksComeFrom() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @AfterEach
  void nothingHasLeaked() {
    closeables.addFirst(Closing.interrupting(executor));
    closeables.addFirst(() -> eventLoops.shutdownGracefully(0, 5, SECONDS).sync());
    Closing.all(closeables.reversed().toArray(AutoCloseable[]::new));
    assertEquals(0, buffered(), "bytes not released");
  }

  @Test
  void everyLineOfManyClientsIsAnsweredInOrder() throws Exception {
    NettyServer server =
        server(
            channel -> {
              NettyBridge.splitLines(channel);
              BlockingChannel.serve(channel, NettyBridge::answer);
            });
    List<Future<?>> clients = new ArrayList<>();
    for (int id = 1; id <= 10; id++) {
      Socket client = connect(server);
      String question = "client " + id;
      clients.add(
          executor.submit(
              () -> {
                for (int i = 1; i <= LINES; i++) {
                  client.getOutputStream().write((new Request(i, question) + "\n").getBytes(UTF_8));
                }
                return null;
              }));
      clients.add(
          executor.submit(
              () -> {
                var in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
                for (int i = 1; i <= LINES; i++) {
                  assertEquals(new Request(i, question).answer(), Reply.parse(in.readLine()));
                }
                return null;
              }));
    }
    for (Future<?> client : clients) {
      client.get();
    }
  }

  @Test
  void aWriterParksUntilThePeerReads() throws Exception {
    Socket client = serve(this::writeFrames);
    assertTrue(settled(written) < FRAMES, "all is written");
    assertTrue(buffered() <= WATER_MARK + 2 * FRAME, buffered() + " bytes wait to be written");
    assertFrames(client);
  }

  @Test
  void whileTheReaderLagsThePeerIsStopped() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Socket client =
        serve(
            channel -> channel.pipeline().addLast(new FixedLengthFrameDecoder(FRAME)),
            channel -> {
              for (int i = 0; i < FRAMES; i++) {
                requireNonNull(channel.read()).release();
                if (i < 20) {
                  accepted.join().eventLoop().submit(() -> {}).sync(); // what is to be read is read
                } else {
                  go.await();
                }
              }
            });
    AtomicInteger sent = new AtomicInteger();
    Future<?> sender = send(client, sent);
    assertTrue(settled(sent) < FRAMES, "all is sent");
    // A decoder copies what is left of one read to a larger buffer that has room for the next.
    assertTrue(buffered() <= 4 * SOCKET_READ, buffered() + " bytes wait for the reader");
    go.countDown();
    sender.get();
    awaitEnd();
  }

  @Test
  void aReaderThatKeepsUpGetsEverything() throws Exception {
    Socket client = serve(BlockingChannelTest::readFrames);
    send(client, new AtomicInteger()).get();
    awaitEnd();
  }

  @Test
  void afterTheEndOfTheStreamWritesStillWork() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    Socket client =
        serve(
            channel -> channel.pipeline().addLast(counting(reads)),
            channel -> {
              assertEquals("first", text(requireNonNull(channel.read())));
              assertNull(channel.read());
              assertNull(channel.read());
              go.await();
              channel.write(buffer("last"));
            });
    client.getOutputStream().write("first".getBytes(UTF_8));
    client.shutdownOutput();
    assertTrue(settled(reads) < 10, "the event loop reads on and on: " + reads);
    go.countDown();
    assertEquals("last", new String(client.getInputStream().readAllBytes(), UTF_8));
    awaitEnd();
  }

  @Test
  void theEndOfTheStreamComesAfterWhatWasSent() throws Exception {
    Socket client =
        serve(
            channel -> {
              readFrames(channel);
              assertNull(channel.read());
            });
    send(client, new AtomicInteger()).get();
    client.shutdownOutput();
    awaitEnd();
  }

  @Test
  void aResetEndsAReader() throws Exception {
    Socket client = serve(BlockingChannel::read);
    awaitParked();
    reset(client);
    assertInstanceOf(SocketException.class, loss().getCause());
  }

  @Test
  void aResetEndsAWriter() throws Exception {
    Socket client = serve(this::writeTooMuch);
    awaitParked();
    reset(client);
    assertInstanceOf(IOException.class, loss().getCause());
  }

  @Test
  void aCloseByAnotherThreadEndsAReader() throws Exception {
    Socket client = serve(BlockingChannel::read);
    awaitParked();
    served.get().close();
    assertInstanceOf(ClosedChannelException.class, loss().getCause());
    assertEquals(-1, client.getInputStream().read());
  }

  @Test
  void aCloseByAnotherThreadEndsAWriterAndWhatIsWrittenGoesOut() throws Exception {
    Socket client = serve(this::writeTooMuch);
    awaitParked();
    Future<?> closing = executor.submit(served.get()::close);
    assertInstanceOf(ClosedChannelException.class, loss().getCause());
    assertFalse(closing.isDone());
    assertEquals(written.get() * TOO_MUCH, client.getInputStream().readAllBytes().length);
    closing.get();
  }

  /** As an idle-state handler does, or an event loop that is shut down. */
  @Test
  void aCloseByNettyEndsAReader() throws Exception {
    serve(BlockingChannel::read);
    awaitParked();
    accepted.get().close();
    assertInstanceOf(ClosedChannelException.class, loss().getCause());
  }

  @Test
  void aCloseByNettyEndsAWriter() throws Exception {
    serve(this::writeTooMuch);
    awaitParked();
    accepted.get().close();
    assertInstanceOf(ClosedChannelException.class, loss().getCause());
  }

  @Test
  void whatWasWrittenGoesOutAfterTheHandlerHasEnded() throws Exception {
    Socket client = serve(channel -> channel.write(tooMuch()));
    awaitEnd();
    assertTrue(accepted.get().isOpen());
    assertEquals(TOO_MUCH, client.getInputStream().readAllBytes().length);
  }

  @Test
  void aCloseReturnsOnceAllHasGoneOut() throws Exception {
    Socket client =
        connect(server(channel -> served.complete(new BlockingChannel(channel, FOREVER))));
    served.get().write(tooMuch());
    Future<?> closing = CompletableFuture.runAsync(served.get()::close);
    assertEquals(TOO_MUCH, client.getInputStream().readAllBytes().length);
    closing.get(10, SECONDS);
  }

  @Test
  void aCloseGivesUpOnAPeerThatDoesNotRead() throws Exception {
    connect(
        server(channel -> served.complete(new BlockingChannel(channel, Duration.ofMillis(100)))));
    BlockingChannel channel = served.get();
    channel.write(tooMuch());
    channel.close();
    assertThrows(IOException.class, () -> channel.write(buffer("too late")));
    assertThrows(IOException.class, channel::read);
    channel.close();
  }

  @Test
  void whatWasNotReadIsReleased() throws Exception {
    CompletableFuture<Long> unread = new CompletableFuture<>();
    Socket client =
        serve(
            NettyBridge::splitLines,
            channel -> {
              requireNonNull(channel.read()).release();
              unread.complete(buffered());
            });
    client.getOutputStream().write("read\nnot read\n".getBytes(UTF_8));
    awaitEnd();
    assertTrue(unread.get() > 0);
  }

  @Test
  void anErrorOfADecoderEndsAReader() throws Exception {
    Socket client =
        serve(
            channel -> channel.pipeline().addLast(new LineBasedFrameDecoder(10)),
            BlockingChannel::read);
    client.getOutputStream().write("longer than ten\n".getBytes(UTF_8));
    assertInstanceOf(TooLongFrameException.class, loss().getCause());
    assertEquals(-1, client.getInputStream().read());
  }

  @Test
  void aWriteThatFailsIsToldToAReader() throws Exception {
    Socket client =
        serve(
            channel -> channel.pipeline().addLast(new FailingEncoder()),
            channel -> {
              channel.write(buffer("anything"));
              channel.read();
            });
    assertInstanceOf(UnsupportedOperationException.class, loss().getCause());
    assertEquals(-1, client.getInputStream().read());
  }

  @Test
  void anInterruptEndsAReader() throws Exception {
    serve(BlockingChannel::read);
    awaitParked();
    requireNonNull(handlerThread).interrupt();
    assertInstanceOf(
        InterruptedException.class, assertThrows(ExecutionException.class, ended::get).getCause());
  }

  private Socket serve(BlockingChannel.Handler handler) throws IOException {
    return serve(channel -> {}, handler);
  }

  /** Starts a server whose only connection is served by a handler; returns the client. */
  private Socket serve(Consumer<Channel> decoders, BlockingChannel.Handler handler)
      throws IOException {
    NettyServer server =
        server(
            channel -> {
              accepted.complete(channel);
              decoders.accept(channel);
              BlockingChannel.serve(channel, blocking -> run(handler, blocking));
            });
    return connect(server);
  }

  private void run(BlockingChannel.Handler handler, BlockingChannel channel)
      throws IOException, InterruptedException {
    handlerThread = Thread.currentThread();
    served.complete(channel);
    try {
      handler.serve(channel);
      ended.complete(null);
    } catch (Throwable e) {
      ended.completeExceptionally(e);
      throw e;
    }
  }

  private NettyServer server(Consumer<Channel> way) {
    NettyServer server =
        new NettyServer(
            eventLoops,
            channel -> {
              channel.config().setAllocator(allocator);
              channel.config().setOption(ChannelOption.SO_SNDBUF, SYSTEM_BUFFER);
              channel.config().setOption(ChannelOption.SO_RCVBUF, SYSTEM_BUFFER);
              way.accept(channel);
            });
    closeables.add(server);
    return server;
  }

  private Socket connect(NettyServer server) throws IOException {
    Socket client = new Socket();
    client.setReceiveBufferSize(SYSTEM_BUFFER);
    client.setSendBufferSize(SYSTEM_BUFFER);
    client.setSoTimeout(Math.toIntExact(SECONDS.toMillis(10)));
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    closeables.add(client);
    return client;
  }

  private static void reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
  }

  private void awaitEnd() throws Exception {
    ended.get(10, SECONDS);
  }

  /** Returns what a read or a write threw. */
  private IOException loss() {
    Throwable cause =
        requireNonNull(
            assertThrows(ExecutionException.class, () -> ended.get(10, SECONDS)).getCause());
    assertTrue(
        requireNonNull(cause.getMessage()).startsWith("the connection is lost: "),
        cause.toString());
    return assertInstanceOf(IOException.class, cause);
  }

  private void writeFrames(BlockingChannel channel) throws IOException, InterruptedException {
    for (int i = 0; i < FRAMES; i++) {
      channel.write(allocator.directBuffer(FRAME).writeBytes(frame(i)));
      written.incrementAndGet();
    }
  }

  private void writeTooMuch(BlockingChannel channel) throws IOException, InterruptedException {
    while (true) {
      channel.write(tooMuch());
      written.incrementAndGet();
    }
  }

  /** More than the operating system buffers. */
  private ByteBuf tooMuch() {
    return allocator.directBuffer().writeZero(TOO_MUCH);
  }

  private static void assertFrames(Socket client) throws IOException {
    for (int i = 0; i < FRAMES; i++) {
      assertArrayEquals(frame(i), client.getInputStream().readNBytes(FRAME));
    }
    assertEquals(-1, client.getInputStream().read());
  }

  private Future<?> send(Socket client, AtomicInteger sent) {
    return executor.submit(
        () -> {
          for (int i = 0; i < FRAMES; i++) {
            client.getOutputStream().write(frame(i));
            sent.incrementAndGet();
          }
          return null;
        });
  }

  private static byte[] frame(int number) {
    return ByteBuffer.allocate(FRAME).putInt(number).array();
  }

  private static void readFrames(BlockingChannel channel) throws IOException, InterruptedException {
    ByteBuffer frame = ByteBuffer.allocate(FRAME);
    for (int i = 0; i < FRAMES; ) {
      ByteBuf buffer = channel.read();
      assertNotNull(buffer, "the stream ended after " + i);
      while (buffer.isReadable()) {
        frame.limit(Math.min(FRAME, frame.position() + buffer.readableBytes()));
        buffer.readBytes(frame);
        if (frame.position() == FRAME) {
          assertArrayEquals(frame(i++), frame.array());
          frame.clear();
        }
      }
      buffer.release();
    }
  }

  private ByteBuf buffer(String text) {
    return allocator.directBuffer().writeBytes(text.getBytes(UTF_8));
  }

  private static String text(ByteBuf buffer) {
    try {
      return buffer.toString(UTF_8);
    } finally {
      buffer.release();
    }
  }

  private static final class FailingEncoder extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
        throws Exception {
      if (((ByteBuf) message).isReadable()) {
        ((ByteBuf) message).release();
        throw new UnsupportedOperationException();
      }
      super.write(context, message, promise);
    }
  }

  /** Counts how often the socket is to be read. */
  private static ChannelOutboundHandlerAdapter counting(AtomicInteger reads) {
    return new ChannelOutboundHandlerAdapter() {
      @Override
      public void read(ChannelHandlerContext context) {
        reads.incrementAndGet();
        context.read();
      }
    };
  }

  private long buffered() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  /** Returns a count once it no longer changes, and the event loop has nothing to do. */
  private int settled(AtomicInteger count) throws Exception {
    int before = -1;
    int now = 0;
    while (now == 0 || now != before) {
      before = now;
      Thread.sleep(100);
      accepted.get().eventLoop().submit(() -> {}).sync();
      now = count.get();
    }
    return now;
  }

  private void awaitParked() throws Exception {
    served.get(10, SECONDS);
    awaitWaiting();
    // While Netty starts on a large write, another one may pass.
    accepted.get().eventLoop().submit(() -> {}).sync();
    awaitWaiting();
  }

  private void awaitWaiting() {
    Thread handler = requireNonNull(handlerThread);
    ParkedThread.await(() -> ParkedThread.isParked(handler), "the handler is parked");
  }
}
