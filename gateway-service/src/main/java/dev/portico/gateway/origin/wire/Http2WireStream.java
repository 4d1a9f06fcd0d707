package dev.portico.gateway.origin.wire;

import dev.portico.gateway.exchange.NettyHeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One request and its response on a stream of an HTTP/2 connection (RFC 9113, section 8.1). */
final class Http2WireStream extends ChannelInboundHandlerAdapter implements WireStream {
  private final Http2Wire wire;
  private final WireRequest request;
  private final WireListener listener;
  private final Interims interims = new Interims();
  private final Deque<Object> unwritten = new ArrayDeque<>(2);
  private @Nullable Http2StreamChannel channel;
  private boolean over;
  private final long sentNanos = System.nanoTime();
  private boolean counted = true;
  private boolean answered;
  private boolean requestEnded;
  private boolean paused;
  private boolean flushScheduled;
  private long expected = -1;
  private long received;

  Http2WireStream(Http2Wire wire, WireRequest request, WireListener listener) {
    this.wire = wire;
    this.request = request;
    this.listener = listener;
  }

  void start() {
    requestEnded = request.bodyLength() == 0;
    unwritten.addLast(
        new DefaultHttp2HeadersFrame(Http2Head.fields(request, wire.scheme()), requestEnded));
    new Http2StreamChannelBootstrap(wire.channel()).handler(this).open().addListener(this::opened);
  }

  private void opened(Future<? super Http2StreamChannel> opening) {
    if (!opening.isSuccess()) {
      uncount();
      wire.drain();
      fail(WireFailure.Kind.UNPROCESSED, "no stream could be opened", opening.cause());
      close();
      return;
    }
    Http2StreamChannel opened = (Http2StreamChannel) opening.getNow();
    channel = opened;
    opened.closeFuture().addListener(closed -> uncount());
    if (over) {
      opened.close();
      return;
    }
    opened.config().setAutoRead(!paused);
    opened.write(unwritten.removeFirst()).addListener(this::headWritten);
    while (!unwritten.isEmpty()) {
      opened.write(unwritten.removeFirst());
    }
    opened.flush();
  }

  private void headWritten(Future<?> written) {
    if (written.cause() instanceof Http2Exception.HeaderListSizeException) {
      fail(WireFailure.Kind.TOO_LARGE, "SETTINGS_MAX_HEADER_LIST_SIZE", written.cause());
      close();
    } else if (!written.isSuccess()) {
      // More streams than the peer has just allowed, or no number left.
      fail(WireFailure.Kind.UNPROCESSED, "no stream for the request", written.cause());
      close();
    }
  }

  private void uncount() {
    if (counted) {
      counted = false;
      wire.streamClosed();
    }
  }

  private void send(Object frame) {
    Channel open = channel;
    if (open == null) {
      unwritten.addLast(frame);
      return;
    }
    open.write(frame);
    if (!flushScheduled) {
      flushScheduled = true;
      open.eventLoop()
          .execute(
              () -> {
                flushScheduled = false;
                open.flush();
              });
    }
  }

