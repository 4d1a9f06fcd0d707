package dev.portico.gateway.exchange;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The identifiers that follow a request through all services. Every request has them and few are
 * asked for theirs, so they are numbers until somebody wants text.
 */
public final class RequestIds {
  /** How many characters a request id has. */
  public static final int LENGTH = 32;

  private static final HexFormat HEX = HexFormat.of();
  private static final int TRACEPARENT_LENGTH = 55;
  private static final String VERSION = "00";
  private static final int MILLIS_BITS = 48;

  /** In place of a viewer's trace context, for work that no viewer waits for. */
  private static final String BACKGROUND = "";

  /** 48 bits of milliseconds since the epoch, 16 of chance. */
  private final long high;

  private final long low;
  private final @Nullable String sentTraceparent;

  private RequestIds(long high, long low, @Nullable String sentTraceparent) {
    this.high = high;
    this.low = low;
    this.sentTraceparent = sentTraceparent;
  }

  /**
   * New ones.
   *
   * @param millis wall clock, milliseconds since the epoch
   * @param traceparent the viewer's trace context, kept when it is valid (W3C Trace Context,
   *     section 3.2), of a later version as much of it as this one has; null for none
   */
  public static RequestIds of(long millis, @Nullable String traceparent) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long chance = random.nextInt() & 0xffff;
    long high = (millis << (Long.SIZE - MILLIS_BITS)) | chance;
    return new RequestIds(high, random.nextLong(), traceparent == null ? null : read(traceparent));
  }

  /**
   * The same, for what is done because of the request while nobody waits for it: it is no part of
   * the request's trace.
   */
  public RequestIds background() {
    return new RequestIds(high, low, BACKGROUND);
  }

  /** Whether nobody waits for what these are for. */
  public boolean inBackground() {
    return sentTraceparent != null && sentTraceparent.isEmpty();
  }

  /**
   * The request id: {@value #LENGTH} hexadecimal digits that sort by time, of which 48 bits are
   * milliseconds since the epoch and 80 are random. It identifies and protects nothing.
   */
  public String requestId() {
    return HEX.toHexDigits(high) + HEX.toHexDigits(low);
  }

  /**
   * Eight characters of the request id in ASCII, the first in the highest byte.
   *
   * @param part which eight, 0 to 3
   */
  public long requestIdPart(int part) {
    return eightDigits(part < 2 ? high : low, part);
  }

  private static long eightDigits(long bits, int part) {
    return hexDigits((part & 1) == 0 ? bits >>> Integer.SIZE : bits & 0xffff_ffffL);
  }

  /** The digits of 32 bits, all eight at once: each digit is moved to a byte of its own. */
  private static long hexDigits(long bits) {
    long digits = (bits | (bits << 16)) & 0x0000_ffff_0000_ffffL;
    digits = (digits | (digits << 8)) & 0x00ff_00ff_00ff_00ffL;
    digits = (digits | (digits << 4)) & 0x0f0f_0f0f_0f0f_0f0fL;
    long letters = ((digits + 0x0606_0606_0606_0606L) >>> 4) & 0x0101_0101_0101_0101L;
    return digits + 0x3030_3030_3030_3030L + letters * ('a' - '0' - 10);
  }

  /**
   * The W3C trace context: the viewer's, or one that follows from the request id, so that it need
   * not be kept.
   */
  public String traceparent() {
    String sent = sentTraceparent();
    return sent == null ? "00-" + traceId() + '-' + spanId() + "-00" : sent;
  }

  /** The viewer's valid trace context; null when it sent none. */
  public @Nullable String sentTraceparent() {
    return inBackground() ? null : sentTraceparent;
  }

  /**
   * The trace's id, 32 hexadecimal digits: the viewer's, or one that follows from the request id.
   */
  public String traceId() {
    String sent = sentTraceparent();
    return sent == null
        ? HEX.toHexDigits(trace(0)) + HEX.toHexDigits(trace(1))
        : sent.substring(3, 35);
  }

  /** The id of this request's own part of the trace, 16 hexadecimal digits. */
  public String spanId() {
    return HEX.toHexDigits(trace(2));
  }

  /**
   * Eight characters of a trace context that was made here, in ASCII, the first in the highest
   * byte.
   *
   * @param part which eight: 0 to 3 of the trace's id, 4 and 5 of the parent's
   */
  public long traceparentPart(int part) {
    return eightDigits(trace(part / 2), part);
  }

  /** The two halves of the trace's id, and the parent's. */
  private long trace(int third) {
    return switch (third) {
      case 0 -> mixed(high);
      // An all-zero id is invalid; setting one bit rules it out.
      case 1 -> mixed(low) | 1;
      default -> mixed(high ^ Long.rotateLeft(low, 1)) | 1;
    };
  }

  /** Each bit of the result depends on every bit of the number (the mixer of SplitMix64). */
  private static long mixed(long number) {
    long z = number + 0x9e37_79b9_7f4a_7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return z ^ (z >>> 31);
  }

  /**
   * The trace context in this version, which is 00; null when it is not valid. Of a later version
   * the beginning is the same, and what follows begins with a dash (section 4.1 of W3C Trace
   * Context: versioning).
   */
  private static @Nullable String read(String text) {
    if (text.length() < TRACEPARENT_LENGTH || !valid(text)) {
      return null;
    }
    if (text.startsWith(VERSION)) {
      return text.length() == TRACEPARENT_LENGTH ? text : null;
    }
    boolean later = text.length() == TRACEPARENT_LENGTH || text.charAt(TRACEPARENT_LENGTH) == '-';
    return later && !text.startsWith("ff") ? VERSION + text.substring(2, TRACEPARENT_LENGTH) : null;
  }

  private static boolean valid(String text) {
    for (int i = 0; i < TRACEPARENT_LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 2 || i == 35 || i == 52;
      if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return !zeros(text, 3, 35) && !zeros(text, 36, 52);
  }

  private static boolean zeros(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return requestId();
  }
}
