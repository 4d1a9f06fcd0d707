package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;

/** A request that goes to a site's origin past the cache, and what its answer makes invalid. */
final class OriginPassage implements Passage {
  private final EdgeServing serving;
  private final EdgeBehaviour behaviour;
  private final CacheStatus.Forward why;
  private final ViewerRequest request;

  OriginPassage(
      EdgeServing serving,
      EdgeBehaviour behaviour,
      CacheStatus.Forward why,
      ViewerRequest request) {
    this.serving = serving;
    this.behaviour = behaviour;
    this.why = why;
    this.request = request;
  }

  @Override
  public ResponseHead head(int status, HeaderFields headers) {
    serving.invalidate(request, behaviour, status, headers);
    CacheStatus said = CacheStatus.forwarded(why).answered(status);
    return behaviour.head(status, headers, request).with(CacheFields.of(said, CacheResult.MISS));
  }

  @Override
  public String[] errorFields(String category) {
    return CacheFields.error(CacheStatus.forwarded(why).withDetail(category));
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
