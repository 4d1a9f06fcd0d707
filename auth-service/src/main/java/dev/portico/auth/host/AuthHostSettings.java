package dev.portico.auth.host;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;

/**
 * The auth host. Checked at start.
 *
 * @param url its address without a path, which is also the issuer of identity tokens and of
 *     authorization responses
 */
@Context
@ConfigurationProperties("portico.auth-host")
public record AuthHostSettings(String url) {
  /**
   * Refuses what could never work: cookies with the prefix {@code __Host-} need a secure origin,
   * which hosts under localhost are to browsers even without TLS.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public AuthHostSettings {
    url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    if (!isOrigin(url)) {
      throw new IllegalArgumentException(
          "PORTICO_AUTH_URL must be https://HOST without a path (http only under localhost)");
    }
  }

  private static boolean isOrigin(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      return false;
    }
    String host = uri.getHost();
    return host != null
        && uri.getUserInfo() == null
        && uri.getRawPath().isEmpty()
        && uri.getQuery() == null
        && uri.getFragment() == null
        && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isLocal(host)));
  }

  /** Whether browsers trust this host without TLS. */
  public static boolean isLocal(String host) {
    return host.equals("localhost") || host.endsWith(".localhost");
  }
}
