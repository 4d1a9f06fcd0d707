package dev.portico.gateway.connection;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the bytes of HTTP/1 heads and of chunked framing for what the decoder repairs or lets
 * through although another reader may understand it otherwise (RFC 9112, sections 2.2, 3, 5.2 and
 * 7.1): folded lines, bare CR, control characters, odd request lines, odd chunk sizes. It follows
 * the decoder through what that has consumed, and says what is wrong.
 */
final class RequestBytes {
  /** The longest line of a chunk's size and extensions, in bytes. */
  static final int MAX_CHUNK_LINE = 1_024;

  /** What chunk extensions may come to in one body, in bytes (RFC 9112, section 7.1.1). */
  static final int MAX_EXTENSIONS = 16_384;

  private static final int MAX_SIZE_DIGITS = 8;
  private static final long BELOW_SPACE = 0x2020202020202020L;
  private static final long DELETE = 0x7f7f7f7f7f7f7f7fL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private enum Phase {
    REQUEST_LINE,
    FIELDS,
    BODY,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_CR,
    CHUNK_LF,
    TRAILERS
  }

  private Phase phase = Phase.REQUEST_LINE;
  private long left;
  private int extensions;
  private boolean halfEmptyLine;
  private @Nullable String fault;

  /** The head has come to its end: what follows it is its body. */
  void headEnded(boolean chunked) {
    phase = chunked ? Phase.CHUNK_SIZE : Phase.BODY;
    extensions = 0;
  }

  /** The request has come to its end: what follows is another. */
  void requestEnded() {
    phase = Phase.REQUEST_LINE;
  }

  /** Whether what is looked at next is of a body or its framing. */
  boolean inBody() {
    return phase != Phase.REQUEST_LINE && phase != Phase.FIELDS;
  }

  /** Whether what is looked at next is a head's fields: its first line has been read. */
  boolean inFields() {
    return phase == Phase.FIELDS;
  }

  /** What is wrong with what has been looked at, for the log; null for nothing. */
  @Nullable String fault() {
    return fault;
  }

  /** Looks at bytes that the decoder has consumed: whole lines, but for a body's. */
  void look(ByteBuf bytes, int from, int to) {
    int at = from;
    while (at < to && fault == null && phase != Phase.BODY) {
      at =
          switch (phase) {
            case REQUEST_LINE, FIELDS, CHUNK_SIZE, TRAILERS -> line(bytes, at, to);
            case CHUNK_DATA -> data(at, to);
            case CHUNK_CR -> delimiter(bytes, at, '\r', Phase.CHUNK_LF);
            case CHUNK_LF -> delimiter(bytes, at, '\n', Phase.CHUNK_SIZE);
            case BODY -> to;
          };
    }
  }

  private int data(int at, int to) {
    int taken = (int) Math.min(left, to - at);
    left -= taken;
    if (left == 0) {
      phase = Phase.CHUNK_CR;
    }
    return at + taken;
  }

  private int delimiter(ByteBuf bytes, int at, char expected, Phase next) {
    if (bytes.getByte(at) != expected) {
      fault = "bytes behind a chunk";
    }
    phase = next;
    return at + 1;
  }

  private int line(ByteBuf bytes, int from, int to) {
    if (halfEmptyLine) {
      halfEmptyLine = false;
      if (bytes.getByte(from) != '\n') {
        fault = "bare CR";
      }
      return from + 1;
    }
    int end = control(bytes, from, to);
    boolean cr = end < to && bytes.getByte(end) == '\r';
    if (cr && end + 1 < to && bytes.getByte(end + 1) == '\n') {
      line(bytes, from, end, phase);
      return end + 2;
    }
    // Only what the decoder skips before a request line can come without an end: an empty line of
    // which the rest has not been read.
    halfEmptyLine = cr && to - from == 1;
    if (!halfEmptyLine) {
      fault = broken(bytes, from, to, end);
    }
    return to;
  }

