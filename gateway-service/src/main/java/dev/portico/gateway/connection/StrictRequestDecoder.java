package dev.portico.gateway.connection;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Netty's decoder of HTTP/1 requests, set to refuse what it could also repair: a line that ends in
 * a bare LF, repeated Content-Length, Content-Length beside Transfer-Encoding (RFC 9112, sections
 * 2.2 and 6.3).
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  private static final int MAX_CHUNK = 65_536;

  StrictRequestDecoder(int maxRequestLine, int maxHeaderSize) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(maxRequestLine)
            .setMaxHeaderSize(maxHeaderSize)
            .setMaxChunkSize(MAX_CHUNK)
            .setStrictLineParsing(true)
            .setAllowDuplicateContentLengths(false)
            .setUseRfc9112TransferEncoding(true)
            .setValidateHeaders(true));
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }
}
