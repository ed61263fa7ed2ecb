package io.github.atomicwaker.samples.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server of Netty on loopback, on a free port. */
final class NettyServer implements AutoCloseable {
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;

  /**
   * Starts a server.
   *
   * @param pipeline sets up the pipeline of a new connection
   */
  NettyServer(EventLoopGroup eventLoops, Consumer<Channel> pipeline) {
    listener =
        new ServerBootstrap()
            .group(eventLoops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections.add(channel);
                    pipeline.accept(channel);
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Returns when all connections are closed; first close their clients. */
  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    if (!connections.newCloseFuture().awaitUninterruptibly(10, TimeUnit.SECONDS)) {
      int open = connections.size();
      connections.close().awaitUninterruptibly(10, TimeUnit.SECONDS);
      throw new IllegalStateException(open + " connections were still open");
    }
  }
}
