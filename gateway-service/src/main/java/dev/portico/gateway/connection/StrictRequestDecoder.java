package dev.portico.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder of HTTP/1 requests, set to refuse what it could also repair: a line that ends in
 * a bare LF, repeated Content-Length, Content-Length beside Transfer-Encoding (RFC 9112, sections
 * 2.2 and 6.3), and whatever {@link RequestBytes} finds. It can be held while nobody knows which
 * protocol the next bytes are of, and then hands on the bytes of another one as they are.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  private static final int MAX_CHUNK = 65_536;

  /** Bytes of a line that cannot be read, for the log: a path as long as it has them, and more. */
  private static final int UNREAD = 1_024;

  private final RequestBytes bytes = new RequestBytes();
  private @Nullable String unreadLine;
  private boolean refused;
  private boolean held;
  private boolean tunnel;

  StrictRequestDecoder(int maxRequestLine, int maxHeaderSize) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(maxRequestLine)
            .setMaxHeaderSize(maxHeaderSize)
            .setMaxChunkSize(MAX_CHUNK)
            .setStrictLineParsing(true)
            .setAllowDuplicateContentLengths(false)
            .setUseRfc9112TransferEncoding(true)
            // Not the values: nothing gets past RequestBytes that would be found in them.
            .setHeadersFactory(
                DefaultHttpHeadersFactory.headersFactory().withValueValidation(false)));
  }

  /** Leaves what follows undecoded. Between two requests only. */
  void hold() {
    held = true;
  }

  boolean held() {
    return held;
  }

  /** Decodes again. */
  void release() {
    held = false;
  }

  /**
   * What stands where a request line should be, as much of it as a log may want; null unless there
   * is none that can be read.
   */
  @Nullable String unreadLine() {
    return unreadLine;
  }

  /** Netty's decoder throws away what it holds when the viewer sends no more. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (held && event instanceof ChannelInputShutdownEvent) {
      ctx.fireUserEventTriggered(event);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  /** Makes no HTTP of what follows. */
  void becomeTunnel() {
    held = false;
    tunnel = true;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (tunnel) {
      out.add(buffer.readRetainedSlice(buffer.readableBytes()));
    } else if (refused) {
      buffer.skipBytes(buffer.readableBytes());
    } else if (!held) {
      int from = buffer.readerIndex();
      super.decode(ctx, buffer, out);
      if (!out.isEmpty() && isUnread(out.getFirst())) {
        unreadLine = line(buffer, from);
      }
      bytes.look(buffer, from, buffer.readerIndex());
      judge(out);
    }
  }

  /** The decoder makes a request up when it could not read the line. */
  private boolean isUnread(Object message) {
    return message instanceof HttpRequest request
        && request.decoderResult().isFailure()
        && request.uri().equals("/bad-request")
        && !bytes.inFields();
  }

  private static String line(ByteBuf buffer, int from) {
    int end = Math.min(buffer.writerIndex(), from + UNREAD);
    int start = from;
    while (start < end && (buffer.getByte(start) == '\r' || buffer.getByte(start) == '\n')) {
      start++;
    }
    int stop = start;
    while (stop < end && buffer.getByte(stop) != '\r' && buffer.getByte(stop) != '\n') {
      stop++;
    }
    return buffer.toString(start, stop - start, StandardCharsets.ISO_8859_1);
  }

  /** Marks what was decoded as invalid where its bytes are. */
  private void judge(List<Object> out) {
    String fault = bytes.fault();
    boolean inBody = bytes.inBody();
    for (Object message : out) {
      if (message instanceof HttpRequest request) {
        bytes.headEnded(HttpUtil.isTransferEncodingChunked(request));
        if (fault != null) {
          refused = true;
          if (request.decoderResult().isSuccess()) {
            request.setDecoderResult(DecoderResult.failure(new DecoderException(fault)));
          }
        }
      }
      if (message instanceof LastHttpContent) {
        bytes.requestEnded();
      }
    }
    if (fault != null && inBody) {
      refused = true;
      out.forEach(ReferenceCountUtil::release);
      out.clear();
      DefaultLastHttpContent broken = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
      broken.setDecoderResult(DecoderResult.failure(new DecoderException(fault)));
      out.add(broken);
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }
}
