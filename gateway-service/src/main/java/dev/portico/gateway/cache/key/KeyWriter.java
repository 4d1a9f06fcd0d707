package dev.portico.gateway.cache.key;

import dev.portico.gateway.exchange.ViewerRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes cache keys into one buffer, over and over. Not for use by two threads: one per event loop.
 */
public final class KeyWriter {
  private static final byte FORMAT = 2;
  private static final byte ABSENT = 0;
  private static final byte PRESENT = 1;
  static final byte END = 0;

  /** Where the part begins that {@link KeyedUri} reads: after format and fingerprint. */
  static final int URI_START = 1 + Long.BYTES;

  private static final int START = 256;
  private static final int MOST_BYTES_PER_CHARACTER = 3;
  private static final int MOST_BYTES_OF_LENGTH = 5;

  private final CacheKey key = new CacheKey();
  private final QueryPieces.Taker piece = this::piece;
  private byte[] bytes = new byte[START];
  private int at;

  /** A writer. */
  public KeyWriter() {}

  /**
   * The key of a GET or HEAD request, which share one.
   *
   * @param scope what keeps this site's responses from others': its name, and after a slash an
   *     origin's id where a change of origin is to forget them
   * @param request the request
   * @param rules what enters the key
   * @return good until the next call; {@link CacheKey#kept} makes it last
   */
  public CacheKey write(String scope, ViewerRequest request, KeyRules rules) {
    at = 0;
    ensure(URI_START + 1);
    bytes[at++] = FORMAT;
    fingerprint(rules.fingerprint());
    bytes[at++] = request.secure() ? PRESENT : ABSENT;
    text(scope, 0, scope.length());
    text(request.host(), 0, request.host().length());
    ensure(MOST_BYTES_OF_LENGTH);
    number(request.port());
    text(request.rawPath(), 0, request.rawPath().length());
    query(request.query(), rules);
    for (int i = 0; i < rules.headers().size(); i++) {
      optional(request.headers().joined(rules.headers().get(i)));
    }
    CookiePieces.forEach(request.headers(), rules.cookies(), piece);
    end();
    ensure(1);
    bytes[at++] = KeyedCodings.of(request.headers(), rules).code();
    key.set(bytes, at);
    return key;
  }

  private void query(@Nullable String query, KeyRules rules) {
    if (query != null && rules.query().selectsAll() && !rules.sortQuery()) {
      piece(query, 0, query.length());
    } else if (query != null && !rules.query().selectsNothing()) {
      QueryPieces.forEach(query, rules, piece);
    }
    // In either case, or a reader could not tell where the query ends.
    end();
  }

  private void optional(@Nullable String text) {
    if (text == null) {
      end();
    } else {
      piece(text, 0, text.length());
    }
  }

  private void piece(String text, int from, int to) {
    ensure(1);
    bytes[at++] = PRESENT;
    text(text, from, to);
  }

  private void end() {
    ensure(1);
    bytes[at++] = END;
  }

  /** The number of characters, then each in one to three bytes that tell where it ends. */
  private void text(String text, int from, int to) {
    ensure(MOST_BYTES_OF_LENGTH + (to - from) * MOST_BYTES_PER_CHARACTER);
    number(to - from);
    byte[] target = bytes;
    int next = at;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        target[next++] = (byte) c;
      } else if (c < 0x800) {
        target[next++] = (byte) (0xc0 | (c >> 6));
        target[next++] = (byte) (0x80 | (c & 0x3f));
      } else {
        target[next++] = (byte) (0xe0 | (c >> 12));
        target[next++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        target[next++] = (byte) (0x80 | (c & 0x3f));
      }
    }
    at = next;
  }

  private void number(int number) {
    int rest = number;
    while (rest >= 0x80) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
  }

  private void fingerprint(long number) {
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[at++] = (byte) (number >>> shift);
    }
  }

  private void ensure(int more) {
    if (bytes.length - at < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
    }
  }
}
