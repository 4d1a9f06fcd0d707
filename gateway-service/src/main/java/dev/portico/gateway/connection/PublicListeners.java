package dev.portico.gateway.connection;

import dev.portico.gateway.trace.Traces;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports that viewers reach. Opened by {@link #start}, closed by {@link #drain}, which lets
 * exchanges under way finish.
 */
@Singleton
public final class PublicListeners {
  private static final Logger LOG = LoggerFactory.getLogger(PublicListeners.class);
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 128 * 1024);
  private static final int BACKLOG = 1024;

  private final Listener listener;
  private final EventLoops loops;
  private final TlsSettings tlsSettings;
  private final List<Channel> servers = new ArrayList<>();
  private volatile int httpPort = -1;
  private volatile int httpsPort = -1;

  PublicListeners(
      ListenerSettings settings,
      Http2Limits http2,
      TlsSettings tlsSettings,
      EventLoops loops,
      Traces traces,
      ExchangeHandler handler) {
    this.listener = new Listener(settings, http2, traces.joinsViewers(), handler);
    this.loops = loops;
    this.tlsSettings = tlsSettings;
  }

  /**
   * Opens the ports that the settings name.
   *
   * @throws IllegalStateException when a port is in use, or HTTPS is asked for without certificates
   */
  public synchronized void start() {
    ListenerSettings settings = listener.settings();
    if (settings.httpPort() >= 0) {
      httpPort = open("PORTICO_HTTP_PORT", settings.httpPort(), null);
    }
    if (settings.httpsPort() != 0) {
      httpsPort =
          open(
              "PORTICO_HTTPS_PORT", Math.max(0, settings.httpsPort()), TlsContexts.of(tlsSettings));
    }
    LOG.info(
        "Listening for viewers: http={} https={} transport={}",
        httpPort,
        httpsPort,
        loops.transport().label());
  }

  private int open(String setting, int port, @Nullable TlsContexts tls) {
    EventLoopGroup group = loops.group();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(loops.transport().serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new ViewerChannelInitializer(listener, tls));
    ChannelFuture bound = bootstrap.bind(port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "Cannot listen on port " + port + " (" + setting + ')', bound.cause());
    }
    Channel server = bound.channel();
    servers.add(server);
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** The port for clear text, or -1. */
  public int httpPort() {
    return httpPort;
  }

  /** The port for TLS, or -1. */
  public int httpsPort() {
    return httpsPort;
  }

  /** How many viewers' connections are open. */
  public int connections() {
    return listener.connections().size();
  }

  /** How many connections were refused because there were too many in all. */
  public long refusedForTotal() {
    return listener.refused();
  }

  /** How many connections were refused because their client had too many. */
  public long refusedForClient() {
    return listener.clients().refused();
  }

  /**
   * Accepts no more connections, lets the exchanges under way finish, and returns when all
   * connections are closed or {@code grace} has passed, after which they are cut.
   */
  public synchronized void drain(Duration grace) {
    listener.startDraining();
    servers.forEach(server -> server.close().syncUninterruptibly());
    servers.clear();
    for (DrainableConnection connection : listener.connections()) {
      connection.channel().eventLoop().execute(connection::drain);
    }
    long deadline = System.nanoTime() + grace.toNanos();
    for (DrainableConnection connection : List.copyOf(listener.connections())) {
      long left = Math.max(0, deadline - System.nanoTime());
      connection.channel().closeFuture().awaitUninterruptibly(left, TimeUnit.NANOSECONDS);
    }
    // As they are now: a handshake that has ended meanwhile has left its connection to another.
    List<DrainableConnection> unfinished =
        listener.connections().stream().filter(each -> each.channel().isOpen()).toList();
    for (DrainableConnection connection : unfinished) {
      Channel channel = connection.channel();
      channel
          .eventLoop()
          .execute(
              () -> {
                connection.graceOver();
                cut(channel);
              });
    }
    if (!unfinished.isEmpty()) {
      LOG.warn("Cut {} connections that had not finished within {}", unfinished.size(), grace);
    }
  }

  /** From the context nearest the socket: HTTP/2's handler would close gracefully once more. */
  private static void cut(Channel channel) {
    ChannelHandlerContext outermost = channel.pipeline().firstContext();
    if (outermost != null) {
      outermost.close();
    }
  }
}
