package dev.portico.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * Looks at the first bytes of a connection in clear text for HTTP/2 with prior knowledge (RFC 9113,
 * section 3.3), as load balancers speak it to targets of that protocol, and goes on with HTTP/2
 * then. Until it is decided the bytes go to the decoder of HTTP/1, which makes nothing of them
 * before the end of a line.
 */
final class PriorKnowledge extends ChannelInboundHandlerAdapter {
  /** The beginning of the preface (section 3.4), as far as HTTP/1 could have a line like it. */
  private static final byte[] START = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);

  private final Runnable becomeHttp2;
  private int matched;

  /** {@code becomeHttp2} replaces the handlers behind this one. */
  PriorKnowledge(Runnable becomeHttp2) {
    this.becomeHttp2 = becomeHttp2;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    int before = matched;
    int at = bytes.readerIndex();
    while (matched < START.length
        && at < bytes.writerIndex()
        && bytes.getByte(at) == START[matched]) {
      matched++;
      at++;
    }
    boolean http2 = matched == START.length;
    if (http2) {
      becomeHttp2.run();
      if (before > 0) {
        ctx.fireChannelRead(Unpooled.copiedBuffer(START, 0, before));
      }
    }
    boolean decided = http2 || at < bytes.writerIndex();
    ctx.fireChannelRead(bytes);
    if (decided && !ctx.isRemoved()) {
      ctx.pipeline().remove(this);
    }
  }
}
