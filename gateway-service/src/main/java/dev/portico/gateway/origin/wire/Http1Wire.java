package dev.portico.gateway.origin.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 connection: one request after the other, idle in its lane between them. */
final class Http1Wire extends ChannelInboundHandlerAdapter implements Wire {
  private final Channel channel;
  private final Lane lane;
  private final StrictResponseDecoder decoder = new StrictResponseDecoder();
  private final HttpRequestEncoder encoder = new HttpRequestEncoder();
  private @Nullable Http1Stream stream;
  private boolean used;
  private boolean free;
  private boolean reading;
  private boolean closeAnnounced;
  private boolean busy;
  private long idleSince;

  Http1Wire(Channel channel, Lane lane) {
    this.channel = channel;
    this.lane = lane;
  }

  /** Adds the handlers of HTTP/1.1 at the end of the connection's pipeline. */
  void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(decoder, encoder, this);
  }

  Channel channel() {
    return channel;
  }

  /** Whether a byte of the response under way has come. */
  boolean responseBegun() {
    return decoder.begun();
  }

  /** Whether the peer has said that it closes on purpose (TLS only). */
  boolean closeAnnounced() {
    return closeAnnounced;
  }

  boolean usable() {
    return channel.isActive() && !closeAnnounced;
  }

  /** Since when it has been idle, by {@link System#nanoTime()}. */
  long idleSince() {
    return idleSince;
  }

  @Override
  public boolean reused() {
    return used;
  }

  @Override
  public WireStream open(WireRequest request, WireListener listener) {
    decoder.expect(request.method());
    Http1Stream opened = new Http1Stream(this, request, listener);
    stream = opened;
    busy(true);
    opened.start();
    return opened;
  }

  /**
   * The response is complete and the connection can serve on. Not before the end of this read: what
   * may follow the response in it would be taken for the answer to the next request.
   */
  void free() {
    stream = null;
    busy(false);
    used = true;
    channel.config().setAutoRead(true);
    if (reading) {
      free = true;
    } else {
      toLane();
    }
  }

  private void busy(boolean now) {
    if (busy != now) {
      busy = now;
      lane.counts().busy(now);
    }
  }

  private void toLane() {
    free = false;
    if (usable()) {
      idleSince = System.nanoTime();
      lane.give(this);
    }
  }

  void close() {
    stream = null;
    channel.close();
  }

  /** Leaves the bytes to the stream, which makes no HTTP of them any more. */
  void becomeTunnel() {
    channel.pipeline().remove(encoder);
    channel.pipeline().remove(decoder); // Hands on what it has read too far.
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    Http1Stream current = stream;
    if (current == null) {
      // Bytes that nobody asked for: whatever comes next could be taken for an answer.
      ReferenceCountUtil.release(message);
      ctx.close();
    } else {
      current.received(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    if (free) {
      toLane();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Http1Stream current = stream;
    if (current != null && channel.isWritable()) {
      current.channelWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
      closeAnnounced = true;
    } else if (event instanceof ChannelInputShutdownEvent && stream != null) {
      stream.inputClosed();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    busy(false);
    lane.closed(this);
    Http1Stream current = stream;
    stream = null;
    if (current != null) {
      current.connectionClosed(null);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Http1Stream current = stream;
    stream = null;
    if (current != null) {
      current.connectionClosed(cause);
    }
    ctx.close();
  }
}
