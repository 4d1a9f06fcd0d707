package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;

/**
 * An exchange whose request a rule, or the site's root object, has led to another address: later
 * stages see only that.
 */
final class RewrittenExchange extends ForwardingExchange {
  RewrittenExchange(ViewerExchange original, ViewerRequest request) {
    super(original, request);
  }

  /** What the viewer has asked for, whatever was made of it. */
  static ViewerRequest asked(ViewerExchange exchange) {
    return exchange instanceof RewrittenExchange rewritten
        ? rewritten.original.request()
        : exchange.request();
  }
}
