package dev.portico.gateway.cache.key;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of a request that is looked up in the cache its origin gets to see: what is in the key. Two
 * requests with one key give the same values here. Each is null where the request to the origin has
 * none.
 *
 * @param query the query, without {@code ?}
 * @param cookie the value of Cookie
 * @param acceptEncoding the value of Accept-Encoding
 */
public record ForwardedValues(
    @Nullable String query, @Nullable String cookie, @Nullable String acceptEncoding) {
  /** Fields that this record has the values of, in lower case. */
  public static final List<String> SAID_APART = List.of("cookie", "accept-encoding");

  /** The values of a request. Without a policy they are as sent. */
  public static ForwardedValues of(ViewerRequest request, KeyRules rules) {
    if (rules.passesAll()) {
      List<String> cookies = request.headers().all("cookie");
      return new ForwardedValues(
          request.query(),
          cookies.isEmpty() ? null : String.join("; ", cookies),
          rules.compresses()
              ? acceptEncoding(request, rules)
              : request.headers().joined("accept-encoding"));
    }
    return new ForwardedValues(
        query(request.query(), rules), cookie(request, rules), acceptEncoding(request, rules));
  }

  /**
   * The coding in which a viewer gets what the gateway compresses; identity for none. Null where it
   * compresses nothing.
   */
  public static @Nullable ContentCoding compressedIn(ViewerRequest request, KeyRules rules) {
    if (!rules.compresses()) {
      return null;
    }
    String forwarded = KeyedCodings.of(request.headers(), rules).forwarded();
    return forwarded == null ? null : ContentCoding.of(forwarded);
  }

  /**
   * Whether another field of the request goes to the origin since it is in the key; without a
   * policy all do. What a site lets through besides can shape what others are served. Cookie and
   * Accept-Encoding are said by this record.
   *
   * @param name in any case
   */
  public static boolean selects(String name, KeyRules rules) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !SAID_APART.contains(lower) && (rules.passesAll() || rules.headers().contains(lower));
  }

  private static @Nullable String query(@Nullable String query, KeyRules rules) {
    if (query == null || (rules.query().selectsAll() && !rules.sortQuery())) {
      return query;
    }
    if (rules.query().selectsNothing()) {
      return null;
    }
    StringBuilder selected = new StringBuilder(query.length());
    QueryPieces.forEach(query, rules, (text, from, to) -> append(selected, "&", text, from, to));
    return selected.isEmpty() ? null : selected.toString();
  }

  private static @Nullable String cookie(ViewerRequest request, KeyRules rules) {
    StringBuilder selected = new StringBuilder();
    CookiePieces.forEach(
        request.headers(),
        rules.cookies(),
        (text, from, to) -> append(selected, "; ", text, from, to));
    return selected.isEmpty() ? null : selected.toString();
  }

  private static @Nullable String acceptEncoding(ViewerRequest request, KeyRules rules) {
    KeyedCodings codings = KeyedCodings.of(request.headers(), rules);
    if (codings != KeyedCodings.NOT_KEYED) {
      return codings.forwarded();
    }
    return rules.headers().contains("accept-encoding")
        ? request.headers().joined("accept-encoding")
        : null;
  }

  private static void append(
      StringBuilder selected, String separator, String text, int from, int to) {
    selected.append(selected.isEmpty() ? "" : separator).append(text, from, to);
  }
}
