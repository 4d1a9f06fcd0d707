package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;

/** What the connections hand their requests to: the pipeline. Called on the viewer's event loop. */
public interface ExchangeHandler {
  /** A request that has passed the door. Its body may not have arrived yet. */
  void handle(ViewerExchange exchange);

  /** A request that was refused at the door; its fields hold what could be read of it. */
  void refuse(ViewerExchange exchange, EdgeError error);

  /** The exchange is over: answered, or cut. Called exactly once for every exchange. */
  void finished(ViewerExchange exchange);
}
