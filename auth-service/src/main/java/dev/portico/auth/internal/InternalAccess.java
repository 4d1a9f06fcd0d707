package dev.portico.auth.internal;

import dev.portico.auth.error.Problem;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those who know a secret reach the internal routes. The router keeps these routes to the
 * internal port; asking for them elsewhere finds nothing, with or without the secret.
 */
@ServerFilter("/internal/**")
final class InternalAccess implements Ordered {
  private static final String SCHEME = "Bearer ";

  private final List<byte[]> accepted;

  InternalAccess(InternalSettings settings) {
    accepted =
        settings.accepted().stream()
            .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
            .toList();
  }

  @RequestFilter
  void check(HttpRequest<?> request) {
    if (RouteAttributes.getRouteMatch(request).isPresent()
        && !accepts(request.getHeaders().get("Authorization"))) {
      throw Problem.of(
              401, "unauthorized", "Not authorized", "The internal secret is missing or wrong.")
          .header("WWW-Authenticate", "Bearer realm=\"portico-internal\"");
    }
  }

  /** Compares with every secret, each in constant time, so that timing tells nothing. */
  private boolean accepts(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return false;
    }
    byte[] given = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
    boolean matches = false;
    for (byte[] secret : accepted) {
      matches |= MessageDigest.isEqual(secret, given);
    }
    return matches;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 100;
  }
}
