package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.ConnectionMemory;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Builds the pipeline of a viewer's connection. */
final class ViewerChannelInitializer extends ChannelInitializer<Channel> {
  private final Listener listener;
  private final @Nullable TlsContexts tls;

  /** {@code tls} is null for clear text. */
  ViewerChannelInitializer(Listener listener, @Nullable TlsContexts tls) {
    this.listener = listener;
    this.tls = tls;
  }

  @Override
  protected void initChannel(Channel channel) {
    // Before TLS: a handshake is what a connection costs most.
    if (!listener.hasRoom() || !counted(channel)) {
      channel.close();
      return;
    }
    channel.pipeline().addLast(new Departure(listener));
    if (tls == null) {
      RequestDoor door = door(channel, new ConnectionMemory());
      addHttp1(channel.pipeline(), door);
      channel.pipeline().addFirst(new PriorKnowledge(() -> replaceHttp1(channel.pipeline(), door)));
    } else {
      Negotiated negotiated = new Negotiated(channel);
      listener.connections().add(negotiated);
      channel.closeFuture().addListener(closed -> listener.connections().remove(negotiated));
      channel.pipeline().addLast(tls.handler(), negotiated);
    }
  }

  private boolean counted(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      return true;
    }
    InetAddress client = remote.getAddress();
    if (!listener.clients().opened(client)) {
      return false;
    }
    channel.closeFuture().addListener(closed -> listener.clients().closed(client));
    return true;
  }

  private RequestDoor door(Channel channel, ConnectionMemory memory) {
    String peer =
        channel.remoteAddress() instanceof InetSocketAddress address
            ? ClientAddress.of(address.getAddress())
            : "";
    return new RequestDoor(
        peer,
        tls == null ? "http" : "https",
        listener.settings().trustedProxies(),
        listener.joinsTraces(),
        memory);
  }

  private void addHttp1(ChannelPipeline pipeline, RequestDoor door) {
    ListenerSettings limits = listener.settings();
    StrictRequestDecoder decoder =
        new StrictRequestDecoder(limits.maxRequestLine(), limits.maxHeaderSize());
    pipeline.addLast("decoder", decoder);
    Http1Connection connection =
        new Http1Connection(listener, door, pipeline.context(decoder), decoder);
    pipeline.addBefore("decoder", "watch", new HeadWatch(connection));
    pipeline.addLast("http1", connection);
  }

  private void replaceHttp1(ChannelPipeline pipeline, RequestDoor door) {
    // The decoder last: what it holds of the preface then goes nowhere.
    pipeline.remove("http1");
    pipeline.remove("watch");
    pipeline.remove("decoder");
    new Http2Connection(listener, door, pipeline.channel()).addTo(pipeline);
  }

  /** Goes on with the protocol that the TLS handshake has agreed on (ALPN). */
  private final class Negotiated extends ApplicationProtocolNegotiationHandler
      implements DrainableConnection {
    private final Channel channel;

    Negotiated(Channel channel) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.channel = channel;
    }

    @Override
    public void drain() {
      // Before the handshake there is nothing to finish; after it the protocol's handler decides.
      if (listener.connections().contains(this)) {
        channel.close();
      }
    }

    @Override
    public Channel channel() {
      return channel;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      SslHandler handshaken = ctx.pipeline().get(SslHandler.class);
      RequestDoor door =
          door(ctx.channel(), new ConnectionMemory(TlsContexts.handshake(handshaken.engine())));
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        new Http2Connection(listener, door, ctx.channel()).addTo(ctx.pipeline());
      } else {
        addHttp1(ctx.pipeline(), door);
      }
      listener.connections().remove(this);
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      ConnectionFailures.log(cause);
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ConnectionFailures.log(cause);
      ctx.close();
    }
  }
}
