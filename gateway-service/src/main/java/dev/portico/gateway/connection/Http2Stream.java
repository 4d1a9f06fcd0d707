package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.NettyHeaderFields;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A stream of an HTTP/2 connection: one request, one response (RFC 9113, section 8.1). */
final class Http2Stream extends ChannelInboundHandlerAdapter {
  private final Listener listener;
  private final Http2Connection connection;
  private final RequestDoor door;
  private final ChannelHandlerContext ctx;
  private final LateFlush flush;
  private @Nullable Http2Exchange exchange;

  Http2Stream(
      Listener listener, Http2Connection connection, RequestDoor door, ChannelHandlerContext ctx) {
    this.listener = listener;
    this.connection = connection;
    this.door = door;
    this.ctx = ctx;
    this.flush = new LateFlush(ctx);
  }

  @Nullable Http2Exchange exchange() {
    return exchange;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    flush.reads();
    Http2Exchange current = exchange;
    if (message instanceof Http2HeadersFrame head) {
      if (current == null && Http2Fields.malformed(head.headers())) {
        write(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
      } else if (current == null) {
        requestStarts(head);
      } else {
        trailers(current, head);
      }
    } else if (message instanceof Http2DataFrame data && current != null) {
      current.bodyArrived(data.content());
      if (data.isEndStream()) {
        current.bodyCompleted(HeaderFields.NONE);
      }
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    flush.readEnds();
  }

  private void requestStarts(Http2HeadersFrame frame) {
    long millis = System.currentTimeMillis();
    long nanos = System.nanoTime();
    Http2Headers fields = frame.headers();
    HttpHeaders converted = Http2Fields.convert(fields);
    HeaderFields headers = new NettyHeaderFields(converted);
    RequestHead head =
        new RequestHead(
            HttpProtocol.HTTP_2,
            text(fields.method(), ""),
            text(fields.path(), ""),
            fields.authority() == null ? null : fields.authority().toString(),
            headers);
    // The crumbs of a cookie are one: browsers send each of its pairs by itself.
    boolean tooMany = converted.size() > listener.settings().maxHeaderFields();
    Admission admission =
        tooMany
            ? door.refuse(head, EdgeError.HEADERS_TOO_LARGE, millis, nanos)
            : door.admit(head, millis, nanos);
    Http2Exchange next =
        new Http2Exchange(
            this,
            ctx,
            listener.handler(),
            admission.request(),
            millis,
            IncomingBody.of(
                frame.isEndStream() ? 0 : Http2Fields.contentLength(headers),
                listener.settings(),
                nanos));
    exchange = next;
    if (frame.isEndStream()) {
      next.bodyCompleted(HeaderFields.NONE);
    }
    switch (admission) {
      case Admission.Admitted ignored -> listener.handler().handle(next);
      case Admission.Refused refused -> listener.handler().refuse(next, refused.error());
    }
  }

  /** RFC 9113, section 8.1: a second field section ends the request and has no pseudo-fields. */
  private void trailers(Http2Exchange current, Http2HeadersFrame frame) {
    if (!frame.isEndStream() || Http2Fields.malformedTrailers(frame.headers())) {
      current.malformed();
    } else {
      current.bodyCompleted(new NettyHeaderFields(Http2Fields.convert(frame.headers())));
    }
  }

  private static String text(@Nullable CharSequence value, String otherwise) {
    return value == null ? otherwise : value.toString();
  }

  /** Writes a frame; it is flushed at the end of this read, or soon. */
  void write(Object frame) {
    ctx.write(frame);
    flush.written();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Http2Exchange current = exchange;
    if (current != null) {
      current.writabilityChanged();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    connection.streamClosed(this);
    Http2Exchange current = exchange;
    if (current != null) {
      current.viewerGone();
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ConnectionFailures.log(cause);
    if (!(cause instanceof Http2Exception)) {
      Http2Exchange current = exchange;
      if (current != null) {
        current.timeline().error(ConnectionFailures.error(cause).category());
      }
      context.close();
    } // Else the codec resets the stream with the error that it is.
  }
}
