package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;

/**
 * An exchange whose request shows none of Portico's cookies, nor an access token that is for
 * Portico alone. Who may use them has seen them by then; neither origins nor keys, rules or
 * explanations have any business with them.
 */
final class PlainExchange extends ForwardingExchange {
  private final ViewerRequest proven;

  private PlainExchange(ViewerExchange original, ViewerRequest request, ViewerRequest proven) {
    super(original, request);
    this.proven = proven;
  }

  @Override
  public ViewerRequest proven() {
    return proven;
  }

  /** The exchange itself, when its request shows nothing of that. */
  static ViewerExchange of(ViewerExchange exchange) {
    ViewerExchange own = exchange instanceof BearerExchange bearer ? bearer.original : exchange;
    ViewerRequest request = own.request();
    ViewerRequest plain = request.with(PorticoCookies.without(request.headers()));
    ViewerRequest proven = exchange.request();
    return plain.equals(proven) ? own : new PlainExchange(own, plain, proven);
  }
}
