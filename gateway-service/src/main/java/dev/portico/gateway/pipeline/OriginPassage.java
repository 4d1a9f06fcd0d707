package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;

/** A request that goes to a site's origin past the cache, and what its answer makes invalid. */
final class OriginPassage implements Passage {
  private final EdgeServing serving;
  private final EdgeBehaviour behaviour;
  private final CacheStatus.Forward why;
  private final ViewerExchange exchange;

  OriginPassage(
      EdgeServing serving,
      EdgeBehaviour behaviour,
      CacheStatus.Forward why,
      ViewerExchange exchange) {
    this.serving = serving;
    this.behaviour = behaviour;
    this.why = why;
    this.exchange = exchange;
  }

  @Override
  public ResponseHead head(int status, HeaderFields headers) {
    serving.invalidate(RewrittenExchange.asked(exchange), behaviour, status, headers);
    CacheStatus said = CacheStatus.forwarded(why).answered(status);
    return behaviour.head(status, headers, exchange).with(CacheFields.of(said, CacheResult.MISS));
  }

  @Override
  public String[] errorFields(String category) {
    return CacheFields.error(CacheStatus.forwarded(why).withDetail(category));
  }

  @Override
  public long largestBody() {
    return behaviour.largestBody();
  }

  @Override
  public boolean trailers() {
    return true;
  }

  @Override
  public boolean program() {
    return false;
  }
}
