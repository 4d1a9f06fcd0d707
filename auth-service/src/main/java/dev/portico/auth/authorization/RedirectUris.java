package dev.portico.auth.authorization;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Which addresses browsers are sent back to: the gateway's callback and nothing else, over TLS, or
 * under localhost without. What is pushed comes from gateways, which know the hosts; this holds
 * even where one of them is wrong.
 */
final class RedirectUris {
  static final String CALLBACK = "/.portico/auth/callback";

  private RedirectUris() {}

  /** Whether it may be one. */
  static boolean allow(String text) {
    return parse(text)
        .filter(RedirectUris::secure)
        .filter(uri -> CALLBACK.equals(uri.getRawPath()))
        .filter(uri -> uri.getRawQuery() == null)
        .isPresent();
  }

  /** Whether it is an address at the same origin as the redirect URI. */
  static boolean sameOrigin(String text, String redirectUri) {
    return parse(text)
        .filter(RedirectUris::secure)
        .flatMap(uri -> parse(redirectUri).filter(other -> origin(uri).equals(origin(other))))
        .isPresent();
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  private static Optional<URI> parse(String text) {
    try {
      var uri = new URI(text);
      return uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean secure(URI uri) {
    String host = uri.getHost();
    return "https".equals(uri.getScheme())
        || ("http".equals(uri.getScheme())
            && (host.equals("localhost") || host.endsWith(".localhost")));
  }
}
