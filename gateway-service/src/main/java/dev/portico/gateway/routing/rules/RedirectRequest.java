package dev.portico.gateway.routing.rules;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
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
 */
public record RedirectRequest(
    String scheme,
    String host,
    String authority,
    String path,
    @Nullable String query,
    HeaderFields headers) {
  /** Of a viewer's request. */
  public static RedirectRequest of(ViewerRequest request) {
    return new RedirectRequest(
        request.scheme(),
        request.host(),
        request.authority(),
        request.path(),
        request.query(),
        request.headers());
  }
}
