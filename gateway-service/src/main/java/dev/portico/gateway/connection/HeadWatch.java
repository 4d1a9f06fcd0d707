package dev.portico.gateway.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stands before the decoder and tells the connection that bytes have arrived, so that a head that
 * never becomes complete is seen as well, and what comes while an upgrade is being decided.
 */
final class HeadWatch extends ChannelInboundHandlerAdapter {
  private final Http1Connection connection;

  HeadWatch(Http1Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    connection.bytesArrived();
    ctx.fireChannelRead(message);
  }
}
