package dev.portico.gateway.pipeline;

import dev.portico.gateway.origin.Origin;
import dev.portico.gateway.origin.OriginSettings;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers: which service does a request to the API or to the auth host go to? Of the API only
 * {@code /v1} is passed on, and the auth host has all of auth-service's public port but that: what
 * is meant for programs is at one host, what is meant for browsers, with its cookies, at another.
 */
@Singleton
final class ApiRoutes {
  private static final String AUTH = "/v1/auth";
  private static final String API = "/v1";

  private final String apiHost;
  private final String authHost;
  private final boolean localhost;
  private final Origin auth;
  private final Origin content;

  ApiRoutes(@Value("${portico.domain.api}") String apiDomain, OriginSettings origins) {
    if (apiDomain.isBlank()) {
      throw new IllegalArgumentException("PORTICO_API_DOMAIN must name a domain");
    }
    String domain = apiDomain.toLowerCase(Locale.ROOT);
    this.apiHost = "api." + domain;
    this.authHost = "auth." + domain;
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

  /** Whether a host is answered by the services, and is no site's. */
  boolean serviceHost(String host) {
    return apiHost(host) || host.equals(authHost);
  }

  /** The service for a path at one of these hosts, or null when there is none. */
  @Nullable Origin origin(String host, String rawPath) {
    if (host.equals(authHost)) {
      return below(rawPath, API) ? null : auth;
    }
    return api(rawPath);
  }

  /** The service for a path of the API, or null when there is none. */
  @Nullable Origin api(String rawPath) {
    if (below(rawPath, AUTH)) {
      return auth;
    }
    return below(rawPath, API) ? content : null;
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
