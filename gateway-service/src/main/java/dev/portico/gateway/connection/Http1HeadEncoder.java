package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes heads of HTTP/1.1 responses as bytes (RFC 9112, section 2.1): what a {@link ResponseHead}
 * has encoded already, then the lines that differ from response to response.
 */
final class Http1HeadEncoder {
  /** How a body is delimited (RFC 9112, section 6.3). */
  enum Framing {
    /** Content-Length. */
    LENGTH,
    /** Transfer-Encoding: chunked. */
    CHUNKED,
    /** No framing field: there is no body, or the connection's end ends it. */
    NONE
  }

  /** What the head says about the connection. */
  enum Persistence {
    /** HTTP/1.1's default: it stays open. */
    IMPLIED,
    /** HTTP/1.0 asked to keep it open. */
    KEEP_ALIVE,
    /** It is closed after this response. */
    CLOSE
  }

  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] REQUEST_ID = ascii("X-Request-Id: ");
  private static final byte[] CRLF = ascii("\r\n");
  private static final int VARIABLE_PART = 256;
  private static final FastThreadLocal<DateLine> DATE =
      new FastThreadLocal<>() {
        @Override
        protected DateLine initialValue() {
          return new DateLine();
        }
      };

  private Http1HeadEncoder() {}

  /**
   * Encodes a head.
   *
   * @param room bytes that the buffer should have left for a body
   */
  static ByteBuf encode(
      ByteBufAllocator allocator,
      ResponseHead head,
      Framing framing,
      long length,
      Persistence persistence,
      RequestIds ids,
      int room) {
    byte[] fixed = head.encoded();
    byte[] appended = head.appended();
    ByteBuf out = allocator.directBuffer(fixed.length + appended.length + VARIABLE_PART + room);
    out.writeBytes(fixed).writeBytes(appended);
    if (!head.dated()) {
      out.writeBytes(DATE.get().bytes(System.currentTimeMillis()));
    }
    out.writeBytes(REQUEST_ID);
    for (int part = 0; part < RequestIds.LENGTH / Long.BYTES; part++) {
      out.writeLong(ids.requestIdPart(part));
    }
    out.writeBytes(CRLF);
    switch (framing) {
      case LENGTH -> {
        out.writeBytes(CONTENT_LENGTH);
        number(out, length);
        out.writeBytes(CRLF);
      }
      case CHUNKED -> out.writeBytes(CHUNKED);
      case NONE -> {}
    }
    switch (persistence) {
      case CLOSE -> out.writeBytes(CLOSE);
      case KEEP_ALIVE -> out.writeBytes(KEEP_ALIVE);
      case IMPLIED -> {}
    }
    return out.writeBytes(CRLF);
  }

  /** Writes a number that is not negative, without making a text of it. */
  private static void number(ByteBuf out, long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int end = out.ensureWritable(digits).writerIndex() + digits;
    long rest = number;
    for (int at = end - 1; at >= out.writerIndex(); at--) {
      out.setByte(at, (int) ('0' + rest % 10));
      rest /= 10;
    }
    out.writerIndex(end);
  }

  /** The value of a Date field (RFC 9110, section 5.6.7), made once per second and event loop. */
  static AsciiString date() {
    return DATE.get().text(System.currentTimeMillis());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static final class DateLine {
    private static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private long second = -1;
    private AsciiString text = AsciiString.EMPTY_STRING;
    private byte[] bytes = {};

    byte[] bytes(long millis) {
      update(millis);
      return bytes;
    }

    AsciiString text(long millis) {
      update(millis);
      return text;
    }

    private void update(long millis) {
      long now = millis / 1000;
      if (now != second) {
        second = now;
        text = AsciiString.of(FORMAT.format(Instant.ofEpochSecond(now)));
        bytes = ascii("Date: " + text + "\r\n");
      }
    }
  }
}
