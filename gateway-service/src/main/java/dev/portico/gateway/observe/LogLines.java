package dev.portico.gateway.observe;

import dev.portico.gateway.exchange.RequestIds;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON objects as bytes, in a buffer that is used over and over: at 100,000 lines a second
 * strings would cost more than what the lines tell about. For one thread.
 */
final class LogLines {
  /** Characters of a value that are kept; a viewer chooses how long its fields are. */
  static final int MAX_TEXT = 512;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] TRACE_START = ascii("\"00-");
  private static final byte[] NOT_SAMPLED = ascii("-00\"");
  private static final byte[] SAMPLED = ascii("-01\"");
  private static final byte[] UNICODE = ascii("\\u00");
  private static final int MOST_PER_CHARACTER = 6;
  private static final int MOST_DIGITS = 20;
  private static final int START = 65_536;

  private byte[] bytes = new byte[START];
  private int length;
  private long second = Long.MIN_VALUE;
  private byte[] secondText = {};

  /** A field's name as {@link #text}, {@link #number} and the others take it. */
  static byte[] name(String name) {
    return ascii('"' + name + "\":");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Begins a line with the moment, in ISO 8601 with milliseconds. */
  void begin(byte[] name, long millis) {
    long now = Math.floorDiv(millis, 1_000);
    if (now != second) {
      second = now;
      String text = Instant.ofEpochSecond(now).toString();
      secondText = ascii(text.substring(0, text.length() - 1) + '.');
    }
    ensure(name.length + secondText.length + MOST_DIGITS);
    put('{');
    put(name);
    put('"');
    put(secondText);
    int part = (int) Math.floorMod(millis, 1_000L);
    put((char) ('0' + part / 100));
    put((char) ('0' + part / 10 % 10));
    put((char) ('0' + part % 10));
    put('Z');
    put('"');
  }

  /** Takes back all but so many bytes. */
  void cut(int kept) {
    length = kept;
  }

  /** Ends a line. */
  void end() {
    ensure(2);
    put('}');
    put('\n');
  }

  /** A field with text, or none for null. */
  void text(byte[] name, @Nullable String value) {
    if (value == null) {
      return;
    }
    int characters = Math.min(value.length(), MAX_TEXT);
    ensure(name.length + characters * MOST_PER_CHARACTER + 3);
    field(name);
    put('"');
    for (int i = 0; i < characters; i++) {
      character(value.charAt(i));
    }
    put('"');
  }

  /**
   * A field with what a viewer sent, one character a byte: UTF-8 where it is valid, as browsers
   * write it, else Latin-1 (RFC 9110, section 5.5).
   */
  void sent(byte[] name, @Nullable String value) {
    text(name, value == null || isAscii(value) ? value : decoded(value));
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static String decoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int length = bytes.length < MAX_TEXT ? bytes.length : whole(bytes);
    boolean each = text.equals(new String(bytes, StandardCharsets.ISO_8859_1));
    try {
      return each
          ? StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString()
          : text;
    } catch (CharacterCodingException e) {
      return text;
    }
  }

  /** The length without the beginning of a character of which the rest has been cut. */
  private static int whole(byte[] bytes) {
    int at = bytes.length - 1;
    while (at > 0 && (bytes[at] & 0xc0) == 0x80) {
      at--;
    }
    int more = Integer.numberOfLeadingZeros(~(bytes[at] << 24));
    return more > bytes.length - at ? at : bytes.length;
  }

  private void character(char c) {
    if (c >= ' ' && c < 0x7f) {
      if (c == '"' || c == '\\') {
        put('\\');
      }
      put(c);
    } else if (c < 0xa0) {
      put(UNICODE);
      put((char) HEX[c >> 4]);
      put((char) HEX[c & 0xf]);
    } else if (c < 0x800) {
      put((char) (0xc0 | (c >> 6)));
      put((char) (0x80 | (c & 0x3f)));
    } else if (Character.isSurrogate(c)) {
      put('\\');
      put('u');
      for (int shift = 12; shift >= 0; shift -= 4) {
        put((char) HEX[(c >> shift) & 0xf]);
      }
    } else {
      put((char) (0xe0 | (c >> 12)));
      put((char) (0x80 | ((c >> 6) & 0x3f)));
      put((char) (0x80 | (c & 0x3f)));
    }
  }

  /** A field with a request's id. */
  void requestId(byte[] name, RequestIds ids) {
    ensure(name.length + RequestIds.LENGTH + 3);
    field(name);
    put('"');
    for (int part = 0; part < RequestIds.LENGTH / Long.BYTES; part++) {
      put(ids.requestIdPart(part));
    }
    put('"');
  }

  /**
   * A field with a request's trace context: the viewer's as it came, or the one made here.
   *
   * @param sampled whether the one made here is that of a trace that is kept
   */
  void traceparent(byte[] name, RequestIds ids, boolean sampled) {
    if (ids.sentTraceparent() != null) {
      text(name, ids.sentTraceparent());
      return;
    }
    ensure(name.length + MAX_TEXT);
    field(name);
    put(TRACE_START);
    for (int part = 0; part < 6; part++) {
      if (part == 4) {
        put('-');
      }
      put(ids.traceparentPart(part));
    }
    put(sampled ? SAMPLED : NOT_SAMPLED);
  }

  /** A field with a number that is not negative. */
  void number(byte[] name, long value) {
    ensure(name.length + MOST_DIGITS + 1);
    field(name);
    long rest = Math.max(0, value);
    int digits = 1;
    for (long more = rest; more >= 10; more /= 10) {
      digits++;
    }
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  /** A field with true or false. */
  void flag(byte[] name, boolean value) {
    ensure(name.length + MOST_DIGITS);
    field(name);
    put(value ? TRUE : FALSE);
  }

  private void field(byte[] name) {
    put(',');
    put(name);
  }

  private void put(char c) {
    bytes[length++] = (byte) c;
  }

  private void put(long eightCharacters) {
    EIGHT_BYTES.set(bytes, length, eightCharacters);
    length += Long.BYTES;
  }

  private void put(byte[] some) {
    System.arraycopy(some, 0, bytes, length, some.length);
    length += some.length;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  /** How many bytes are waiting to be written. */
  int length() {
    return length;
  }

  /** Forgets all lines. */
  void clear() {
    length = 0;
  }

  /** Writes all lines. */
  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
    out.flush();
  }
}
