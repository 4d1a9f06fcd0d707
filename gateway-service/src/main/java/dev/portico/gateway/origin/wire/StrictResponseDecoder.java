package dev.portico.gateway.origin.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.util.List;

/**
 * Netty's decoder of HTTP/1 responses, set to refuse what it could also repair, as is done with
 * requests: a bare LF, repeated Content-Length, Content-Length beside Transfer-Encoding (RFC 9112,
 * sections 2.2 and 6.3).
 */
final class StrictResponseDecoder extends HttpResponseDecoder {
  private static final int MAX_STATUS_LINE = 8_192;
  private static final int MAX_HEADER_SIZE = 65_536;
  private static final int MAX_CHUNK = 65_536;

  private boolean bodyless;
  private boolean begun;

  StrictResponseDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_STATUS_LINE)
            .setMaxHeaderSize(MAX_HEADER_SIZE)
            .setMaxChunkSize(MAX_CHUNK)
            .setStrictLineParsing(true)
            .setAllowDuplicateContentLengths(false)
            .setUseRfc9112TransferEncoding(true)
            .setValidateHeaders(true));
  }

  /** The next response answers this method. */
  void expect(String method) {
    bodyless = method.equals("HEAD");
    begun = false;
  }

  /** Whether a byte of the response has come. */
  boolean begun() {
    return begun;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    begun |= buffer.isReadable();
    super.decode(ctx, buffer, out);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return bodyless || super.isContentAlwaysEmpty(message);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }
}
