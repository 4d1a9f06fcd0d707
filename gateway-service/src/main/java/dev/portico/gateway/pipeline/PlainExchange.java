package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;

/**
 * An exchange whose request shows none of Portico's cookies. Who may use them has seen them by
 * then; neither origins nor keys, rules or explanations have any business with them.
 */
final class PlainExchange extends ForwardingExchange {
  private PlainExchange(ViewerExchange original, ViewerRequest request) {
    super(original, request);
  }

  /** The exchange itself, when its request has no such cookie. */
  static ViewerExchange of(ViewerExchange exchange) {
    ViewerRequest request = exchange.request();
    HeaderFields plain = PorticoCookies.without(request.headers());
    return plain.equals(request.headers())
        ? exchange
        : new PlainExchange(exchange, request.with(plain));
  }
}
