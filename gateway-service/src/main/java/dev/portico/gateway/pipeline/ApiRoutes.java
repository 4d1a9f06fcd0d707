package dev.portico.gateway.pipeline;

import dev.portico.gateway.origin.Origin;
import dev.portico.gateway.origin.OriginSettings;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers: which service does a request to the API go to? Only {@code /v1} is ever passed on, so
 * that nothing else a service listens to can be reached from outside.
 */
@Singleton
final class ApiRoutes {
  private static final String AUTH = "/v1/auth";
  private static final String CONTENT = "/v1";

  private final String apiHost;
  private final boolean localhost;
  private final Origin auth;
  private final Origin content;

  ApiRoutes(@Value("${portico.domain.api}") String apiDomain, OriginSettings origins) {
    String domain = apiDomain.toLowerCase(Locale.ROOT);
    this.apiHost = "api." + domain;
    this.localhost = domain.equals("localhost");
    this.auth = Origin.of(origins.authApi());
    this.content = Origin.of(origins.contentApi());
  }

  /**
   * Whether a host is the API's. Under {@code localhost} the name itself is too, since few programs
   * resolve names below it, and so are the loopback addresses.
   */
  boolean apiHost(String host) {
    return host.equals(apiHost)
        || (localhost
            && (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]")));
  }

  /** The service for a path, or null when there is none. */
  @Nullable Origin origin(String rawPath) {
    if (below(rawPath, AUTH)) {
      return auth;
    }
    return below(rawPath, CONTENT) ? content : null;
  }

  /** Content-service, which knows who may do what at a site. */
  Origin content() {
    return content;
  }

  private static boolean below(String path, String prefix) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }
}
