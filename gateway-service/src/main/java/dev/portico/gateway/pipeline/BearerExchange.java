package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;

/**
 * An exchange whose request shows an access token that is for Portico alone: the guard judges its
 * viewer by it, and nobody behind the guard sees it.
 */
final class BearerExchange extends ForwardingExchange {
  /**
   * An exchange.
   *
   * @param original whose request does not show the token
   * @param request the same, and shows it
   */
  BearerExchange(ViewerExchange original, ViewerRequest request) {
    super(original, request);
  }
}