  /** Why a line does not end where its first control character is. */
  private static String broken(ByteBuf bytes, int from, int to, int control) {
    if (bytes.indexOf(from, to, (byte) '\n') < 0) {
      return "bytes before a request line";
    }
    return bytes.getByte(control) == '\n' ? "bare LF" : "control character";
  }

  private void line(ByteBuf bytes, int from, int end, Phase of) {
    boolean empty = from == end;
    switch (of) {
      case REQUEST_LINE -> {
        if (!empty) {
          requestLine(bytes, from, end);
          phase = Phase.FIELDS;
        }
      }
      case CHUNK_SIZE -> chunkSize(bytes, from, end);
      default -> {
        if (!empty) {
          field(bytes, from, end);
        }
      }
    }
  }

  /** RFC 9112, sections 5.1 and 5.2: a name, with a colon right behind it. */
  private void field(ByteBuf bytes, int from, int end) {
    int colon = bytes.indexOf(from, end, (byte) ':');
    if (space(bytes.getByte(from))) {
      fault = "folded line";
    } else if (colon <= from || space(bytes.getByte(colon - 1))) {
      fault = "odd field line";
    }
  }

  private static boolean space(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /** RFC 9112, section 3: two single spaces, and the version in its one spelling. */
  private void requestLine(ByteBuf bytes, int from, int end) {
    int first = bytes.indexOf(from, end, (byte) ' ');
    int second = first < 0 ? -1 : bytes.indexOf(first + 1, end, (byte) ' ');
    boolean two = second > first + 1 && bytes.indexOf(second + 1, end, (byte) ' ') < 0;
    boolean tab = bytes.indexOf(from, end, (byte) '\t') >= 0;
    // "HTTP/" as one number, then digit, dot, digit.
    boolean version =
        two
            && end - second == 9
            && bytes.getInt(second + 1) == 0x48545450
            && bytes.getByte(second + 5) == '/'
            && digit(bytes.getByte(second + 6))
            && bytes.getByte(second + 7) == '.'
            && digit(bytes.getByte(second + 8));
    if (first == from || tab || !version) {
      fault = "odd request line";
    }
  }

  private static boolean digit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  /** RFC 9112, section 7.1. */
  private void chunkSize(ByteBuf bytes, int from, int end) {
    int at = from;
    long size = 0;
    while (at < end
        && at - from <= MAX_SIZE_DIGITS
        && Character.digit(bytes.getByte(at), 16) >= 0) {
      size = size * 16 + Character.digit(bytes.getByte(at), 16);
      at++;
    }
    int digits = at - from;
    while (at < end && space(bytes.getByte(at))) {
      at++; // Allowed before an extension only.
    }
    boolean plain = from + digits == end;
    boolean extended = at < end && bytes.getByte(at) == ';';
    extensions += end - from - digits;
    if (digits == 0
        || digits > MAX_SIZE_DIGITS
        || size > Integer.MAX_VALUE
        || !(plain || extended)) {
      fault = "odd chunk size";
    } else if (end - from > MAX_CHUNK_LINE || extensions > MAX_EXTENSIONS) {
      fault = "chunk extensions too long";
    }
    left = size;
    phase = size == 0 ? Phase.TRAILERS : Phase.CHUNK_DATA;
  }

  /**
   * Where the first control character is that is no tab; {@code to} when there is none. Eight bytes
   * at a time: a head's longest line, with an access token, is a thousand.
   */
  static int control(ByteBuf bytes, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to) {
      // The first byte lowest: a borrow can then mark bytes only behind one that is marked rightly.
      long eight = bytes.getLongLE(at);
      long deleted = eight ^ DELETE;
      long found = (((eight - BELOW_SPACE) & ~eight) | ((deleted - ONES) & ~deleted)) & HIGH;
      at += Long.numberOfTrailingZeros(found) / Byte.SIZE;
      if (found != 0) {
        if (bytes.getByte(at) != '\t') {
          return at;
        }
        at++;
      }
    }
    while (at < to && !isControl(bytes.getByte(at))) {
      at++;
    }
    return at;
  }

  private static boolean isControl(byte octet) {
    return (octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f;
  }
}
