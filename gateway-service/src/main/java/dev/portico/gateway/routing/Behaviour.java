package dev.portico.gateway.routing;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What happens to requests whose path matches a pattern.
 *
 * @param pattern the paths
 * @param origin the id of the HTTP origin that answers; null for the site's own deployment
 * @param cachePolicy the id of the cache policy; null for RFC 9111 alone
 * @param methods the methods that are allowed
 */
public record Behaviour(
    PathPattern pattern,
    @Nullable String origin,
    @Nullable String cachePolicy,
    Set<String> methods) {
  /** Copies the set. */
  public Behaviour {
    methods = Set.copyOf(methods);
  }

  /** The value of Allow (RFC 9110, section 10.2.1). */
  public String allow() {
    return String.join(", ", new TreeSet<>(methods));
  }
}