  @Override
  public void write(ByteBuf bytes) {
    if (over || requestEnded) {
      bytes.release();
    } else {
      send(new DefaultHttp2DataFrame(bytes, false));
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (over || requestEnded) {
      return;
    }
    requestEnded = true;
    if (trailers.isEmpty()) {
      send(new DefaultHttp2DataFrame(true));
    } else {
      send(new DefaultHttp2HeadersFrame(Http2Head.trailers(trailers), true));
    }
  }

  @Override
  public boolean writable() {
    Channel open = channel;
    return !over && (open == null ? unwritten.size() < 2 : open.isWritable());
  }

  @Override
  public void reading(boolean on) {
    paused = !on;
    Channel open = channel;
    if (open != null) {
      open.config().setAutoRead(on);
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      close();
    }
  }

  @Override
  public void expire() {
    wire.expired(sentNanos);
    cancel();
  }

  /** Resets the stream unless both sides have ended it. */
  private void close() {
    unwritten.forEach(ReferenceCountUtil::release);
    unwritten.clear();
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    wire.heard();
    if (over) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof Http2HeadersFrame frame) {
      fields(frame.headers(), frame.isEndStream());
    } else if (message instanceof Http2DataFrame frame) {
      data(frame);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void fields(Http2Headers fields, boolean last) {
    if (Http2Head.hasControl(fields)) {
      invalid("control character in a field"); // RFC 9113, section 8.2.1
      return;
    }
    HttpHeaders headers = Http2Head.convert(fields);
    if (answered) {
      if (last && fields.status() == null) {
        complete(headers);
      } else {
        invalid("two heads");
      }
      return;
    }
    int status = Http2Head.status(fields);
    if (status < 100 || status == 101 || status > 599 || (status < 200 && last)) {
      invalid("invalid status " + fields.status()); // RFC 9113, section 8.6: there is no 101
    } else if (status >= 200) {
      head(status, headers, last);
    } else if (interims.refuses(status)) {
      invalid("interim responses without end");
    } else {
      listener.informational(status, new NettyHeaderFields(headers));
    }
  }

  private void head(int status, HttpHeaders headers, boolean last) {
    answered = true;
    boolean bodyless = request.method().equals("HEAD") || status == 204 || status == 304;
    long length = Http2Head.contentLength(headers);
    if (length == Http2Head.INVALID) {
      invalid("invalid content-length");
      return;
    }
    expected = bodyless ? 0 : length;
    BodyFraming framing = bodyless ? BodyFraming.NONE : BodyFraming.STREAM;
    long said = length < 0 && last ? 0 : length;
    boolean none = status == 204 || status == 304;
    listener.head(status, new NettyHeaderFields(headers), none ? 0 : said, framing);
    if (last && !over) {
      complete(EmptyHttpHeaders.INSTANCE);
    }
  }

  private void data(Http2DataFrame frame) {
    ByteBuf bytes = frame.content();
    boolean last = frame.isEndStream();
    received += bytes.readableBytes();
    if (!answered || (expected >= 0 && received > expected)) {
      bytes.release();
      invalid(answered ? "body longer than its Content-Length" : "a body before its head");
      return;
    }
    if (bytes.isReadable()) {
      listener.data(bytes);
    } else {
      bytes.release();
    }
    if (last && !over) {
      complete(EmptyHttpHeaders.INSTANCE);
    }
  }

  private void complete(HttpHeaders trailers) {
    if (expected >= 0 && received != expected) {
      fail(WireFailure.Kind.CLOSED, "body cut short", null);
      close();
      return;
    }
    over = true;
    close();
    listener.end(new NettyHeaderFields(trailers));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame reset && !over) {
      boolean refused = reset.errorCode() == Http2Error.REFUSED_STREAM.code();
      WireFailure.Kind kind =
          refused && !answered ? WireFailure.Kind.UNPROCESSED : WireFailure.Kind.CLOSED;
      fail(kind, "stream reset with error " + reset.errorCode(), null);
      close();
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Http2StreamChannel closed = channel;
    boolean unprocessed = closed != null && wire.unprocessed(closed.stream().id());
    if (unprocessed && !answered) {
      fail(WireFailure.Kind.UNPROCESSED, "GOAWAY below the stream", null);
    } else if (answered) {
      fail(WireFailure.Kind.CLOSED, "closed within a response", null);
    } else {
      fail(WireFailure.Kind.UNANSWERED, "closed unasked", null);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!over && ctx.channel().isWritable()) {
      listener.room();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!over) {
      over = true;
      close();
      listener.failed(new WireFailure(WireFailure.Kind.PROTOCOL, "invalid stream", cause));
    }
  }

  private void invalid(String detail) {
    fail(WireFailure.Kind.PROTOCOL, detail, null);
    close();
  }

  private void fail(WireFailure.Kind kind, String detail, @Nullable Throwable cause) {
    if (!over) {
      over = true;
      listener.failed(new WireFailure(kind, detail, cause));
    }
  }
}
