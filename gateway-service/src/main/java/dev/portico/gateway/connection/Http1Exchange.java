package dev.portico.gateway.connection;

import dev.portico.gateway.connection.Http1HeadEncoder.Framing;
import dev.portico.gateway.connection.Http1HeadEncoder.Persistence;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Tunnel;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One exchange on an HTTP/1 connection, which has one at a time. */
final class Http1Exchange extends ChannelExchange {
  /** Up to this size a body is copied behind its head: one write instead of two. */
  private static final int COPIED_BODY = 4096;

  /** A body that nobody takes is read to its end when it is no longer than this. */
  private static final int DRAINED_BODY = 65_536;

  private static final ByteBuf CRLF = constant("\r\n");
  private static final ByteBuf LAST_CHUNK = constant("0\r\n");
  private static final ByteBuf CONTINUE = constant("HTTP/1.1 100 Continue\r\n\r\n");

  private final Http1Connection connection;
  private final boolean keepAliveAsked;
  private boolean expectsContinue;
  private boolean closes;
  private boolean chunked;
  private @Nullable Tunnel tunnel;

  Http1Exchange(
      Http1Connection connection,
      ChannelHandlerContext ctx,
      ExchangeHandler handler,
      ViewerRequest request,
      long millis,
      IncomingBody body) {
    super(ctx, handler, request, millis, body);
    this.connection = connection;
    HeaderFields headers = request.headers();
    this.keepAliveAsked =
        request.protocol() == HttpProtocol.HTTP_1_1
            ? !headers.lists("connection", "close")
            : headers.lists("connection", "keep-alive");
    this.expectsContinue =
        request.protocol() == HttpProtocol.HTTP_1_1 && headers.contains("expect");
  }

  /** Closes the connection after this response, whatever the viewer asked. */
  void closeAfterwards() {
    closes = true;
  }

  /** Whether the connection ends with this response. */
  boolean closes() {
    return closes;
  }

  @Override
  public void sendContinue() {
    if (expectsContinue && !begun()) {
      expectsContinue = false;
      bodyAskedFor();
      connection.write(CONTINUE.retainedDuplicate());
    }
  }

  /** Whether what follows the request may be of another protocol (RFC 9110, section 7.8). */
  boolean upgradable() {
    return request().upgrade() != null;
  }

  @Override
  void writeInterim(ResponseHead head) {
    byte[] fixed = head.encoded();
    byte[] appended = head.appended();
    ByteBuf out = allocator().directBuffer(fixed.length + appended.length + 2);
    connection.write(out.writeBytes(fixed).writeBytes(appended).writeBytes(CRLF.duplicate()));
  }

  @Override
  void openTunnel(ResponseHead head, String protocol) {
    if (!connection.mayBecomeTunnel()) {
      giveUp(); // What was sent too early has been taken for a request.
      return;
    }
    closes = true;
    ResponseHead switching = head.with("Upgrade", protocol, "Connection", "Upgrade");
    connection.write(
        Http1HeadEncoder.encode(
            allocator(), switching, Framing.NONE, 0, Persistence.IMPLIED, request().ids(), 0));
    tunnel = connection.becomeTunnel();
  }

  @Override
  void endTunnel() {
    Tunnel open = tunnel;
    if (open != null) {
      open.end();
    }
  }

  /** RFC 9110, section 10.1.4: who does not say so may not look for them. */
  @Override
  public boolean takesTrailers() {
    return request().protocol() == HttpProtocol.HTTP_1_1
        && request().headers().lists("te", "trailers");
  }

  @Override
  void writeWhole(ResponseHead head, long length, ByteBuf body) {
    Framing framing = bodyless(head.status()) ? Framing.NONE : Framing.LENGTH;
    int copied = body.readableBytes() <= COPIED_BODY ? body.readableBytes() : 0;
    ByteBuf out = encode(head, framing, length, copied);
    if (copied > 0) {
      out.writeBytes(body);
    }
    connection.write(out);
    if (body.isReadable()) {
      connection.write(body);
    } else {
      body.release();
    }
  }

  @Override
  void writeHead(ResponseHead head, long length, boolean bodyFollows) {
    Framing framing = Framing.NONE;
    if (length >= 0 && !bodyless(head.status())) {
      framing = Framing.LENGTH;
    } else if (bodyFollows && request().protocol() == HttpProtocol.HTTP_1_1) {
      framing = Framing.CHUNKED;
      chunked = true;
    } else if (bodyFollows) {
      closes = true;
    }
    connection.write(encode(head, framing, length, 0));
  }

  @Override
  void writeBody(ByteBuf bytes) {
    if (!chunked) {
      connection.write(bytes);
      return;
    }
    ByteBuf size = allocator().directBuffer(16);
    ByteBufUtil.writeAscii(size, Integer.toHexString(bytes.readableBytes()));
    connection.write(size.writeBytes(CRLF.duplicate()));
    connection.write(bytes);
    connection.write(CRLF.retainedDuplicate());
  }

  @Override
  void writeEnd(boolean bodyFollowed, HeaderFields trailers) {
    if (!chunked) {
      return;
    }
    ByteBuf out = allocator().directBuffer(64).writeBytes(LAST_CHUNK.duplicate());
    if (takesTrailers()) {
      trailers.forEach((name, value) -> ByteBufUtil.writeAscii(out, name + ": " + value + "\r\n"));
    }
    connection.write(out.writeBytes(CRLF.duplicate()));
  }

  @Override
  void cut() {
    connection.cut();
  }

  @Override
  void readingChanged() {
    connection.updateReading();
  }

  @Override
  long unsent() {
    return UnsentBytes.of(ctx.channel());
  }

  @Override
  void responseEnded() {
    connection.responseEnded();
  }

  private ByteBuf encode(ResponseHead head, Framing framing, long length, int room) {
    if (!keepAliveAsked || bodyIsInTheWay() || connection.draining()) {
      closes = true;
    }
    Persistence persistence = Persistence.IMPLIED;
    if (closes) {
      persistence = Persistence.CLOSE;
    } else if (request().protocol() == HttpProtocol.HTTP_1_0) {
      persistence = Persistence.KEEP_ALIVE;
    }
    return Http1HeadEncoder.encode(
        allocator(), head, framing, length, persistence, request().ids(), room);
  }

  /**
   * Whether the next request stands behind a body that may be long, or that may not come at all
   * because the viewer was not told to continue.
   */
  private boolean bodyIsInTheWay() {
    if (bodyEnded() || !hasBody()) {
      return false;
    }
    return expectsContinue || bodyLength() < 0 || bodyLength() > DRAINED_BODY;
  }

  private static boolean bodyless(int status) {
    return status == 204 || status == 304;
  }

  private static ByteBuf constant(String text) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII)).asReadOnly());
  }
}
