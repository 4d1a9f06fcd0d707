package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection: its settings, its streams, and the time it may take. */
final class Http2Connection extends ChannelInboundHandlerAdapter implements DrainableConnection {
  /** DATA frames in a row that hold nothing and end nothing. */
  private static final int MAX_EMPTY_DATA = 2;

  /** CONTINUATION frames of a header section that are smaller than they need be. */
  private static final int MAX_SMALL_CONTINUATIONS = 16;

  /** Answers to SETTINGS and PING, and resets, that wait for a viewer who does not read. */
  private static final int MAX_QUEUED_CONTROL = 1_000;

  /** What a viewer may upload on one stream before the gateway has passed any of it on. */
  private static final int STREAM_WINDOW = 262_144;

  /** The listeners end the grace, and say so of what they cut; the codec would not. In ms. */
  private static final long CODEC_PATIENCE = 1_000;

  private final Listener listener;
  private final RequestDoor door;
  private final Channel channel;
  private final Set<Http2Stream> streams = new HashSet<>();
  private long idleSince = System.nanoTime();
  private @Nullable ScheduledFuture<?> nextCheck;

  Http2Connection(Listener listener, RequestDoor door, Channel channel) {
    this.listener = listener;
    this.door = door;
    this.channel = channel;
  }

  /** Adds the handlers of HTTP/2 at the end of the connection's pipeline. */
  void addTo(ChannelPipeline pipeline) {
    ListenerSettings limits = listener.settings();
    Http2Limits http2 = listener.http2();
    pipeline.addLast(
        new FrameAllowance(http2.maxControlFrames(), http2.window().toNanos()),
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(http2.maxStreams())
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(limits.maxHeaderSize()))
            .validateHeaders(true)
            .headerSensitivityDetector(
                (name, value) -> Http2Exchange.REQUEST_ID.contentEquals(name))
            .validateRequiredPseudoHeaders(true)
            .decoderEnforceMaxRstFramesPerWindow(http2.maxResets(), http2.windowSeconds())
            .encoderEnforceMaxRstFramesPerWindow(http2.maxResets(), http2.windowSeconds())
            .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_DATA)
            .decoderEnforceMaxSmallContinuationFrames(MAX_SMALL_CONTINUATIONS)
            .encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL)
            .gracefulShutdownTimeoutMillis(limits.shutdownGrace().toMillis() + CODEC_PATIENCE)
            .build(),
        new Http2MultiplexHandler(streamInitializer()),
        this);
  }

  private ChannelHandler streamInitializer() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel child) {
        child.config().setWriteBufferWaterMark(WriteBufferWaterMark.DEFAULT);
        child.pipeline().addLast(new StreamStart());
      }
    };
  }

  /** Puts the stream in its own place once its context exists. */
  private final class StreamStart extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ChannelPipeline pipeline = ctx.pipeline();
      Http2Stream stream = new Http2Stream(listener, Http2Connection.this, door, ctx);
      streams.add(stream);
      pipeline.addLast(stream);
    }
  }

  void streamClosed(Http2Stream stream) {
    streams.remove(stream);
    idleSince = System.nanoTime();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    listener.connections().add(this);
    scheduleCheck();
    if (listener.draining()) {
      channel.eventLoop().execute(this::drain);
    }
  }

  private void scheduleCheck() {
    nextCheck =
        channel.eventLoop().schedule(this::check, listener.checkNanos(), TimeUnit.NANOSECONDS);
  }

  /** A check that is still to come would keep all that the connection was made of. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (nextCheck != null) {
      nextCheck.cancel(false);
    }
  }

  private void check() {
    if (!channel.isActive()) {
      return;
    }
    long now = System.nanoTime();
    ListenerSettings limits = listener.settings();
    for (Http2Stream stream : List.copyOf(streams)) {
      Http2Exchange exchange = stream.exchange();
      if (exchange == null) {
        continue;
      }
      long silence = Math.max(exchange.writeSilence(now), exchange.handedOverSilence(now));
      if (silence > limits.writeTimeout().toNanos()) {
        exchange.tooSlow();
      } else if (!exchange.ended() && exchange.bodyTooSlow(now, limits)) {
        exchange.breakBody(EdgeError.REQUEST_TIMEOUT);
      }
    }
    if (streams.isEmpty() && now - idleSince > limits.idleTimeout().toNanos()) {
      channel.close();
    }
    scheduleCheck();
  }

  @Override
  public void drain() {
    // The frame codec turns this into GOAWAY and closes when the open streams have ended.
    channel.close();
  }

  @Override
  public void graceOver() {
    for (Http2Stream stream : streams) {
      Http2Exchange exchange = stream.exchange();
      if (exchange != null) {
        exchange.timeline().error(EdgeError.STOPPING.category());
      }
    }
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    // SETTINGS, PING and the like: the codec has acted on them.
    ReferenceCountUtil.release(message);
  }

  /** A viewer that sends nothing more has gone: HTTP/2 has no half of a connection. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ChannelHandlerContext outermost = channel.pipeline().firstContext();
    boolean ended =
        event instanceof ChannelInputShutdownEvent
            || event instanceof ChannelInputShutdownReadComplete;
    if (ended && outermost != null) {
      outermost.close(); // From the codec on it would wait for streams that nobody reads.
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    listener.connections().remove(this);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ConnectionFailures.log(cause);
    if (!(cause instanceof Http2Exception)) {
      ctx.close();
    } // Else the codec says why in GOAWAY, and closes; closing here would say that all is well.
  }
}
