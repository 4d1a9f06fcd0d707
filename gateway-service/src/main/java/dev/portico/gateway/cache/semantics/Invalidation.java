package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers: which stored responses does an answer to an unsafe method make invalid? (RFC 9111,
 * section 4.4.)
 */
public final class Invalidation {
  /** IANA's registry of methods: those that are safe (RFC 9110, section 9.2.1). */
  private static final Set<String> SAFE =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH", "QUERY");

  private Invalidation() {}

  /**
   * The targets, path and query, whose stored responses are to go; empty after a safe method or an
   * error. Location and Content-Location count when they lie at the same origin as the request.
   *
   * @param method the method
   * @param scheme the scheme of the request
   * @param authority its host and, unless the scheme's own, port
   * @param target its path and query as sent
   * @param status the status of the answer
   * @param response the fields of the answer
   */
  public static Set<String> targets(
      String method,
      String scheme,
      String authority,
      String target,
      int status,
      HeaderFields response) {
    if (SAFE.contains(method) || status < 200 || status > 399) {
      return Set.of();
    }
    Set<String> targets = new LinkedHashSet<>();
    targets.add(target);
    URI base = uri(scheme + "://" + authority + target);
    if (base != null) {
      add(targets, base, response.first("Location"));
      add(targets, base, response.first("Content-Location"));
    }
    return targets;
  }

  private static void add(Set<String> targets, URI base, @Nullable String reference) {
    URI relative = reference == null ? null : uri(reference.strip());
    URI uri = relative == null ? null : resolved(base, relative);
    if (uri != null && uri.getRawPath() != null && isSameOrigin(base, uri)) {
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      targets.add(uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery());
    }
  }

  /** RFC 3986, section 5.2.2; the JDK follows an older one where the reference has no path. */
  private static @Nullable URI resolved(URI base, URI relative) {
    boolean pathless =
        !relative.isAbsolute()
            && relative.getRawAuthority() == null
            && relative.getRawPath().isEmpty();
    if (!pathless) {
      return base.resolve(relative);
    }
    return relative.getRawQuery() == null
        ? base
        : uri(
            base.getScheme()
                + "://"
                + base.getRawAuthority()
                + base.getRawPath()
                + '?'
                + relative.getRawQuery());
  }

  private static boolean isSameOrigin(URI one, URI other) {
    String host = one.getHost();
    return host != null
        && host.equalsIgnoreCase(other.getHost())
        && one.getScheme().equalsIgnoreCase(other.getScheme())
        && port(one) == port(other);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().toLowerCase(Locale.ROOT).equals("https") ? 443 : 80;
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
