package dev.portico.gateway.origin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an origin: serves one exchange after the other, idle in the pool between them.
 */
final class OriginConnection extends ChannelInboundHandlerAdapter {
  private final Channel channel;
  private @Nullable OriginExchange exchange;
  private long idleSince;
  private boolean used;

  OriginConnection(Channel channel) {
    this.channel = channel;
  }

  Channel channel() {
    return channel;
  }

  /** Whether it has served an exchange before, so that its origin may have closed it meanwhile. */
  boolean used() {
    return used;
  }

  boolean usable() {
    return channel.isActive();
  }

  long idleSince() {
    return idleSince;
  }

  void attach(OriginExchange next) {
    exchange = next;
  }

  /** The exchange is over and the connection can serve another. */
  void detach() {
    exchange = null;
    used = true;
    idleSince = System.nanoTime();
    channel.config().setAutoRead(true);
  }

  /** Closes the connection when nobody has used it for that long. */
  void watch(long maxIdleNanos) {
    long since = idleSince;
    channel
        .eventLoop()
        .schedule(
            () -> {
              if (exchange == null && idleSince == since) {
                close();
              }
            },
            maxIdleNanos,
            TimeUnit.NANOSECONDS);
  }

  void close() {
    exchange = null;
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    OriginExchange current = exchange;
    if (current == null) {
      // Bytes that nobody asked for: whatever comes next could be taken for an answer.
      ReferenceCountUtil.release(message);
      ctx.close();
    } else {
      current.received(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    OriginExchange current = exchange;
    if (current != null && ctx.channel().isWritable()) {
      current.originWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    OriginExchange current = exchange;
    exchange = null;
    if (current != null) {
      current.connectionClosed(null);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    OriginExchange current = exchange;
    exchange = null;
    if (current != null) {
      current.connectionClosed(cause);
    }
    ctx.close();
  }
}
