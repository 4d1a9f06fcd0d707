package dev.portico.auth.internal;

import dev.portico.auth.error.Problem;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those who know a secret reach the internal routes. The router keeps these routes to the
 * internal port; asking for them elsewhere finds nothing, with or without the secret.
 *
 * <p>Gateways face the internet, and what one has can get lost: where secrets tell callers apart,
 * theirs does not turn a sub into a name.
 */
@ServerFilter("/internal/**")
final class InternalAccess implements Ordered {
  private static final String SCHEME = "Bearer ";

  private final List<byte[]> accepted;
  private final List<byte[]> acceptedOfContent;

  InternalAccess(InternalSettings settings) {
    accepted = bytes(settings.accepted());
    acceptedOfContent = bytes(settings.acceptedOfContent());
  }

  private static List<byte[]> bytes(List<String> secrets) {
    return secrets.stream().map(secret -> secret.getBytes(StandardCharsets.UTF_8)).toList();
  }

  @RequestFilter
  void check(HttpRequest<?> request) {
    Optional<RouteMatch<?>> route = RouteAttributes.getRouteMatch(request);
    if (route.isPresent()
        && !accepts(secretsOf(route.get()), request.getHeaders().get("Authorization"))) {
      throw Problem.of(
              401, "unauthorized", "Not authorized", "The internal secret is missing or wrong.")
          .header("WWW-Authenticate", "Bearer realm=\"portico-internal\"");
    }
  }

  private List<byte[]> secretsOf(RouteMatch<?> route) {
    return route.getRouteInfo().getAnnotationMetadata().hasAnnotation(ContentServiceOnly.class)
        ? acceptedOfContent
        : accepted;
  }

  /** Compares with every secret, each in constant time, so that timing tells nothing. */
  private static boolean accepts(List<byte[]> secrets, @Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return false;
    }
    byte[] given = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
    boolean matches = false;
    for (byte[] secret : secrets) {
      matches |= MessageDigest.isEqual(secret, given);
    }
    return matches;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 100;
  }
}
