package dev.portico.gateway.access.signed;

import dev.portico.gateway.exchange.ViewerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What of a request is a signature in CloudFront's format (Amazon CloudFront Developer Guide,
 * "Serving private content with signed URLs and signed cookies"): in the query, or else in cookies.
 *
 * @param policy the custom policy, encoded; null: a canned one
 * @param expires the end of a canned policy, in epoch seconds; null: a custom one
 * @param signature encoded; null: none
 * @param key the id of the key; null: none
 * @param hash the name of the hash; null: SHA-1
 */
record RequestSignature(
    @Nullable String policy,
    @Nullable String expires,
    @Nullable String signature,
    @Nullable String key,
    @Nullable String hash) {
  private static final String POLICY = "Policy";
  private static final String EXPIRES = "Expires";
  private static final String SIGNATURE = "Signature";
  private static final String KEY = "Key-Pair-Id";
  private static final String HASH = "Hash-Algorithm";
  private static final String COOKIE = "CloudFront-";

  /** Parameters of a query that are CloudFront's. */
  static final Set<String> PARAMETERS = Set.of(POLICY, EXPIRES, SIGNATURE, KEY, HASH);

  /** That of a request; with nothing in it where the request has none. */
  static RequestSignature of(ViewerRequest request) {
    Map<String, String> parts = new HashMap<>();
    String query = request.query();
    if (query != null) {
      pieces(query, '&', parts::putIfAbsent, "");
    }
    if (!parts.containsKey(SIGNATURE)) {
      parts.clear();
      for (String line : request.headers().all("cookie")) {
        pieces(line, ';', parts::putIfAbsent, COOKIE);
      }
    }
    return new RequestSignature(
        parts.get(POLICY),
        parts.get(EXPIRES),
        parts.get(SIGNATURE),
        parts.get(KEY),
        parts.get(HASH));
  }

  private static void pieces(
      String text, char separator, BiConsumer<String, String> action, String prefix) {
    int from = 0;
    while (from <= text.length()) {
      int next = text.indexOf(separator, from);
      int end = next < 0 ? text.length() : next;
      String piece = text.substring(from, end).strip();
      int equals = piece.indexOf('=');
      if (equals > 0 && piece.startsWith(prefix)) {
        String name = piece.substring(prefix.length(), equals);
        if (PARAMETERS.contains(name)) {
          action.accept(name, decoded(piece.substring(equals + 1)));
        }
      }
      from = end + 1;
    }
  }

  /** Some clients escape the tilde. */
  private static String decoded(String value) {
    try {
      return value.indexOf('%') < 0 ? value : URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** A query without CloudFront's parameters; null where nothing is left. */
  static @Nullable String unsigned(@Nullable String query) {
    if (query == null) {
      return null;
    }
    StringBuilder rest = new StringBuilder(query.length());
    for (String piece : query.split("&", -1)) {
      int equals = piece.indexOf('=');
      if (!PARAMETERS.contains(equals < 0 ? piece : piece.substring(0, equals))) {
        rest.append(rest.isEmpty() ? "" : "&").append(piece);
      }
    }
    return rest.isEmpty() ? null : rest.toString();
  }

  /** Whether a cookie of this name is CloudFront's. */
  static boolean isCookie(String name) {
    return name.startsWith(COOKIE) && PARAMETERS.contains(name.substring(COOKIE.length()));
  }
}
