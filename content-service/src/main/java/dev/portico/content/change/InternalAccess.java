package dev.portico.content.change;

import dev.portico.content.error.Problem;
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
  private final List<byte[]> accepted;

  InternalAccess(ChangeSettings settings) {
    accepted =
        settings.secrets().stream().map(secret -> secret.getBytes(StandardCharsets.UTF_8)).toList();
  }

  @RequestFilter
  void check(HttpRequest<?> request) {
    if (RouteAttributes.getRouteMatch(request).isEmpty()) {
      return;
    }
    if (!accepts(request.getHeaders().get("Authorization"))) {
      throw Problem.unauthorized("The internal secret is missing or wrong.")
          .header("WWW-Authenticate", "Bearer realm=\"portico-internal\"");
    }
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 100;
  }

  /** Compares with every secret, each in constant time, so that timing tells nothing. */
  private boolean accepts(@Nullable String authorization) {
    String prefix = "Bearer ";
    if (authorization == null || !authorization.startsWith(prefix)) {
      return false;
    }
    byte[] given = authorization.substring(prefix.length()).getBytes(StandardCharsets.UTF_8);
    boolean matches = false;
    for (byte[] secret : accepted) {
      matches |= MessageDigest.isEqual(secret, given);
    }
    return matches;
  }
}
