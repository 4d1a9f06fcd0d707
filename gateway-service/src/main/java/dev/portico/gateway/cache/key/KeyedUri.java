package dev.portico.gateway.cache.key;

import dev.portico.gateway.exchange.ViewerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a target URI is in a key, read back from it: for the few questions that are about the
 * resource and not about one stored response. Whatever header fields and cookies are in a key, and
 * whichever origin has answered, the resource is the same.
 *
 * @param site the site's name
 * @param secure whether the scheme is https
 * @param host the host in lower case
 * @param port the port
 * @param path the path, decoded once: spellings that differ in escapes alone name one resource
 * @param query the parameters that are in the key, as written; empty for none
 */
public record KeyedUri(
    String site, boolean secure, String host, int port, String path, List<String> query) {
  /** What parts a site's name from the rest of a key's scope; no name has it. */
  private static final char SITE_END = '/';

  /** Makes the list immutable. */
  public KeyedUri {
    query = List.copyOf(query);
  }

  /**
   * The URI of a request, or of another resource of its host, with its whole query.
   *
   * @param path percent-encoded
   * @param query without {@code ?}; null for none
   */
  public static KeyedUri of(
      String site, ViewerRequest request, String path, @Nullable String query) {
    List<String> pieces = new ArrayList<>();
    if (query != null) {
      split(query, pieces);
    }
    return new KeyedUri(
        site, request.secure(), request.host(), request.port(), decoded(path), pieces);
  }

  /** Reads a key as {@link KeyWriter} writes it. */
  static KeyedUri of(byte[] key, int length) {
    Reader reader = new Reader(ByteBuffer.wrap(key, 0, length));
    boolean secure = reader.present();
    String scope = reader.text();
    int end = scope.indexOf(SITE_END);
    String host = reader.text();
    int port = reader.number();
    String path = reader.text();
    List<String> query = new ArrayList<>();
    while (reader.present()) {
      split(reader.text(), query);
    }
    String site = end < 0 ? scope : scope.substring(0, end);
    return new KeyedUri(site, secure, host, port, decoded(path), query);
  }

  private static void split(String query, List<String> pieces) {
    for (String piece : query.split("&", -1)) {
      if (!piece.isEmpty()) {
        pieces.add(piece);
      }
    }
  }

  /**
   * A path with its escapes decoded once; what is no escape stays as it is.
   *
   * @param path percent-encoded
   */
  public static String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    int to = 0;
    for (int at = 0; at < bytes.length; at++) {
      int high = bytes[at] == '%' && at + 2 < bytes.length ? digit(bytes[at + 1]) : -1;
      int low = high < 0 ? -1 : digit(bytes[at + 2]);
      if (low < 0) {
        bytes[to++] = bytes[at];
      } else {
        bytes[to++] = (byte) (high << 4 | low);
        at += 2;
      }
    }
    return new String(bytes, 0, to, StandardCharsets.UTF_8);
  }

  private static int digit(byte c) {
    return Character.digit(c, 16);
  }

  /**
   * Whether an answer stored under this URI may be one to a request for {@code target}: all that is
   * in the key of the query is in the target's.
   */
  public boolean answersFor(KeyedUri target) {
    return secure == target.secure
        && port == target.port
        && host.equals(target.host)
        && path.equals(target.path)
        && target.query.containsAll(query);
  }

  /** Reads what {@link KeyWriter} has written. */
  private static final class Reader {
    private final ByteBuffer bytes;

    Reader(ByteBuffer bytes) {
      this.bytes = bytes;
      bytes.position(KeyWriter.URI_START);
    }

    boolean present() {
      return bytes.get() != KeyWriter.END;
    }

    int number() {
      int number = 0;
      int shift = 0;
      byte next = bytes.get();
      while (next < 0) {
        number |= (next & 0x7f) << shift;
        shift += 7;
        next = bytes.get();
      }
      return number | next << shift;
    }

    String text() {
      int length = number();
      StringBuilder text = new StringBuilder(length);
      for (int i = 0; i < length; i++) {
        int first = bytes.get() & 0xff;
        if (first < 0x80) {
          text.append((char) first);
        } else if (first < 0xe0) {
          text.append((char) ((first & 0x1f) << 6 | next()));
        } else {
          text.append((char) ((first & 0xf) << 12 | next() << 6 | next()));
        }
      }
      return text.toString();
    }

    private int next() {
      return bytes.get() & 0x3f;
    }
  }
}
