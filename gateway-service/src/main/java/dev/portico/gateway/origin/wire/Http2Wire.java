package dev.portico.gateway.origin.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection (RFC 9113): as many requests at a time as both sides allow. */
final class Http2Wire extends ChannelInboundHandlerAdapter implements Wire {
  /** Requests at a time, however many more a server would allow. */
  static final int MAX_STREAMS = 64;

  private static final int STREAM_WINDOW = 262_144;

  /** What all streams together may have unread, so that those that are paused stop no other. */
  private static final int CONNECTION_WINDOW = MAX_STREAMS * STREAM_WINDOW;

  private static final int DEFAULT_WINDOW = 65_535;
  private static final int MAX_HEADER_SIZE = 65_536;

  private final Channel channel;
  private final Lane lane;
  private final Runnable ready;
  private final Http2FrameCodec codec;
  private final Http2Connection.Endpoint<Http2LocalFlowController> free;
  private int open;
  private long allowed = MAX_STREAMS;
  private int lastProcessed = Integer.MAX_VALUE;
  private boolean settled;
  private boolean draining;
  private boolean used;
  private boolean busy;
  private long heardNanos = System.nanoTime();
  private long idleSince = System.nanoTime();

  /**
   * A connection.
   *
   * @param ready called when the peer's first SETTINGS are there: it does speak HTTP/2, and has
   *     said how many streams it allows
   */
  Http2Wire(Channel channel, Lane lane, Runnable ready) {
    this.channel = channel;
    this.lane = lane;
    this.ready = ready;
    this.codec =
        Http2FrameCodecBuilder.forClient()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(MAX_HEADER_SIZE))
            .validateHeaders(true)
            .build();
    this.free = codec.connection().local();
  }

  /** Adds the handlers of HTTP/2 at the end of the connection's pipeline. */
  void addTo(ChannelPipeline pipeline) {
    codec
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              // Before the streams above the last one are closed.
              @Override
              public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
                lastProcessed = Math.min(lastProcessed, lastStreamId);
                drain();
              }

              // Only now is its place free, and not yet within this event.
              @Override
              public void onStreamClosed(Http2Stream stream) {
                channel.eventLoop().execute(Http2Wire.this::offer);
              }
            });
    pipeline.addLast(codec, new Http2MultiplexHandler(new RefusedPush()), this);
    pipeline.write(new DefaultHttp2WindowUpdateFrame(CONNECTION_WINDOW - DEFAULT_WINDOW));
    pipeline.flush();
  }

  /** Push is switched off by our settings; a peer that does it all the same breaks the protocol. */
  @ChannelHandler.Sharable
  private static final class RefusedPush extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.close();
    }
  }

  Channel channel() {
    return channel;
  }

  String scheme() {
    return channel.pipeline().get(SslHandler.class) == null ? "http" : "https";
  }

  /** Whether another request may be sent. */
  boolean hasRoom() {
    return settled && !draining && open < allowed && free.canOpenStream() && channel.isActive();
  }

  /** Since when no stream is open, by {@link System#nanoTime()}; now when there is one. */
  long idleSince(long now) {
    return open > 0 ? now : idleSince;
  }

  /** Whether the peer says that it has not acted on a stream (RFC 9113, section 6.8). */
  boolean unprocessed(int streamId) {
    return streamId > lastProcessed;
  }

  /** No more requests; closes when the last one is over. */
  void drain() {
    if (!draining) {
      draining = true;
      if (open == 0) {
        channel.close();
      }
    }
  }

  /** Something has come. */
  void heard() {
    heardNanos = System.nanoTime();
  }

  /** A request got no answer; when nothing came at all since, nobody else should wait here. */
  void expired(long sentNanos) {
    if (heardNanos - sentNanos < 0) {
      drain();
    }
  }

  @Override
  public boolean reused() {
    return used;
  }

  @Override
  public WireStream open(WireRequest request, WireListener listener) {
    open++;
    busy(true);
    Http2WireStream stream = new Http2WireStream(this, request, listener);
    stream.start();
    return stream;
  }

  void streamClosed() {
    open--;
    busy(open > 0 && channel.isActive());
    used = true;
    idleSince = System.nanoTime();
    if (draining && open == 0) {
      channel.close();
    } else {
      channel.eventLoop().execute(this::offer);
    }
  }

  private void busy(boolean now) {
    if (busy != now) {
      busy = now;
      lane.counts().busy(now);
    }
  }

  private void offer() {
    if (hasRoom()) {
      lane.roomOn(this);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    heard();
    try {
      if (message instanceof Http2SettingsFrame frame) {
        settings(frame.settings());
      }
    } finally {
      ReferenceCountUtil.release(message); // The codec has acted on PING and the like.
    }
  }

  private void settings(Http2Settings settings) {
    @Nullable Long most = settings.maxConcurrentStreams();
    if (most != null) {
      allowed = Math.min(MAX_STREAMS, most);
    }
    if (!settled) {
      settled = true;
      ready.run();
    } else {
      offer();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    draining = true;
    busy(false);
    lane.closed(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
