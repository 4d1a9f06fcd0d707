package dev.portico.gateway.origin;

import dev.portico.gateway.connection.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A streaming HTTP/1.1 client whose connections live on the event loop of the viewer they serve: a
 * byte never changes threads on its way, and back-pressure is a matter of one thread.
 */
@Singleton
public final class OriginClient {
  private static final int MAX_HEADER_SIZE = 65_536;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final OriginSettings settings;
  private final OriginAddresses addresses = new OriginAddresses();
  private final Map<EventLoop, OriginPool> pools = new ConcurrentHashMap<>();
  private final Bootstrap bootstrap;

  OriginClient(OriginSettings settings, EventLoops loops) {
    this.settings = settings;
    this.bootstrap =
        new Bootstrap()
            .channel(loops.clientChannel())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(settings.connectTimeout().toMillis()))
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    initialize(channel);
                  }
                });
  }

  private static void initialize(Channel channel) {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(8192)
            .setMaxHeaderSize(MAX_HEADER_SIZE)
            .setMaxChunkSize(65_536);
    channel
        .pipeline()
        .addLast("codec", new HttpClientCodec(config, false, true))
        .addLast("origin", new OriginConnection(channel));
  }

  /**
   * Sends a request. Returns at once; nothing is told to the listener before this method has
   * returned.
   *
   * @param loop the event loop to work on; call from it
   */
  public OriginCall send(OriginRequest request, EventLoop loop, OriginListener listener) {
    OriginPool pool =
        pools.computeIfAbsent(
            loop,
            ignored ->
                new OriginPool(settings.pooledConnections(), settings.pooledFor().toNanos()));
    OriginExchange exchange = new OriginExchange(this, pool, request, loop, listener);
    loop.execute(exchange::start);
    return exchange;
  }

  OriginSettings settings() {
    return settings;
  }

  /** Opens a connection, trying the addresses of the origin one after the other. */
  Future<OriginConnection> connect(Origin origin, EventLoop loop) {
    Promise<OriginConnection> promise = loop.newPromise();
    addresses
        .resolve(origin.host(), loop)
        .addListener(
            (FutureListener<List<InetAddress>>)
                resolved -> {
                  if (resolved.isSuccess()) {
                    connect(resolved.getNow(), 0, origin.port(), loop, promise);
                  } else {
                    promise.setFailure(resolved.cause());
                  }
                });
    return promise;
  }

  private void connect(
      List<InetAddress> candidates,
      int next,
      int port,
      EventLoop loop,
      Promise<OriginConnection> promise) {
    if (candidates.isEmpty()) {
      promise.setFailure(new IOException("no address"));
      return;
    }
    bootstrap
        .clone(loop)
        .connect(new InetSocketAddress(candidates.get(next), port))
        .addListener(
            (io.netty.channel.ChannelFutureListener)
                connected -> {
                  if (connected.isSuccess()) {
                    promise.setSuccess(connected.channel().pipeline().get(OriginConnection.class));
                  } else if (next + 1 < candidates.size()) {
                    connect(candidates, next + 1, port, loop, promise);
                  } else {
                    promise.setFailure(connected.cause());
                  }
                });
  }
}
