package dev.portico.gateway.cache.key;

import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.KeySelection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * What enters a behaviour's cache keys, in the form that {@link KeyWriter} uses. Made once per
 * behaviour.
 *
 * <p>Always: whatever keeps sites apart, scheme, host, port and path. CloudFront leaves scheme and
 * host out; here origins are told both (X-Forwarded-Proto and -Host) and what an origin is told and
 * may answer by must be in the key, or one viewer could shape what others are served.
 */
public final class KeyRules {
  /** Without a policy: the whole target URI as sent (RFC 9111, section 2). */
  public static final KeyRules RFC_9111 =
      new KeyRules(List.of(), KeySelection.NONE, KeySelection.ALL, false, false, false, true);

  private final List<String> headers;
  private final NameFilter cookies;
  private final NameFilter query;
  private final boolean sortQuery;
  private final boolean gzip;
  private final boolean brotli;
  private final boolean passesAll;
  private final boolean compresses;
  private final long fingerprint;

  private KeyRules(
      List<String> headers,
      KeySelection cookies,
      KeySelection query,
      boolean sortQuery,
      boolean gzip,
      boolean brotli,
      boolean passesAll) {
    this.headers = headers;
    this.cookies = new NameFilter(cookies);
    this.query = new NameFilter(query);
    this.sortQuery = sortQuery;
    this.gzip = gzip;
    this.brotli = brotli;
    this.passesAll = passesAll;
    this.compresses = false;
    this.fingerprint = fingerprint(this);
  }

  private KeyRules(KeyRules from) {
    this.headers = from.headers;
    this.cookies = from.cookies;
    this.query = from.query;
    this.sortQuery = from.sortQuery;
    this.gzip = from.gzip;
    this.brotli = from.brotli;
    this.passesAll = from.passesAll;
    this.compresses = true;
    this.fingerprint = fingerprint(this);
  }

  /**
   * The same where the gateway compresses what comes plain: of Accept-Encoding the one coding is
   * told apart, and said to the origin, in which this viewer gets it.
   */
  public KeyRules compressing() {
    return new KeyRules(this);
  }

  /**
   * The rules of a behaviour with this policy.
   *
   * @throws IllegalArgumentException when it selects all header fields, or all but some
   */
  public static KeyRules of(CachePolicy policy) {
    KeySelection.Mode mode = policy.headers().mode();
    if (mode == KeySelection.Mode.ALL || mode == KeySelection.Mode.ALL_EXCEPT) {
      throw new IllegalArgumentException(
          "Cache policy " + policy.id() + ": header fields in the key must be named");
    }
    boolean codings = policy.gzip() || policy.brotli();
    List<String> headers =
        policy.headers().names().stream()
            // Host is there anyway, Accept-Encoding in its normal form, Cookie cookie by cookie.
            .filter(name -> !name.equals("host") && !name.equals("cookie"))
            .filter(name -> !(codings && name.equals("accept-encoding")))
            .sorted()
            .toList();
    return new KeyRules(
        headers,
        policy.headers().selects("cookie") ? KeySelection.ALL : policy.cookies(),
        policy.query(),
        policy.sortQuery(),
        policy.gzip(),
        policy.brotli(),
        false);
  }

  /**
   * Rules for a request that is not looked up: only what it says in cookies and query is chosen.
   *
   * @param cookies those that go on
   * @param query those that go on
   */
  public static KeyRules choosing(KeySelection cookies, KeySelection query) {
    return new KeyRules(List.of(), cookies, query, false, false, false, false);
  }

  /**
   * Tells rules apart within keys, the same in every process: after a change of policy an old
   * response must not be found under a key that now means something else.
   */
  private static long fingerprint(KeyRules rules) {
    String text =
        String.join(
            "\1",
            String.join("\0", rules.headers),
            rules.cookies.toString(),
            rules.query.toString(),
            rules.sortQuery
                + ","
                + rules.gzip
                + ","
                + rules.brotli
                + ","
                + rules.passesAll
                + (rules.compresses ? ",compresses" : ""));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  List<String> headers() {
    return headers;
  }

  NameFilter cookies() {
    return cookies;
  }

  NameFilter query() {
    return query;
  }

  boolean sortQuery() {
    return sortQuery;
  }

  boolean gzip() {
    return gzip;
  }

  boolean brotli() {
    return brotli;
  }

  /** Whether the gateway compresses, so that one coding is told apart whatever the policy says. */
  boolean compresses() {
    return compresses;
  }

  /** Whether the origin sees the request as it is: there is no policy. */
  boolean passesAll() {
    return passesAll;
  }

  long fingerprint() {
    return fingerprint;
  }
}
