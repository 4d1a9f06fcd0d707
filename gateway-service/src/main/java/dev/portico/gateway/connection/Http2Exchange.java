package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Locale;

/** One exchange on a stream of an HTTP/2 connection. */
final class Http2Exchange extends ChannelExchange {
  /** Different each time: it must not push out what the compression of fields has learnt. */
  static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

  /**
   * Bytes of a DATA frame: what is written counts as taken when all of its frame is, so that of
   * larger ones a slow viewer would seem to take nothing.
   */
  private static final int FRAME = 16_384;

  private static final AsciiString DATE = HttpHeaderNames.DATE;

  private final Http2Stream stream;
  private final boolean expectsContinue;
  private boolean continued;
  private long room = -1;
  private long roomSince;

  Http2Exchange(
      Http2Stream stream,
      ChannelHandlerContext ctx,
      ExchangeHandler handler,
      ViewerRequest request,
      long millis,
      IncomingBody body) {
    super(ctx, handler, request, millis, body);
    this.stream = stream;
    this.expectsContinue = request.headers().contains("expect");
  }

  @Override
  public void sendContinue() {
    if (expectsContinue && !continued && !begun()) {
      continued = true;
      bodyAskedFor();
      Http2Headers headers = new DefaultHttp2Headers(false).status("100");
      stream.write(new DefaultHttp2HeadersFrame(headers, false));
    }
  }

  /** Every recipient of HTTP/2 knows them (RFC 9113, section 8.1). */
  @Override
  public boolean takesTrailers() {
    return true;
  }

  @Override
  void writeInterim(ResponseHead head) {
    stream.write(new DefaultHttp2HeadersFrame(headers(head.status(), head.http2Fields()), false));
  }

  /** RFC 9113, section 8.6: HTTP/2 has no 101. */
  @Override
  void openTunnel(ResponseHead head, String protocol) {
    throw new IllegalStateException("HTTP/2 changes to no protocol");
  }

  @Override
  void endTunnel() {
    throw new IllegalStateException("HTTP/2 changes to no protocol");
  }

  @Override
  void writeWhole(ResponseHead head, long length, ByteBuf body) {
    boolean bodyless = head.status() == 204 || head.status() == 304;
    Http2Headers headers = headers(head, bodyless ? -1 : length);
    stream.write(new DefaultHttp2HeadersFrame(headers, !body.isReadable()));
    if (body.isReadable()) {
      writeData(body, true);
    } else {
      body.release();
    }
  }

  @Override
  void writeHead(ResponseHead head, long length, boolean bodyFollows) {
    boolean bodyless = head.status() == 204 || head.status() == 304;
    Http2Headers headers = headers(head, bodyless ? -1 : length);
    stream.write(new DefaultHttp2HeadersFrame(headers, !bodyFollows));
  }

  @Override
  void writeBody(ByteBuf bytes) {
    writeData(bytes, false);
  }

  private void writeData(ByteBuf bytes, boolean last) {
    while (bytes.readableBytes() > FRAME) {
      stream.write(new DefaultHttp2DataFrame(bytes.readRetainedSlice(FRAME), false));
    }
    stream.write(new DefaultHttp2DataFrame(bytes, last));
  }

  @Override
  void writeEnd(boolean bodyFollowed, HeaderFields trailers) {
    if (!bodyFollowed) {
      return;
    }
    Http2Headers fields = new DefaultHttp2Headers(false);
    trailers.forEach((name, value) -> fields.add(name.toLowerCase(Locale.ROOT), value));
    stream.write(
        fields.isEmpty()
            ? new DefaultHttp2DataFrame(true)
            : new DefaultHttp2HeadersFrame(fields, true));
  }

  @Override
  void cut() {
    stream.write(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
  }

  /** What came of the request makes it none (RFC 9113, section 8.1.1). */
  void malformed() {
    stream.write(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
  }

  /** The viewer does not open its window: also a response that is handed over holds memory. */
  void tooSlow() {
    if (ended()) {
      stream.write(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    } else {
      timeline().error(EdgeError.VIEWER_TOO_SLOW.category());
      giveUp();
    }
  }

  /**
   * For how long nothing has left of a response that is handed over, in nanoseconds: a viewer whose
   * window stays shut would hold it for ever.
   */
  long handedOverSilence(long now) {
    long left = unsent();
    if (!ended() || left != room) {
      room = left;
      roomSince = now;
    }
    return now - roomSince;
  }

  /** Of the stream; where that is held up by the connection, of the connection. */
  @Override
  long unsent() {
    Channel own = ctx.channel();
    if (own.isWritable()) {
      return -own.bytesBeforeUnwritable();
    }
    long over = own.bytesBeforeWritable();
    return over > 0 ? over : UnsentBytes.of(own.parent());
  }

  @Override
  void readingChanged() {
    ctx.channel().config().setAutoRead(bodyWanted());
  }

  @Override
  void responseEnded() {
    if (hasBody() && !bodyEnded()) {
      // RFC 9113, section 8.1: the response is complete, the rest of the request is not needed.
      stream.write(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    }
  }

  private Http2Headers headers(ResponseHead head, long length) {
    AsciiString[] made = head.http2Fields();
    int more = 2 + (head.dated() ? 0 : 2) + (length < 0 ? 0 : 2);
    AsciiString[] fields = Arrays.copyOf(made, made.length + more);
    int at = made.length;
    if (!head.dated()) {
      fields[at++] = DATE;
      fields[at++] = Http1HeadEncoder.date();
    }
    if (length >= 0) {
      fields[at++] = HttpHeaderNames.CONTENT_LENGTH;
      fields[at++] = AsciiString.of(Long.toString(length));
    }
    fields[at++] = REQUEST_ID;
    fields[at] = AsciiString.of(request().requestId());
    return headers(head.status(), fields);
  }

  private static Http2Headers headers(int status, AsciiString... fields) {
    return ReadOnlyHttp2Headers.serverHeaders(
        false, HttpResponseStatus.valueOf(status).codeAsText(), fields);
  }
}
