package dev.portico.gateway.origin.wire;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.exchange.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One request and its response on an HTTP/1.1 connection (RFC 9112). */
final class Http1Stream implements WireStream {
  private final Http1Wire wire;
  private final Channel channel;
  private final WireRequest request;
  private final WireListener listener;
  private final Interims interims = new Interims();
  private BodyFraming framing = BodyFraming.NONE;
  private @Nullable Tunnel tunnel;
  private boolean over;
  private boolean answered;
  private boolean requestEnded;
  private boolean reusable;
  private boolean flushScheduled;
  private long sent;
  private long expected;
  private long received;

  Http1Stream(Http1Wire wire, WireRequest request, WireListener listener) {
    this.wire = wire;
    this.channel = wire.channel();
    this.request = request;
    this.listener = listener;
  }

  void start() {
    DefaultHttpRequest head =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method()),
            request.target(),
            Http1Head.fields(request));
    channel.write(head);
    if (request.bodyLength() == 0) {
      requestEnded = true;
      channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      channel.flush();
    }
  }

  @Override
  public void write(ByteBuf bytes) {
    if (tunnel != null) {
      tunnel.write(bytes);
      flushSoon();
      return;
    }
    sent += bytes.readableBytes();
    if (over || requestEnded) {
      bytes.release();
    } else if (request.bodyLength() >= 0 && sent > request.bodyLength()) {
      bytes.release(); // The rest would be read as another request.
      fail(WireFailure.Kind.UNPROCESSED, "request longer than its Content-Length", null);
    } else {
      channel.write(new DefaultHttpContent(bytes));
      flushSoon();
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (tunnel != null) {
      tunnel.end();
      return;
    }
    if (over || requestEnded) {
      return;
    }
    if (request.bodyLength() >= 0 && sent != request.bodyLength()) {
      fail(WireFailure.Kind.UNPROCESSED, "request shorter than its Content-Length", null);
      return;
    }
    requestEnded = true;
    if (request.bodyLength() >= 0 || trailers.isEmpty()) {
      channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      DefaultLastHttpContent last = new DefaultLastHttpContent();
      last.trailingHeaders().set(trailers);
      channel.write(last);
    }
    flushSoon();
  }

  private void flushSoon() {
    if (!flushScheduled) {
      flushScheduled = true;
      channel
          .eventLoop()
          .execute(
              () -> {
                flushScheduled = false;
                channel.flush();
              });
    }
  }

  @Override
  public boolean writable() {
    return !over && channel.isWritable();
  }

  @Override
  public void reading(boolean on) {
    if (!over) {
      channel.config().setAutoRead(on);
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      wire.close();
    }
  }

  @Override
  public void expire() {
    cancel();
  }

  void channelWritable() {
    if (!over) {
      listener.room();
    }
  }

  void received(Object message) {
    try {
      if (message instanceof HttpResponse response && !over) {
        if (response.decoderResult().isFailure()) {
          invalid("invalid response", response.decoderResult().cause());
        } else {
          head(response);
        }
      }
      if (message instanceof HttpContent content && answered && !over) {
        content(content);
      }
      if (message instanceof ByteBuf bytes && tunnel != null && !over) {
        listener.data(bytes.retain());
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(HttpResponse response) {
    int status = response.status().code();
    HeaderFields headers = new NettyHeaderFields(response.headers());
    if (status == 101) {
      upgrade(headers);
      return;
    }
    if (status < 200) {
      if (interims.refuses(status)) {
        invalid("interim responses without end", null);
      } else {
        listener.informational(status, headers);
      }
      return;
    }
    String fault = Http1Head.fault(response);
    if (fault != null) {
      invalid(fault, null);
      return;
    }
    answered = true;
    framing = Http1Head.framing(response, request.method());
    expected = HttpUtil.getContentLength(response, -1L);
    reusable = HttpUtil.isKeepAlive(response) && framing != BodyFraming.CLOSE;
    boolean none = status == 204 || status == 304;
    long length = none ? 0 : expected;
    listener.head(status, headers, framing == BodyFraming.CHUNKED ? -1 : length, framing);
  }

  private void upgrade(HeaderFields headers) {
    String asked = request.upgrade();
    if (asked == null || !asked.equalsIgnoreCase(headers.joined("upgrade"))) {
      invalid("changes to a protocol that nobody asked for", null);
      return;
    }
    answered = true;
    tunnel = new Tunnel(channel, channel.pipeline().get(SslHandler.class) != null);
    listener.upgraded(headers);
    if (!over) {
      wire.becomeTunnel();
    }
  }

  private void content(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      invalid("invalid body", content.decoderResult().cause());
      return;
    }
    if (content.content().isReadable()) {
      received += content.content().readableBytes();
      listener.data(content.content().retain());
    }
    // The listener may have cancelled meanwhile.
    if (!over && content instanceof LastHttpContent last && tunnel == null) {
      complete(last.trailingHeaders());
    }
  }

  private void complete(HttpHeaders trailers) {
    if (framing == BodyFraming.LENGTH && received != expected) {
      fail(WireFailure.Kind.CLOSED, "body cut short", null);
      return;
    }
    boolean encrypted = channel.pipeline().get(SslHandler.class) != null;
    if (framing == BodyFraming.CLOSE && encrypted && !wire.closeAnnounced()) {
      fail(WireFailure.Kind.CLOSED, "closed without close_notify", null);
      return;
    }
    over = true;
    if (reusable && requestEnded && wire.usable()) {
      wire.free();
    } else {
      // A server that answers before it has the whole request reads no more of it.
      wire.close();
    }
    listener.end(new NettyHeaderFields(trailers));
  }

  /** The server has closed its sending side within a tunnel. */
  void inputClosed() {
    if (tunnel != null && !over && !tunnel.inputEnded()) {
      tunnel.inputClosed();
      listener.end(HeaderFields.NONE);
    }
  }

  /** The connection was closed, or it broke. */
  void connectionClosed(@Nullable Throwable cause) {
    if (over) {
      return;
    }
    if (tunnel != null) {
      over = true;
      if (cause == null && !tunnel.inputEnded()) {
        listener.end(HeaderFields.NONE);
      } else {
        listener.failed(new WireFailure(WireFailure.Kind.CLOSED, "tunnel broken", cause));
      }
      return;
    }
    if (wire.responseBegun()) {
      fail(WireFailure.Kind.CLOSED, "closed within a response", cause);
    } else {
      fail(WireFailure.Kind.UNANSWERED, "closed unasked", cause);
    }
  }

  private void invalid(String detail, @Nullable Throwable cause) {
    boolean cut = cause instanceof PrematureChannelClosureException;
    fail(cut ? WireFailure.Kind.CLOSED : WireFailure.Kind.PROTOCOL, detail, cause);
  }

  private void fail(WireFailure.Kind kind, String detail, @Nullable Throwable cause) {
    if (!over) {
      over = true;
      wire.close();
      listener.failed(new WireFailure(kind, detail, cause));
    }
  }
}
