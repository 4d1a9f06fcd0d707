package dev.portico.gateway.origin.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens connections: TCP, then TLS, then as much of HTTP as it takes to know the version. */
public final class WireConnector {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final Class<? extends Channel> channels;
  private final WireTls tls;

  /**
   * Makes a connector.
   *
   * @param channels what the event loops can serve
   * @param authorities PEM file of certificates to trust besides the JDK's; empty for none
   * @throws IllegalStateException when the file cannot be used
   */
  public WireConnector(Class<? extends Channel> channels, String authorities) {
    this.channels = channels;
    this.tls = WireTls.of(authorities);
  }

  /** Opens a connection for a lane, which is told of it or of the failure, once, and later. */
  void connect(Peer peer, InetAddress address, EventLoop loop, long timeoutNanos, Lane lane) {
    int millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(timeoutNanos), 1, 600_000);
    Opening opening = new Opening(peer, lane, millis);
    new Bootstrap()
        .group(loop)
        .channel(channels)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                opening.addTo(channel);
              }
            })
        .connect(new InetSocketAddress(address, peer.port()))
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                // Later in any case: an address without a route fails before this method returns.
                loop.execute(
                    () ->
                        opening.fail(
                            WireFailure.Kind.UNREACHABLE, "no connection", connected.cause()));
              }
            });
  }

  /** A connection that is not ready yet. */
  private final class Opening extends ChannelInboundHandlerAdapter {
    private final Peer peer;
    private final Lane lane;
    private final int millis;
    private boolean over;
    private boolean secured;
    private @Nullable Throwable cause;

    Opening(Peer peer, Lane lane, int millis) {
      this.peer = peer;
      this.lane = lane;
      this.millis = millis;
    }

    void addTo(Channel channel) {
      if (peer.tls()) {
        channel.pipeline().addLast(tls.handler(peer, channel.alloc(), millis));
      }
      channel.pipeline().addLast(this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.executor().schedule(() -> expired(ctx), millis, TimeUnit.MILLISECONDS);
      if (!peer.tls()) {
        speak(ctx, peer.http2());
      }
    }

    private void expired(ChannelHandlerContext ctx) {
      if (!over) {
        fail(
            secured || !peer.tls() ? WireFailure.Kind.UNREACHABLE : WireFailure.Kind.UNTRUSTED,
            "connecting took too long",
            null);
        ctx.close();
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent completed && !over) {
        if (completed.isSuccess()) {
          secured = true;
          SslHandler handler = ctx.pipeline().get(SslHandler.class);
          speak(ctx, ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol()));
        } else {
          fail(WireFailure.Kind.UNTRUSTED, "TLS handshake failed", completed.cause());
          ctx.close();
        }
        return;
      }
      ctx.fireUserEventTriggered(event);
    }

    private void speak(ChannelHandlerContext ctx, boolean http2) {
      Channel channel = ctx.channel();
      if (http2) {
        Http2Wire[] wire = new Http2Wire[1];
        wire[0] = new Http2Wire(channel, lane, () -> ready(ctx, () -> lane.connected(wire[0])));
        wire[0].addTo(ctx.pipeline());
      } else {
        Http1Wire wire = new Http1Wire(channel, lane);
        wire.addTo(ctx.pipeline());
        ready(ctx, () -> lane.connected(wire));
      }
    }

    private void ready(ChannelHandlerContext ctx, Runnable told) {
      if (!over) {
        over = true;
        ctx.pipeline().remove(this);
        told.run();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
      cause = thrown;
      if (secured || !peer.tls()) {
        ctx.close();
      } // Else the handshake's own event follows.
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      fail(WireFailure.Kind.UNREACHABLE, "closed while connecting", cause);
      ctx.fireChannelInactive();
    }

    void fail(WireFailure.Kind kind, String detail, @Nullable Throwable thrown) {
      if (!over) {
        over = true;
        lane.failed(new WireFailure(kind, detail, thrown));
      }
    }
  }
}
