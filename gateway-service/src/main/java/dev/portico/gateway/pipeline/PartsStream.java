package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.BlobFetcher;
import dev.portico.gateway.origin.BlobRequest;
import dev.portico.gateway.response.ByteRange;
import dev.portico.gateway.response.FileDecision;
import dev.portico.gateway.routing.SiteFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends parts of a file (206): slices of what is held, or one fetch after the other. */
final class PartsStream {
  private final ViewerExchange exchange;
  private final BlobFetcher fetcher;
  private final SiteFile file;
  private final ResponseHead head;
  private final FileDecision.Parts parts;
  private int next;

  PartsStream(
      ViewerExchange exchange,
      BlobFetcher fetcher,
      SiteFile file,
      ResponseHead head,
      FileDecision.Parts parts) {
    this.exchange = exchange;
    this.fetcher = fetcher;
    this.file = file;
    this.head = head;
    this.parts = parts;
  }

  /** Sends parts of what is in hand and gives it up. */
  static void sendHeld(
      ViewerExchange exchange, ResponseHead head, FileDecision.Parts parts, ByteBuf bytes) {
    CompositeByteBuf body = exchange.allocator().compositeBuffer(2 * parts.parts().size() + 1);
    for (FileDecision.Part part : parts.parts()) {
      ByteRange range = part.range();
      body.addComponent(true, text(part.before()));
      body.addComponent(true, bytes.retainedSlice((int) range.first(), (int) range.length()));
    }
    body.addComponent(true, text(parts.trailer()));
    bytes.release();
    exchange.respond(head, body);
  }

  /** What stands between parts, and behind the last. */
  static ByteBuf text(String text) {
    return text.isEmpty()
        ? Unpooled.EMPTY_BUFFER
        : Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  /** Fetches the first part; the others follow. */
  void start() {
    if (next == parts.parts().size()) {
      exchange.write(text(parts.trailer()));
      exchange.end();
      return;
    }
    FileDecision.Part part = parts.parts().get(next++);
    ByteRange range = part.range();
    ViewerRequest request = exchange.request();
    BlobStream stream =
        new BlobStream(
            exchange,
            fetcher,
            blob -> {
              if (blob.length() != range.length()) {
                throw new EdgeException(EdgeError.ORIGIN_PROTOCOL, "unexpected blob " + blob);
              }
              if (!exchange.begun()) {
                exchange.begin(head, parts.length());
              }
              exchange.write(text(part.before()));
            },
            this::start);
    stream.start(
        new BlobRequest(
            file.digest().hex(), List.of(), range.first(), range.last(), request.ids()));
  }
}
