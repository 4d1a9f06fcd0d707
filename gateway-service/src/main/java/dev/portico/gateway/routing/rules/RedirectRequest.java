package dev.portico.gateway.routing.rules;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What rules look at.
 *
 * @param scheme {@code http} or {@code https}, as the viewer used it
 * @param host the host name in lower case, without port
 * @param authority the same with its port, unless it is the scheme's default
 * @param path the decoded path, which starts with a slash
 * @param query the query as sent; null when there is none
 * @param headers the header fields
 * @param contexts the kinds of host that this one is: {@code production}; or {@code preview}, and
 *     of an alias {@code alias:} with its name besides
 * @param groups those that the signed-in viewer is in, none for nobody; null while it is not known
 *     who it is
 */
public record RedirectRequest(
    String scheme,
    String host,
    String authority,
    String path,
    @Nullable String query,
    HeaderFields headers,
    Set<String> contexts,
    @Nullable Set<String> groups) {
  /** Copies the sets. */
  public RedirectRequest {
    contexts = Set.copyOf(contexts);
    groups = groups == null ? null : Set.copyOf(groups);
  }

  /**
   * Of a viewer's request.
   *
   * @param contexts the kinds of host that it is for
   */
  public static RedirectRequest of(ViewerRequest request, Set<String> contexts) {
    return new RedirectRequest(
        request.scheme(),
        request.host(),
        request.authority(),
        request.path(),
        request.query(),
        request.headers(),
        contexts,
        null);
  }

  /** The same once it is known who the viewer is. */
  public RedirectRequest with(Set<String> known) {
    return new RedirectRequest(scheme, host, authority, path, query, headers, contexts, known);
  }
}
